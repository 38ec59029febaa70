package io.headrace.plan;

import io.headrace.name.StepId;
import io.headrace.problem.Where;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One process to run. Immutable; maps keep the order of the YAML.
 *
 * @param displayName for people; not part of what the step can see
 * @param command run by {@code bash -c}
 * @param environmentVariables the user's own; values may name inputs and outputs
 * @param outputs by name; at least the declared ones
 * @param timeout of one attempt
 * @param deterministic whether an earlier result may be given
 * @param checkpointed whether it keeps parts of its work in a folder that outlives the attempt,
 *     {@code HEADRACE_CHECKPOINT_DIR}, and goes on from there
 * @param compute the target's name as written, for the records
 * @param where the node in the user's file
 * @param services what can be reached while it runs; not part of what the step can see
 */
public record Step(
    StepId id,
    String displayName,
    List<Segment> command,
    Code code,
    EnvironmentSpec environment,
    Map<String, List<Segment>> environmentVariables,
    Map<String, StepInput> inputs,
    Map<String, StepOutput> outputs,
    Optional<Duration> timeout,
    boolean deterministic,
    boolean checkpointed,
    String compute,
    Map<String, String> tags,
    Where where,
    Map<String, Service> services) {

  public Step {
    command = List.copyOf(command);
    environmentVariables = ordered(environmentVariables);
    inputs = ordered(inputs);
    outputs = ordered(outputs);
    tags = ordered(tags);
    services = ordered(services);
  }

  /** The steps without whose success this one does not run. */
  public Set<StepId> after() {
    var before = new LinkedHashSet<StepId>();
    for (var input : inputs.values()) {
      switch (input) {
        case StepInput.FromStep it -> before.add(it.step());
        case StepInput.MadeValue it -> before.add(it.step());
        case StepInput.After(StepId step, boolean succeeded) -> {
          if (succeeded) {
            before.add(step);
          }
        }
        case StepInput.Literal _,
            StepInput.OfItem _,
            StepInput.Local _,
            StepInput.Stored _,
            StepInput.Remote _,
            StepInput.Supplied _,
            StepInput.IfMade _,
            StepInput.HowEnded _ -> {}
      }
    }
    return before;
  }

  /** The steps whose end this one waits for, however they end. */
  public Set<StepId> afterEnd() {
    var before = new LinkedHashSet<StepId>();
    for (var input : inputs.values()) {
      switch (input) {
        case StepInput.IfMade(StepInput.FromStep from) -> before.add(from.step());
        case StepInput.HowEnded(var steps) -> before.addAll(steps);
        case StepInput.After(StepId step, boolean succeeded) -> {
          if (!succeeded) {
            before.add(step);
          }
        }
        case StepInput.Literal _,
            StepInput.OfItem _,
            StepInput.Local _,
            StepInput.Stored _,
            StepInput.Remote _,
            StepInput.Supplied _,
            StepInput.MadeValue _,
            StepInput.FromStep _ -> {}
      }
    }
    return before;
  }

  /** The same step with other inputs and code, once what was local has been captured. */
  public Step captured(Code stored, Map<String, StepInput> storedInputs) {
    return copy(command, stored, environmentVariables, storedInputs, services);
  }

  /** The same step with these services. */
  public Step withServices(Map<String, Service> others) {
    return copy(command, code, environmentVariables, inputs, others);
  }

  /** The same step with other variables of its own. */
  public Step withVariables(Map<String, List<Segment>> variables) {
    return with(command, variables, inputs);
  }

  /** The same step, once what others made is known. */
  public Step with(
      List<Segment> otherCommand,
      Map<String, List<Segment>> variables,
      Map<String, StepInput> otherInputs) {
    return copy(otherCommand, code, variables, otherInputs, services);
  }

  private Step copy(
      List<Segment> otherCommand,
      Code otherCode,
      Map<String, List<Segment>> variables,
      Map<String, StepInput> otherInputs,
      Map<String, Service> otherServices) {
    return new Step(
        id,
        displayName,
        otherCommand,
        otherCode,
        environment,
        variables,
        otherInputs,
        outputs,
        timeout,
        deterministic,
        checkpointed,
        compute,
        tags,
        where,
        otherServices);
  }

  static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
