package io.headrace.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One trial of a sweep, as far as it has come.
 *
 * @param number from 0, in the order asked for
 * @param values as {@link Sampler#next} gave them
 * @param metrics each logging of the primary metric, in order; one is one interval
 */
public record Trial(int number, Map<String, String> values, State state, List<Double> metrics) {
  /** How far. */
  public enum State {
    RUNNING,
    /** Came to its end by itself, with success. */
    FINISHED,
    FAILED,
    /** Was ended by the sweep's early termination. */
    TERMINATED
  }

  public Trial {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    metrics = List.copyOf(metrics);
  }
}
