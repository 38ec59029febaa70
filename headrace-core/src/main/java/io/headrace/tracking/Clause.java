package io.headrace.tracking;

import java.util.List;

/**
 * One condition of a filter: {@code entity.key comparator value}.
 *
 * @param entity in lower case; empty when only a key was written
 * @param key as written, without its quotes
 */
record Clause(String entity, String key, Comparator comparator, Value value) {
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
    IS_NOT_NULL("IS NOT NULL");

    private final String text;

    Comparator(String text) {
      this.text = text;
    }

    /** As a filter writes it; the first six are SQL's too. */
    String text() {
      return text;
    }

    boolean isOrder() {
      return switch (this) {
        case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> true;
        case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL -> false;
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

    /** In brackets; not empty. */
    record Texts(List<String> texts) implements Value {
      public Texts {
        texts = List.copyOf(texts);
      }
    }

    /** Of {@code IS NULL} and {@code IS NOT NULL}. */
    record None() implements Value {}
  }

  /** What the left side is, as MLflow's messages call it. */
  private String kind() {
    return switch (entity) {
      case "tag", "tags" -> "tag";
      case "param", "params", "parameter", "parameters" -> "parameter";
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
            .formatted(comparator.text(), allowed.replace(", ", "', '")));
  }

  /** Says which keys a list may be compared with. */
  TrackingException noList(String allowed) {
    return TrackingException.invalid(
        "Only ['%s'] attributes support comparison with a list of quoted string values."
            .formatted(allowed));
  }

  /** As it was written, about. */
  private String written() {
    return switch (value) {
      case Value.Text(String text) -> "'" + text + "'";
      case Value.Numeral(String text) -> text;
      case Value.Texts(List<String> texts) -> "('" + String.join("', '", texts) + "')";
      case Value.None() -> "NULL";
    };
  }

  /** The text on the right side. */
  String text() {
    return switch (value) {
      case Value.Text(String text) -> text;
      case Value.Numeral _, Value.Texts _, Value.None _ ->
          throw TrackingException.invalid(
              "Expected a quoted string value for %s (e.g. 'my-value'). Got value %s"
                  .formatted(kind(), Names.visible(written())));
    };
  }

  /** The number on the right side. */
  double number() {
    return switch (value) {
      case Value.Numeral(String text) -> Double.parseDouble(text);
      case Value.Text _, Value.Texts _, Value.None _ ->
          throw TrackingException.invalid(
              "Expected numeric value type for %s. Found %s"
                  .formatted(Names.visible(numericName()), Names.visible(written())));
    };
  }

  List<String> texts() {
    return switch (value) {
      case Value.Texts(List<String> texts) -> texts;
      case Value.Text _, Value.Numeral _, Value.None _ ->
          throw TrackingException.invalid(
              "Expected a list of quoted strings in brackets for '%s'"
                  .formatted(Names.visible(name())));
    };
  }
}
