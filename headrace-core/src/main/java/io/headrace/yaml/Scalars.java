package io.headrace.yaml;

import io.headrace.yaml.YamlNode.Value;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a plain scalar means: the implicit resolvers and constructors of PyYAML's {@code safe_load}
 * (YAML 1.1), written as loops over characters, so that no text costs more than its length.
 */
final class Scalars {
  static final Value.Null NULL = new Value.Null();
  static final Value.Bool TRUE = new Value.Bool(true);
  static final Value.Bool FALSE = new Value.Bool(false);

  /** Python refuses longer decimal integers too; beyond it arithmetic is no longer cheap. */
  static final int LONGEST_NUMBER = 4300;

  private static final BigInteger SIXTY = BigInteger.valueOf(60);

  private Scalars() {}

  /** The meaning of a plain scalar. A number longer than {@link #LONGEST_NUMBER} is text. */
  static Value resolve(String text) {
    if (text.isEmpty()) {
      return NULL;
    }
    char first = text.charAt(0);
    if (isDigit(first) || first == '+' || first == '-' || first == '.') {
      var number = number(text);
      return number != null ? number : new Value.Text(text);
    }
    if (text.length() <= 5) {
      var word = word(text);
      if (word != null) {
        return word;
      }
    }
    return new Value.Text(text);
  }

  /** Null, a boolean, or neither. */
  private static @Nullable Value word(String text) {
    return switch (text) {
      case "~", "null", "Null", "NULL" -> NULL;
      case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> TRUE;
      case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> FALSE;
      default -> null;
    };
  }

  /** Digits, and nothing else that a number could not have, for longer than we read them. */
  static boolean isTooLongNumber(String text) {
    if (text.length() <= LONGEST_NUMBER || !isDigit(text.charAt(signLength(text)))) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isDigit(c) && c != '_' && c != '.' && c != ':' && c != '+' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Value number(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return null;
    }
    var real = real(text);
    if (real != null) {
      return real;
    }
    var integer = integer(text);
    if (integer != null) {
      return integer;
    }
    return isTimestamp(text) ? new Value.Timestamp(text) : null;
  }

