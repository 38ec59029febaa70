package io.headrace.plan;

import io.headrace.name.StepId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that one run will do. Immutable.
 *
 * @param name the job's name when the user gave one
 * @param steps every step after those it reads from; those within groups are not among them
 * @param groups steps that are known only while the run goes on
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
    List<Group> groups,
    Map<String, StepRef> outputs,
    Map<String, String> parameters,
    boolean continueOnStepFailure,
    boolean forceRerun,
    boolean singleStep) {

  public Plan {
    tags = Step.ordered(tags);
    steps = List.copyOf(steps);
    groups = List.copyOf(groups);
    outputs = Step.ordered(outputs);
    parameters = Step.ordered(parameters);
  }

  /** An output of a step. */
  public record StepRef(StepId step, String output) {}

  /** The same plan with other steps and groups. */
  public Plan with(List<Step> otherSteps, List<Group> otherGroups) {
    return copy(name, otherSteps, otherGroups);
  }

  /** The same plan under another name, or none. */
  public Plan named(Optional<String> otherName) {
    return copy(otherName, steps, groups);
  }

  private Plan copy(Optional<String> otherName, List<Step> otherSteps, List<Group> otherGroups) {
    return new Plan(
        otherName,
        displayName,
        experiment,
        description,
        tags,
        otherSteps,
        otherGroups,
        outputs,
        parameters,
        continueOnStepFailure,
        forceRerun,
        singleStep);
  }

  /** Every step that is written down, also those that groups make theirs from. */
  public List<Step> allSteps() {
    var all = new ArrayList<>(steps);
    groups.forEach(group -> addSteps(group, all));
    return all;
  }

  private static void addSteps(Group group, List<Step> to) {
    for (var body : group.bodies()) {
      to.addAll(body.steps());
      body.groups().forEach(inner -> addSteps(inner, to));
    }
  }
}
