package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Plan;
import io.headrace.plan.StepOutput;
import io.headrace.plan.ValueType;
import io.headrace.spec.InputType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One pipeline while its nodes are lowered: what its expressions stand for.
 *
 * @param prefix of the steps' names: empty, or the nodes around with a dot after each
 * @param inputs of the pipeline, by name
 * @param targets of the pipeline: what is said of each output from outside
 * @param compute what nodes use that name none
 * @param made the outputs of the nodes so far: by node, then by output
 * @param results which step's output each output of the pipeline is, so far
 * @param items the data that the items of the loop around give its body, by the body's inputs
 */
record Scope(
    String prefix,
    Map<String, Given> inputs,
    Map<String, Target> targets,
    String compute,
    Map<String, Map<String, Made>> made,
    Map<String, Made> results,
    Map<String, Given> items) {

  static Scope of(
      String prefix, Map<String, Given> inputs, Map<String, Target> targets, String compute) {
    return new Scope(
        prefix, inputs, targets, compute, new HashMap<>(), new LinkedHashMap<>(), Map.of());
  }

  /** The same pipeline, within one of its groups: what it makes inside is not seen outside. */
  Scope within(StepId group) {
    return within(group, Map.of());
  }

  /** The same, for the body of a loop. */
  Scope within(StepId loop, Map<String, Given> itemData) {
    return new Scope(
        loop.value() + ".",
        inputs,
        targets,
        compute,
        new HashMap<>(made),
        new LinkedHashMap<>(),
        itemData);
  }

  /**
   * A step's output, and its type.
   *
   * @param value of which type the value in its file is, when it is declared as a parameter
   */
  record Made(Plan.StepRef output, DataType type, Optional<ValueType> value) {
    Made as(InputType declared) {
      return new Made(output, type, InputTypes.value(declared));
    }
  }

  /** What is said of an output where it is wanted. */
  record Target(
      Optional<DataType> type,
      Optional<String> mode,
      Optional<String> path,
      Optional<StepOutput.AssetRef> registerAs,
      Optional<ValueType> value) {
    static final Target NONE =
        new Target(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The same, and for what it leaves open, the other. */
    Target or(Target other) {
      return new Target(
          type.or(other::type),
          mode.or(other::mode),
          path.or(other::path),
          registerAs.or(other::registerAs),
          value.or(other::value));
    }
  }
}
