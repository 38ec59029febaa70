package io.headrace.sweep;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers as a command sees them: what Python's {@code int} and {@code float} read unchanged. */
final class NumberText {
  /** From here on Python's {@code repr} turns to powers of ten. */
  private static final double POWERS_FROM = 1e16;

  private NumberText() {}

  /** Whole numbers without a decimal point, so that {@code int} reads them; others as Python's. */
  static String of(double value) {
    if (value == Math.rint(value) && Math.abs(value) < POWERS_FROM) {
      return Long.toString((long) value);
    }
    return repr(value);
  }

  /**
   * The fewest digits that give the same double back, in Python's layout: {@code 0.0001}, {@code
   * 1e-05}, {@code 1.5e+16}. See Python's reference, "float.__repr__" and format code {@code r}.
   */
  private static String repr(double value) {
    var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      return digits.toPlainString();
    }
    var unscaled = digits.unscaledValue().abs().toString();
    var fraction = unscaled.length() == 1 ? "" : "." + unscaled.substring(1);
    return (value < 0 ? "-" : "")
        + unscaled.charAt(0)
        + fraction
        + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
