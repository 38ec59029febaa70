package io.headrace.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of values that a step writes, as text, into the file of an output. */
public enum ValueType {
  STRING,
  INTEGER,
  NUMBER,
  BOOLEAN;

  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern REAL =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  /** As written in YAML. */
  public String yaml() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether every value of this type may stand where one of the other is wanted. */
  public boolean fits(ValueType wanted) {
    return this == wanted || wanted == STRING || (this == INTEGER && wanted == NUMBER);
  }

  /** Why a text is no such value, as the end of a sentence; empty when it is one. */
  public Optional<String> objection(String text) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    if (text.indexOf('\0') >= 0) {
      return Optional.of("holds a NUL character");
    }
    boolean fits =
        switch (this) {
          case STRING -> true;
          case INTEGER -> WHOLE.matcher(text).matches();
          case NUMBER -> REAL.matcher(text).matches();
          case BOOLEAN -> isBoolean(text);
        };
    return fits ? Optional.empty() : Optional.of("holds '" + brief(text) + "'");
  }

  private static boolean isBoolean(String text) {
    return text.equalsIgnoreCase("true")
        || text.equalsIgnoreCase("false")
        || text.equals("1")
        || text.equals("0");
  }

  private static String brief(String text) {
    var line = text.lines().findFirst().orElse("");
    return line.length() > 40 || line.length() < text.length()
        ? line.substring(0, Math.min(40, line.length())) + "..."
        : line;
  }
}
