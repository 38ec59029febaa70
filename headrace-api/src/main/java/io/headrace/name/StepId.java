package io.headrace.name;

/**
 * Names a step within its run: the node's name, with the names of the pipelines around it before
 * it, such as {@code features.clean}.
 *
 * @param value not empty; parts joined by dots
 */
public record StepId(String value) implements Comparable<StepId> {
  /** Checks that there is a name. */
  public StepId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a step needs a name");
    }
  }

  @Override
  public int compareTo(StepId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
