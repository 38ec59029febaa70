package io.headrace.job;

import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Single values as Azure's client reads them into its fields (marshmallow 3), and as Python prints
 * them.
 */
final class Scalars {
  private static final Set<String> TRUE =
      Set.of(
          "t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1");
  private static final Set<String> FALSE =
      Set.of(
          "f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO",
          "0");

  private static final Pattern MOMENT =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?( ?(Z|[+-]\\d{2}:?\\d{2}))?)?");

  private Scalars() {}

  /** A boolean, or a text or number that means one. */
  static Optional<Boolean> flag(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Bool(boolean value) -> Optional.of(value);
      case Value.Int(BigInteger value) -> oneOrZero(value.toString());
      case Value.Real(double value) ->
          value == 1.0 ? Optional.of(true) : value == 0.0 ? Optional.of(false) : Optional.empty();
      case Value.Text(String text) -> oneOrZero(text);
      case Value.Null _, Value.Timestamp _ -> Optional.empty();
    };
  }

  private static Optional<Boolean> oneOrZero(String text) {
    return TRUE.contains(text)
        ? Optional.of(true)
        : FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /** A whole number; texts are converted, real numbers cut off; values beyond a long do not fit. */
  static OptionalLong whole(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Int(BigInteger value) ->
          value.bitLength() < 64 ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
      case Value.Real(double value) ->
          Math.abs(value) < 9e18 ? OptionalLong.of((long) value) : OptionalLong.empty();
      case Value.Text(String text) -> parseWhole(text.strip());
      case Value.Null _, Value.Bool _, Value.Timestamp _ -> OptionalLong.empty();
    };
  }

  private static OptionalLong parseWhole(String text) {
    if (text.length() > 19) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Text, or a number as text. */
  static Optional<String> version(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Text(String text) -> Optional.of(text);
      case Value.Int(BigInteger value) -> Optional.of(value.toString());
      case Value.Real(double value) -> Optional.of(python(value));
      case Value.Bool(boolean value) -> Optional.of(value ? "True" : "False");
      case Value.Null _, Value.Timestamp _ -> Optional.empty();
    };
  }

  /**
   * The value of a job's or node's input as text: booleans become {@code True} and {@code False},
   * as in what Azure's client sends, and real numbers are printed as Python prints them.
   * Not-a-number, infinity, null and dates do not fit.
   */
  static Optional<String> literal(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Text(String text) -> Optional.of(text);
      case Value.Int(BigInteger value) -> Optional.of(value.toString());
      case Value.Real(double value) ->
          Double.isFinite(value) ? Optional.of(python(value)) : Optional.empty();
      case Value.Bool(boolean value) -> Optional.of(value ? "True" : "False");
      case Value.Null _, Value.Timestamp _ -> Optional.empty();
    };
  }

  /** The value of an environment variable as text; null is empty. */
  static String variable(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Text(String text) -> text;
      case Value.Int(BigInteger value) -> value.toString();
      case Value.Real(double value) -> python(value);
      case Value.Bool(boolean value) -> value ? "True" : "False";
      case Value.Timestamp(String text) -> text;
      case Value.Null _ -> "";
    };
  }

  /** As Python's {@code repr} prints a float: {@code 1.0}, {@code 1e-05}, {@code 1e+16}. */
  static String python(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    // Java's shortest digits are Python's; only the layout differs.
    var shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.abs().toPlainString();
      return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return sign + mantissa + String.format(Locale.ROOT, "e%+03d", exponent);
  }

  /** A number, or a text that is one in Python's spelling. */
  static OptionalDouble number(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Int(BigInteger value) -> OptionalDouble.of(value.doubleValue());
      case Value.Real(double value) -> OptionalDouble.of(value);
      case Value.Text(String text) ->
          Defaults.number(text)
              .map(number -> OptionalDouble.of(number.doubleValue()))
              .orElse(OptionalDouble.empty());
      case Value.Null _, Value.Bool _, Value.Timestamp _ -> OptionalDouble.empty();
    };
  }

  /** As Spark spells it: booleans in small letters. */
  static String sparkValue(Scalar scalar) {
    return scalar.value() instanceof Value.Bool(boolean value)
        ? Boolean.toString(value)
        : variable(scalar);
  }

  /** As it is, for documents whose meaning is another's. */
  static io.headrace.spec.Value value(Scalar scalar) {
    return switch (scalar.value()) {
      case Value.Text(String text) -> new io.headrace.spec.Value.Text(text);
      case Value.Timestamp(String text) -> new io.headrace.spec.Value.Text(text);
      case Value.Int(BigInteger value) -> new io.headrace.spec.Value.Whole(value);
      case Value.Real(double value) -> new io.headrace.spec.Value.Real(value);
      case Value.Bool(boolean value) -> new io.headrace.spec.Value.Flag(value);
      case Value.Null _ -> new io.headrace.spec.Value.Nothing();
    };
  }

  /** Whether it is a date, with a time or not, in quotes or not. */
  static boolean isMoment(Scalar scalar) {
    return scalar.value() instanceof Value.Timestamp
        || (scalar.value() instanceof Value.Text(String text) && MOMENT.matcher(text).matches());
  }
}
