package io.headrace.planner;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A step whose command is a Python program that comes with Headrace. */
final class DriverStep {
  private static final String INPUT = "headrace_driver";

  /** An environment without {@code python} has {@code python3}. */
  static final List<Segment> COMMAND =
      List.of(
          new Segment.Text("if command -v python > /dev/null; then exec python "),
          new Segment.InputPath(INPUT),
          new Segment.Text("; else exec python3 "),
          new Segment.InputPath(INPUT),
          new Segment.Text("; fi"));

  private DriverStep() {}

  /** The step with the driver's files among its inputs, and with what the driver is told. */
  static Step of(
      Step step,
      EnvironmentSpec environment,
      StepInput.Supplied driver,
      Map<String, List<Segment>> told,
      boolean checkpointed) {
    var inputs = new LinkedHashMap<>(step.inputs());
    inputs.put(INPUT, driver);
    var variables = new LinkedHashMap<>(step.environmentVariables());
    variables.putAll(told);
    return new Step(
        step.id(),
        step.displayName(),
        step.command(),
        step.code(),
        environment,
        variables,
        inputs,
        step.outputs(),
        step.timeout(),
        step.deterministic(),
        checkpointed,
        step.compute(),
        step.tags(),
        step.where(),
        step.services());
  }

  /** Own values by their names too: in a loop each turn has others. */
  static List<Segment> byName(List<Segment> segments, Set<String> own) {
    return segments.stream()
        .map(it ->
            it instanceof Segment.Value(String input, var _) && own.contains(input)
                ? new Segment.InputPath(input)
                : it)
        .toList();
  }
}
