package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A step as it runs: what only ordered it is gone, and how others ended is known. */
final class Settled {
  private Settled() {}

  /**
   * The same step when there is nothing to settle.
   *
   * @param texts reads a value that another made
   */
  static Step of(
      Step step,
      Function<StepId, StepState> states,
      Map<StepId, Map<String, OutputData>> outputs,
      BiFunction<OutputData, Plan.StepRef, String> texts) {
    var values = new HashMap<String, String>();
    var inputs = new LinkedHashMap<String, StepInput>();
    step.inputs()
        .forEach((name, input) -> {
          switch (input) {
            case StepInput.Literal _,
                StepInput.OfItem _,
                StepInput.Local _,
                StepInput.FromStep _,
                StepInput.Stored _,
                StepInput.Remote _,
                StepInput.Supplied _ ->
                inputs.put(name, input);
            case StepInput.MadeValue it -> {
              var value = value(it, outputs, texts);
              inputs.put(name, new StepInput.Literal(value));
              values.put(StepInput.MadeValue.slot(name), value);
            }
            case StepInput.After _ -> {}
            case StepInput.IfMade(StepInput.FromStep from) -> {
              if (outputs.getOrDefault(from.step(), Map.of()).containsKey(from.output())) {
                inputs.put(name, from);
              }
            }
            case StepInput.HowEnded(List<StepId> ended) ->
                inputs.put(name, new StepInput.Literal(text(ended, states)));
          }
        });
    if (inputs.equals(step.inputs())) {
      return step;
    }
    var variables = new LinkedHashMap<String, List<Segment>>();
    step.environmentVariables()
        .forEach((name, it) -> variables.put(name, Segment.fill(it, values)));
    return step.with(Segment.fill(step.command(), values), variables, inputs);
  }

  private static String value(
      StepInput.MadeValue input,
      Map<StepId, Map<String, OutputData>> outputs,
      BiFunction<OutputData, Plan.StepRef, String> texts) {
    var data = outputs.getOrDefault(input.step(), Map.of()).get(input.output());
    if (data == null) {
      throw new IllegalStateException(input.step() + " has made no " + input.output());
    }
    return texts.apply(data, new Plan.StepRef(input.step(), input.output()));
  }

  private static String text(List<StepId> ended, Function<StepId, StepState> states) {
    var without = ended.stream().filter(it -> !states.apply(it).isSuccess()).toList();
    if (without.isEmpty()) {
      return "SUCCEEDED";
    }
    var failed = without.stream().filter(it -> states.apply(it) == StepState.FAILED).toList();
    var named = failed.isEmpty() ? without : failed; // the others were skipped for these
    return "FAILED " + named.stream().map(StepId::value).collect(Collectors.joining(", "));
  }
}
