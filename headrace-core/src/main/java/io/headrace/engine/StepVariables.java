package io.headrace.engine;

import io.headrace.name.RunId;
import java.util.Map;

/** The variables by which a step finds the tracking server. */
@FunctionalInterface
public interface StepVariables {
  /**
   * Called for each step before it starts.
   *
   * @param run the pipeline's
   * @param child the step's own
   */
  Map<String, String> of(RunId run, RunId child, String experiment);
}
