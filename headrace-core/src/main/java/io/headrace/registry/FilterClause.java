package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.util.List;

/**
 * One condition of a filter.
 *
 * @param isTag whether the key is a tag's; else an attribute's
 * @param comparator as in SQL, in upper case
 */
record FilterClause(boolean isTag, String key, String comparator, Right right) {
  /** The right side. */
  sealed interface Right {
    /** In quotes. */
    record Text(String text) implements Right {}

    /** A number as it was written. */
    record Numeral(String text) implements Right {}

    /** In brackets; not empty. */
    record Texts(List<String> texts) implements Right {
      public Texts {
        texts = List.copyOf(texts);
      }
    }
  }

  boolean isList() {
    return comparator.equals("IN") || comparator.equals("NOT IN");
  }

  boolean isLike() {
    return comparator.equals("LIKE") || comparator.equals("ILIKE");
  }

  boolean isEquality() {
    return comparator.equals("=") || comparator.equals("!=");
  }

  boolean isOrder() {
    return isEquality()
        || comparator.equals(">")
        || comparator.equals(">=")
        || comparator.equals("<")
        || comparator.equals("<=");
  }

  TrackingException badComparator() {
    return TrackingException.invalid(
        "Invalid comparator for %s: %s".formatted(isTag ? "tag" : "attribute", comparator));
  }
}
