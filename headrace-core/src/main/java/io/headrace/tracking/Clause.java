package io.headrace.tracking;

import io.headrace.tracking.FilterTokens.Kind;
import io.headrace.tracking.FilterTokens.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One condition of a filter: {@code entity.key comparator value}.
 *
 * @param entity empty when only a key was written
 * @param key as written, without its quotes
 * @param operator the comparator as it was written, in upper case
 * @param right the value as it was written
 */
record Clause(
    String entity, String key, Comparator comparator, Value value, String operator, String right) {
  private static final int MOST_TEXTS = 5_000;

  /** A clause that no user wrote. */
  static Clause of(String entity, String key, Comparator comparator, String text) {
    return new Clause(entity, key, comparator, new Value.Text(text), comparator.text(), text);
  }

  /** How both sides are compared. */
  enum Comparator {
    EQUAL("="),
    NOT_EQUAL("!="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    LIKE("LIKE"),
    ILIKE("ILIKE"),
    IN("IN"),
    NOT_IN("NOT IN"),
    IS_NULL("IS NULL"),
    IS_NOT_NULL("IS NOT NULL"),

    /** One that other languages have, such as {@code ==}; no search takes it. */
    FOREIGN("");

    private final String text;

    Comparator(String text) {
      this.text = text;
    }

    static Comparator of(String text) {
      return Arrays.stream(values()).filter(it -> it.text.equals(text)).findFirst().orElse(FOREIGN);
    }

    /** As a filter writes it; the first six are SQL's too. */
    String text() {
      return text;
    }

    boolean isOrder() {
      return switch (this) {
        case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> true;
        case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL, FOREIGN -> false;
      };
    }

    boolean isNullTest() {
      return this == IS_NULL || this == IS_NOT_NULL;
    }

    boolean isList() {
      return this == IN || this == NOT_IN;
    }

    /** Whether it may stand between a key and one text. */
    boolean isText() {
      return this == EQUAL || this == NOT_EQUAL || this == LIKE || this == ILIKE;
    }
  }

  /** The right side. */
  sealed interface Value {
    /** In quotes. */
    record Text(String text) implements Value {}

    /** Without quotes; {@code text} is a number as Java and SQL write it. */
    record Numeral(String text) implements Value {}

    /** With its brackets, as it was written; it may be no list at all. */
    record Brackets(String text) implements Value {}

    /** A bare word. */
    record Word() implements Value {}

    /** Of {@code IS NULL} and {@code IS NOT NULL}, and {@code NULL} itself. */
    record None() implements Value {}
  }

  /** What the left side is, as MLflow's messages call it. */
  private String kind() {
    return switch (entity) {
      case "tag", "tags" -> "tag (e.g. 'my-value')";
      case "param", "params", "parameter", "parameters" -> "parameter (e.g. 'my-value')";
      case "metadata", "request_metadata" -> "request_metadata (e.g. 'my-value')";
      case "feedback", "expectation", "span", "issue" -> entity + " (e.g. 'my-value')";
      case "dataset", "datasets" -> "dataset attributes";
      default -> "attributes";
    };
  }

  boolean isMetric() {
    return entity.equals("metric") || entity.equals("metrics");
  }

  private String numericName() {
    return isMetric() ? "metric" : "numeric attribute: " + key;
  }

  /** For messages: as it was written, about. */
  String name() {
    return entity.isEmpty() ? key : entity + "." + key;
  }

  TrackingException badComparator(String allowed) {
    return TrackingException.invalid(
        "Invalid comparator '%s' not one of '{'%s'}'"
            .formatted(operator, allowed.replace(", ", "', '")));
  }

  /** Refuses a list, but for the one key that may be compared with lists. */
  void requireNoList(String allowed) {
    if (value instanceof Value.Brackets && !key.equals(allowed)) {
      throw TrackingException.invalid(
          "Only ['%s'] attributes support comparison with a list of quoted string values."
              .formatted(allowed));
    }
  }

  /** The text on the right side. */
  String text() {
    return switch (value) {
      case Value.Text(String text) -> text;
      case Value.Word _ ->
          throw TrackingException.invalid(
              "Parameter value is either not quoted or unidentified quote types used for string value %s. Use either single or double quotes."
                  .formatted(Names.visible(right)));
      case Value.Numeral _, Value.Brackets _, Value.None _ ->
          throw TrackingException.invalid(
              "Expected a quoted string value for %s. Got value %s"
                  .formatted(kind(), Names.visible(right)));
    };
  }

  /** The number on the right side. */
  double number() {
    return switch (value) {
      case Value.Numeral(String text) -> Double.parseDouble(text);
      case Value.Text _, Value.Brackets _, Value.Word _, Value.None _ ->
          throw TrackingException.invalid(
              "Expected numeric value type for %s. Found %s"
                  .formatted(Names.visible(numericName()), Names.visible(right)));
    };
  }

  /** The texts of the list on the right side. */
  List<String> texts() {
    if (!(value instanceof Value.Brackets(String written))) {
      throw new IllegalStateException("a list is always in brackets: " + right);
    }
    List<String> texts = new ArrayList<>();
    boolean isAfterComma = true;
    for (Token token : FilterTokens.of(written.substring(1, written.length() - 1))) {
      if (token.written().equals(",") && !isAfterComma) {
        isAfterComma = true;
        continue;
      }
      if (token.kind() != Kind.TEXT && !token.isInDoubleQuotes()) {
        throw badList(
            "expected string value, punctuation, or whitespace, but got different type in list: "
                + Names.visible(written));
      }
      if (!isAfterComma || texts.size() == MOST_TEXTS) {
        throw badList(
            "expected a non-empty list of string values, but got ill-formed list. It may have %d texts at most."
                .formatted(MOST_TEXTS));
      }
      texts.add(token.content());
      isAfterComma = false;
    }
    if (texts.isEmpty()) {
      throw badList("expected a non-empty list of string values, but got empty list");
    }
    return texts;
  }

  /** Makes sure that the right side is a text or a list of them. */
  void requireTexts() {
    if (value instanceof Value.Brackets) {
      texts();
    } else {
      text();
    }
  }

  private static TrackingException badList(String why) {
    return TrackingException.invalid("While parsing a list in the query, " + why);
  }
}
