package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A step as it runs: what only ordered it is gone, and how others ended is known. */
final class Settled {
  private Settled() {}

  /** The same step when there is nothing to settle. */
  static Step of(
      Step step, Function<StepId, StepState> states, Map<StepId, Map<String, OutputData>> outputs) {
    var inputs = new LinkedHashMap<String, StepInput>();
    step.inputs()
        .forEach((name, input) -> {
          switch (input) {
            case StepInput.Literal _,
                StepInput.Local _,
                StepInput.FromStep _,
                StepInput.Stored _,
                StepInput.Remote _,
                StepInput.Supplied _ ->
                inputs.put(name, input);
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
    return inputs.equals(step.inputs()) ? step : step.captured(step.code(), inputs);
  }

  private static String text(List<StepId> ended, Function<StepId, StepState> states) {
    var failed =
        ended.stream().filter(it -> !states.apply(it).isSuccess()).map(StepId::value).toList();
    return failed.isEmpty() ? "SUCCEEDED" : "FAILED " + String.join(", ", failed);
  }
}
