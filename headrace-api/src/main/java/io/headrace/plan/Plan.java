package io.headrace.plan;

import io.headrace.name.StepId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
 * @param ends what runs before and after all the rest
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
    boolean singleStep,
    Ends ends) {

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
        singleStep,
        ends);
  }

  /**
   * Steps and groups of the plan, by id, that neither read from the others nor are read by them.
   *
   * @param first before all others, which do not run unless these succeed
   * @param last after all others, however they ended
   */
  public record Ends(Set<StepId> first, Set<StepId> last) {
    public static final Ends NONE = new Ends(Set.of(), Set.of());

    public Ends {
      first = Collections.unmodifiableSet(new LinkedHashSet<>(first));
      last = Collections.unmodifiableSet(new LinkedHashSet<>(last));
    }
  }

  /** The same plan, in which these run before and after all others, and are told so. */
  public Plan ending(Set<StepId> first, Set<StepId> last) {
    if (first.isEmpty() && last.isEmpty()) {
      return this;
    }
    var ordered = new ArrayList<>(part(first::contains).steps());
    ordered.addAll(part(it -> !first.contains(it) && !last.contains(it)).steps());
    ordered.addAll(part(last::contains).steps());
    return new Plan(
        name,
        displayName,
        experiment,
        description,
        tags,
        ordered,
        groups,
        outputs,
        parameters,
        continueOnStepFailure,
        forceRerun,
        singleStep,
        new Ends(first, last));
  }

  /** The part of the plan that these ids are of. */
  public Group.Body part(Predicate<StepId> ids) {
    return new Group.Body(
        steps.stream().filter(it -> ids.test(it.id())).toList(),
        groups.stream().filter(it -> ids.test(it.id())).toList());
  }

  /** Every step that is written down, also those that groups make theirs from. */
  public List<Step> allSteps() {
    var all = new ArrayList<>(steps);
    groups.forEach(group -> addSteps(group, all));
    return all;
  }

  /** What every step is given, and every item of a loop. */
  public List<StepInput> allInputs() {
    var all = new ArrayList<StepInput>();
    allSteps().forEach(step -> all.addAll(step.inputs().values()));
    groups.forEach(group -> addItems(group, all));
    return all;
  }

  private static void addItems(Group group, List<StepInput> to) {
    if (group instanceof Group.ForEach loop
        && loop.items() instanceof Group.Items.Known(List<Map<String, StepInput>> items)) {
      items.forEach(item -> to.addAll(item.values()));
    }
    for (var body : group.bodies()) {
      body.groups().forEach(inner -> addItems(inner, to));
    }
  }

  private static void addSteps(Group group, List<Step> to) {
    for (var body : group.bodies()) {
      to.addAll(body.steps());
      body.groups().forEach(inner -> addSteps(inner, to));
    }
  }
}