  /** As {@code !!bool} in YAML 1.1; null when the text is none. */
  static Value.@Nullable Bool bool(String text) {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "yes", "true", "on" -> TRUE;
      case "no", "false", "off" -> FALSE;
      default -> null;
    };
  }

  /**
   * {@code 12}, {@code 1_000}, {@code 012} (octal), {@code 0x1F}, {@code 0b11}, {@code 1:30} (base
   * 60); null when the text is none of them.
   */
  static Value.@Nullable Int integer(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return null;
    }
    int start = signLength(text);
    if (start == text.length()) {
      return null;
    }
    boolean negative = text.charAt(0) == '-';
    char first = text.charAt(start);
    if (first == '0' && start + 1 < text.length()) {
      char second = text.charAt(start + 1);
      return switch (second) {
        case 'b' -> inBase(text, start + 2, 2, negative);
        case 'x' -> inBase(text, start + 2, 16, negative);
        default -> inBase(text, start + 1, 8, negative);
      };
    }
    if (first < '0' || first > '9') {
      return null;
    }
    int end = digitsFrom(text, start);
    if (end == text.length()) {
      return inBase(text, start, 10, negative);
    }
    return sexagesimalEnd(text, end) == text.length() ? sexagesimal(text, start, negative) : null;
  }

  private static Value.@Nullable Int inBase(String text, int from, int base, boolean negative) {
    var digits = new StringBuilder(text.length() - from + 1);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_') {
        continue;
      }
      if (c > 'f' || Character.digit(c, base) < 0) {
        return null;
      }
      digits.append(c);
    }
    if (digits.isEmpty()) {
      // "0_" is zero in Python, "0x_" and "0b_" are nothing.
      return base == 8 && from < text.length() ? new Value.Int(BigInteger.ZERO) : null;
    }
    var value =
        digits.length() <= 15
            ? BigInteger.valueOf(Long.parseLong(digits, 0, digits.length(), base))
            : new BigInteger(digits.toString(), base);
    return new Value.Int(negative ? value.negate() : value);
  }

  private static Value.Int sexagesimal(String text, int from, boolean negative) {
    var value = BigInteger.ZERO;
    var part = BigInteger.ZERO;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':') {
        value = value.add(part).multiply(SIXTY);
        part = BigInteger.ZERO;
      } else if (c != '_') {
        part = part.multiply(BigInteger.TEN).add(BigInteger.valueOf(c - '0'));
      }
    }
    value = value.add(part);
    return new Value.Int(negative ? value.negate() : value);
  }

  /**
   * {@code 1.5}, {@code 1.}, {@code .5}, {@code 1.5e+3}, {@code 1:30.5}, {@code .inf}, {@code
   * .nan}; null when the text is none of them. As in PyYAML, {@code 1e-3}, {@code 1.5e3} and {@code
   * -.5} are none.
   */
  static Value.@Nullable Real real(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return null;
    }
    int start = signLength(text);
    int length = text.length();
    if (start == length) {
      return null;
    }
    char first = text.charAt(start);
    if (first == '.') {
      return pointFirst(text, start);
    }
    if (first < '0' || first > '9') {
      return null;
    }
    int end = digitsFrom(text, start);
    int parts = sexagesimalEnd(text, end);
    if (parts == length || text.charAt(parts) != '.') {
      return null;
    }
    int fraction = digitsFrom(text, parts + 1);
    if (parts > end) {
      return fraction == length ? new Value.Real(sexagesimalReal(text, start)) : null;
    }
    return exponentEnd(text, fraction) == length ? parse(text) : null;
  }

  private static Value.@Nullable Real pointFirst(String text, int start) {
    return switch (text.substring(start + 1)) {
      case "inf", "Inf", "INF" ->
          new Value.Real(
              text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      case "nan", "NaN", "NAN" -> start == 0 ? new Value.Real(Double.NaN) : null;
      default -> start == 0 && isPointAndDigits(text) ? parse(text) : null;
    };
  }

  private static boolean isPointAndDigits(String text) {
    return text.length() > 1
        && isDigit(text.charAt(1))
        && exponentEnd(text, digitsFrom(text, 1)) == text.length();
  }

  private static Value.Real parse(String text) {
    return new Value.Real(Double.parseDouble(text.indexOf('_') < 0 ? text : text.replace("_", "")));
  }

  private static double sexagesimalReal(String text, int from) {
    // In PyYAML's order, so that the last bit agrees.
    var parts = text.substring(from).replace("_", "").split(":", -1);
    double value = 0;
    double base = 1;
    for (int i = parts.length - 1; i >= 0; i--) {
      value += Double.parseDouble(parts[i]) * base;
      base *= 60;
    }
    return text.charAt(0) == '-' ? -value : value;
  }

  private static int signLength(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
  }

  /** Where the digits and underscores from here end. */
  private static int digitsFrom(String text, int from) {
    int i = from;
    while (i < text.length() && (isDigit(text.charAt(i)) || text.charAt(i) == '_')) {
      i++;
    }
    return i;
  }

  /** Where a run of {@code :NN}, each at most 59, ends; {@code from} when there is none. */
  private static int sexagesimalEnd(String text, int from) {
    int i = from;
    while (i + 1 < text.length() && text.charAt(i) == ':' && isDigit(text.charAt(i + 1))) {
      boolean two = i + 2 < text.length() && isDigit(text.charAt(i + 2));
      if (two && text.charAt(i + 1) > '5') {
        return i;
      }
      i += two ? 3 : 2;
    }
    return i;
  }

  /** Where {@code e+10} ends, whose sign PyYAML wants; {@code from} when there is none. */
  private static int exponentEnd(String text, int from) {
    if (from + 2 >= text.length()
        || (text.charAt(from) != 'e' && text.charAt(from) != 'E')
        || (text.charAt(from + 1) != '+' && text.charAt(from + 1) != '-')
        || !isDigit(text.charAt(from + 2))) {
      return from;
    }
    int i = from + 2;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** {@code 2026-11-22}, or a date and a time as PyYAML knows them. */
  static boolean isTimestamp(String text) {
    if (text.length() < 8 || text.length() > 100) {
      return false;
    }
    return new TimestampShape(text).matches();
  }

  /** A cursor over a text that may be a date or a time stamp. */
  private static final class TimestampShape {
    private final String text;
    private int at;

    TimestampShape(String text) {
      this.text = text;
    }

    boolean matches() {
      if (!digits(4, 4) || !one('-') || !digits(1, 2) || !one('-') || !digits(1, 2)) {
        return false;
      }
      if (at == text.length()) {
        // A date alone has two digits for each part.
        return text.length() == 10;
      }
      if (!one('T') && !one('t') && !blanks()) {
        return false;
      }
      if (!digits(1, 2) || !one(':') || !digits(2, 2) || !one(':') || !digits(2, 2)) {
        return false;
      }
      if (one('.')) {
        digits(0, Integer.MAX_VALUE);
      }
      return zone();
    }

    private boolean zone() {
      if (at == text.length()) {
        return true;
      }
      blanks();
      if (one('Z')) {
        return at == text.length();
      }
      if ((!one('+') && !one('-')) || !digits(1, 2)) {
        return false;
      }
      return at == text.length() || (one(':') && digits(2, 2) && at == text.length());
    }

    private boolean one(char wanted) {
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private boolean blanks() {
      int start = at;
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
      return at > start;
    }

    private boolean digits(int least, int most) {
      int start = at;
      while (at < text.length() && at - start < most && isDigit(text.charAt(at))) {
        at++;
      }
      return at - start >= least;
    }
  }
}
