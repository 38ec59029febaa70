package io.headrace.cli;

import io.headrace.engine.Engine;
import io.headrace.engine.RunState;
import io.headrace.name.RunId;
import io.headrace.plan.Plan;
import io.headrace.run.OutputData;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a run makes, by the names that its users know. */
record RunOutputs(Plan plan, RunState state) {
  static RunOutputs of(Engine engine, RunId run) throws IOException {
    var state = engine.state(run);
    return new RunOutputs(engine.plan(state.created().orElseThrow().plan()), state);
  }

  /** Which step's output each name is: the job's own, and each step's as {@code step.output}. */
  Map<String, Plan.StepRef> names(boolean ofSteps) {
    var names = new LinkedHashMap<>(plan.outputs());
    if (ofSteps || plan.singleStep() || plan.outputs().isEmpty()) {
      for (var step : plan.steps()) {
        for (var output : step.outputs().keySet()) {
          names.put(
              plan.singleStep() ? output : step.id().value() + "." + output,
              new Plan.StepRef(step.id(), output));
        }
      }
      state
          .steps()
          .forEach((id, record) -> {
            for (var output : record.outputs().keySet()) {
              names.putIfAbsent(
                  plan.singleStep() ? output : id.value() + "." + output,
                  new Plan.StepRef(id, output));
            }
          });
    }
    return names;
  }

  /** Those of {@link #names} that are there. */
  Map<String, OutputData> outputs(boolean ofSteps) {
    var found = new LinkedHashMap<String, OutputData>();
    names(ofSteps).forEach((name, ref) -> data(ref).ifPresent(it -> found.put(name, it)));
    return found;
  }

  /** What a step has made, when it has. */
  Optional<OutputData> data(Plan.StepRef ref) {
    return Optional.ofNullable(state.steps().get(ref.step()))
        .flatMap(record -> Optional.ofNullable(record.outputs().get(ref.output())));
  }
}
