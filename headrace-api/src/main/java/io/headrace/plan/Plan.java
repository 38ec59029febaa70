package io.headrace.plan;

import io.headrace.name.StepId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that one run will do. Immutable.
 *
 * @param name the job's name when the user gave one
 * @param steps every step after those it reads from
 * @param outputs the pipeline's own outputs, by name: which step's output each is
 * @param parameters the job's literal inputs, for the records
 * @param continueOnStepFailure whether branches that do not need a failed step go on
 * @param forceRerun no step may be given an earlier result
 * @param singleStep a {@code command} job of its own rather than a pipeline
 */
public record Plan(
    Optional<String> name,
    String displayName,
    String experiment,
    String description,
    Map<String, String> tags,
    List<Step> steps,
    Map<String, StepRef> outputs,
    Map<String, String> parameters,
    boolean continueOnStepFailure,
    boolean forceRerun,
    boolean singleStep) {

  public Plan {
    tags = Step.ordered(tags);
    steps = List.copyOf(steps);
    outputs = Step.ordered(outputs);
    parameters = Step.ordered(parameters);
  }

  /** An output of a step. */
  public record StepRef(StepId step, String output) {}

  /** The same plan with other steps. */
  public Plan withSteps(List<Step> others) {
    return new Plan(
        name,
        displayName,
        experiment,
        description,
        tags,
        others,
        outputs,
        parameters,
        continueOnStepFailure,
        forceRerun,
        singleStep);
  }
}
