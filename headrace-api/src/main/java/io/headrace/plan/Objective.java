package io.headrace.plan;

/**
 * What a sweep looks for.
 *
 * @param metric as trials log it by MLflow; the last value counts
 */
public record Objective(Goal goal, String metric) {
  /** In which direction is better. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE
  }
}
