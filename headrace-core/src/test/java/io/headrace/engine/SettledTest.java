package io.headrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.name.Digest;
import io.headrace.name.StepId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.ValueType;
import io.headrace.problem.Where;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a step still knows of others when it runs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SettledTest {
  private static final StepId GOOD = new StepId("good");
  private static final StepId BAD = new StepId("bad");
  private static final StepId NEXT = new StepId("next");
  private static final Map<StepId, StepState> STATES =
      Map.of(GOOD, StepState.REUSED, BAD, StepState.FAILED, NEXT, StepState.SKIPPED);
  private static final Map<StepId, Map<String, OutputData>> OUTPUTS =
      Map.of(
          GOOD, Map.of("out", new OutputData(Digest.ofText("x"), DataType.URI_FILE, "out", 1, 1)));

  private static Map<String, StepInput> settled(Map<String, StepInput> inputs) {
    return Settled.of(
            step(inputs),
            id -> STATES.getOrDefault(id, StepState.PLANNED),
            OUTPUTS,
            (data, ref) -> "of " + ref.step() + "." + data.name())
        .inputs();
  }

  private static Step step(Map<String, StepInput> inputs) {
    return new Step(
        new StepId("step"),
        "step",
        List.of(new Segment.Text("true")),
        new Code.None(),
        EnvironmentSpec.named("azureml:local"),
        Map.of(),
        inputs,
        Map.of(),
        Optional.empty(),
        true,
        false,
        "",
        Map.of(),
        new Where("p.yml", 1, 1),
        Map.of());
  }

  private static StepInput.FromStep from(StepId step) {
    return new StepInput.FromStep(step, "out", DataType.URI_FILE, StepInput.Mode.RO_MOUNT);
  }

  @Test
  void when_nothing_is_to_be_settled_then_it_is_the_same_step() {
    var step = step(Map.of("a", new StepInput.Literal("1"), "b", from(GOOD)));
    assertThat(Settled.of(step, _ -> StepState.SUCCEEDED, OUTPUTS, (_, _) -> "")).isSameAs(step);
  }

  @Test
  void when_an_input_only_orders_it_then_the_step_does_not_see_it() {
    assertThat(
            settled(
                Map.of("x", new StepInput.After(GOOD, true), "y", new StepInput.After(BAD, false))))
        .isEmpty();
  }

  @Test
  void when_an_input_is_read_if_it_is_made_then_it_is_there_when_it_was() {
    var inputs = new LinkedHashMap<String, StepInput>();
    inputs.put("made", new StepInput.IfMade(from(GOOD)));
    inputs.put("not", new StepInput.IfMade(from(BAD)));
    assertThat(settled(inputs)).containsExactly(Map.entry("made", from(GOOD)));
  }

  @Test
  void when_an_input_is_a_value_that_another_made_then_it_is_that_value() {
    assertThat(settled(Map.of("v", new StepInput.MadeValue(GOOD, "out", ValueType.STRING))))
        .containsExactly(Map.entry("v", new StepInput.Literal("of good.out")));
  }

  @Test
  void
      when_it_is_told_how_others_ended_then_those_that_failed_are_named_not_those_skipped_for_them() {
    assertThat(settled(Map.of("s", new StepInput.HowEnded(List.of(GOOD)))))
        .containsEntry("s", new StepInput.Literal("SUCCEEDED"));
    assertThat(settled(Map.of("s", new StepInput.HowEnded(List.of(GOOD, NEXT, BAD)))))
        .containsEntry("s", new StepInput.Literal("FAILED bad"));
    assertThat(settled(Map.of("s", new StepInput.HowEnded(List.of(NEXT)))))
        .containsEntry("s", new StepInput.Literal("FAILED next"));
  }
}
