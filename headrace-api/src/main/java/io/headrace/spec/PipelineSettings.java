package io.headrace.spec;

import java.util.Map;
import java.util.Optional;

/**
 * The {@code settings:} of a pipeline job.
 *
 * @param continueOnStepFailure whether branches that do not need a failed step go on; true unless
 *     said otherwise
 * @param forceRerun whether no earlier result may be given
 * @param onInit the node that runs before all others
 * @param onFinalize the node that runs after all others, however they ended
 * @param others what else is said; Azure keeps unknown settings too
 */
public record PipelineSettings(
    Optional<String> defaultCompute,
    Optional<String> defaultDatastore,
    boolean continueOnStepFailure,
    boolean forceRerun,
    Optional<Written> onInit,
    Optional<Written> onFinalize,
    Map<String, Value> others) {
  /** Nothing said. */
  public static final PipelineSettings NONE =
      new PipelineSettings(
          Optional.empty(),
          Optional.empty(),
          true,
          false,
          Optional.empty(),
          Optional.empty(),
          Map.of());

  public PipelineSettings {
    others = Ordered.copy(others);
  }
}
