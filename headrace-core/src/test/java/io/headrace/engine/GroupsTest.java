package io.headrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import io.headrace.name.StepId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EarlyTermination;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Group;
import io.headrace.plan.Group.Condition;
import io.headrace.plan.Group.Operand;
import io.headrace.plan.Group.Operator;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Objective;
import io.headrace.plan.Plan;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.plan.SweepLimits;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What groups of steps begin, when, and with which values. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GroupsTest {
  private static final Where HERE = new Where("p.yml", 3, 5);

  private static Step step(String id, Map<String, StepInput> inputs) {
    var command = new ArrayList<Segment>();
    command.add(new Segment.Text("work "));
    inputs.forEach((name, input) ->
        command.add(
            input instanceof StepInput.Literal(String value)
                ? new Segment.Value(name, value)
                : new Segment.InputPath(name)));
    return new Step(
        new StepId(id),
        id,
        command,
        new Code.None(),
        EnvironmentSpec.named("azureml:local"),
        Map.of(),
        inputs,
        Map.of(
            "out",
            new StepOutput(
                DataType.URI_FILE, StepOutput.Mode.RW_MOUNT, Optional.empty(), Optional.empty())),
        Optional.empty(),
        true,
        false,
        "",
        Map.of(),
        HERE,
        Map.of());
  }

  private static StepInput from(String step) {
    return new StepInput.FromStep(
        new StepId(step), "out", DataType.URI_FILE, StepInput.Mode.RO_MOUNT);
  }

  private static Plan.StepRef ref(String step) {
    return new Plan.StepRef(new StepId(step), "out");
  }

  private static Group.Body body(Step... steps) {
    return new Group.Body(List.of(steps), List.of());
  }

  private static List<String> ids(GroupControl.Turn turn) {
    return turn.begin().ids().stream().map(StepId::value).toList();
  }

  private static String madeOf(GroupControl.Over over, String output) {
    return Optional.ofNullable(over.outputs().get(output)).orElseThrow().name();
  }

  /** A member's world, moved by hand. */
  private static final class World implements GroupControl.Members {
    private final Map<StepId, StepState> states = new HashMap<>();
    private final Map<StepId, String> texts = new HashMap<>();
    private final Map<StepId, List<Double>> metrics = new HashMap<>();
    private final Map<StepId, Map<String, String>> recorded = new HashMap<>();
    private final Map<StepId, StepId> failures = new HashMap<>();

    GroupControl.Turn begun(GroupControl.Turn turn) {
      turn.begin().ids().forEach(id -> states.putIfAbsent(id, StepState.PLANNED));
      turn.skip().forEach(id -> states.put(id, StepState.SKIPPED));
      return turn;
    }

    void end(String id, StepState state) {
      states.put(new StepId(id), state);
    }

    @Override
    public Optional<StepState> state(StepId member) {
      return Optional.ofNullable(states.get(member));
    }

    @Override
    public Optional<StepId> failureBehind(StepId skipped) {
      return Optional.ofNullable(failures.get(skipped));
    }

    @Override
    public Optional<Map<String, String>> recorded(StepId member) {
      return Optional.ofNullable(recorded.get(member));
    }

    @Override
    public Map<String, OutputData> outputs(StepId of) {
      return state(of).map(StepState::isSuccess).orElse(false)
          ? Map.of(
              "out", new OutputData(Digest.ofText(of.value()), DataType.URI_FILE, of.value(), 1, 1))
          : Map.of();
    }

    @Override
    public String text(Plan.StepRef ref) {
      return texts.getOrDefault(ref.step(), "");
    }

    @Override
    public OutputData gathered(List<OutputData> parts) {
      var names = new StringBuilder();
      parts.forEach(it -> names.append(it.name()).append(' '));
      return new OutputData(
          Digest.ofText(names.toString()), DataType.URI_FOLDER, names.toString(), 0, parts.size());
    }

    @Override
    public List<Double> metrics(StepId member, String metric) {
      return metrics.getOrDefault(member, List.of());
    }

    @Override
    public long age() {
      return 0;
    }
  }

  @Nested
  class Given_a_loop_over_items {
    private final Group.ForEach loop =
        new Group.ForEach(
            new StepId("each"),
            "each",
            body(
                step("each.train", Map.of("rate", new StepInput.Literal(Slot.of("rate")))),
                step("each.score", Map.of("model", from("each.train"), "data", from("prep")))),
            Group.Items.Known.ofValues(List.of(Map.of("rate", "1"), Map.of("rate", "2 '"))),
            1,
            Map.of("scores", ref("each.score")),
            HERE);

    @Test
    void then_it_waits_for_what_its_body_reads_from_outside() {
      assertThat(loop.after()).containsExactly(new StepId("prep"));
    }

    @Test
    void when_it_opens_then_only_as_many_items_begin_as_may_each_with_its_own_ids_and_values() {
      var world = new World();
      var control = GroupControl.of(loop, 0);
      var first = world.begun(control.next(world));
      assertThat(ids(first)).containsExactly("each.0.train", "each.0.score");
      assertThat(first.begin().steps().getFirst().inputs().get("rate"))
          .isEqualTo(new StepInput.Literal("1"));
      assertThat(first.begin().steps().get(1).inputs().get("model"))
          .isEqualTo(from("each.0.train"));
      assertThat(first.begin().steps().get(1).inputs().get("data")).isEqualTo(from("prep"));
      assertThat(control.next(world).begin().ids()).isEmpty();

      world.end("each.0.train", StepState.SUCCEEDED);
      world.end("each.0.score", StepState.REUSED);
      var second = world.begun(control.next(world));
      assertThat(second.begin().steps().getFirst().command())
          .contains(new Segment.Value("rate", "2 '"));

      world.end("each.1.train", StepState.SUCCEEDED);
      world.end("each.1.score", StepState.SUCCEEDED);
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.SUCCEEDED);
      assertThat(madeOf(over, "scores")).isEqualTo("each.0.score each.1.score ");
    }

    @Test
    void when_an_item_fails_then_no_further_one_begins_and_the_loop_says_which() {
      var world = new World();
      var control = GroupControl.of(loop, 0);
      world.begun(control.next(world));
      world.end("each.0.train", StepState.FAILED);
      world.end("each.0.score", StepState.SKIPPED);
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.FAILED);
      assertThat(over.message()).isEqualTo("item 0: each.0.train failed");
    }

    @Test
    void when_the_items_are_json_then_objects_give_their_fields_and_others_the_item() {
      var maker = new StepId("list");
      assertThat(
              ForEachControl.parse(
                  "[1.50, \"a b\", {\"rate\": 2, \"deep\": [1]}]", maker, Map.of()))
          .containsExactly(
              Map.of("item", "1.5"),
              Map.of("item", "a b"),
              Map.of("item", "{\"rate\":2,\"deep\":[1]}", "rate", "2", "deep", "[1]"));
      assertThat(ForEachControl.parse("{\"x\": {\"rate\": 1}}", maker, Map.of()).getFirst())
          .containsEntry("rate", "1");
      for (var bad : List.of("", "{", "3", "\"text\"", "nil")) {
        assertThatThrownBy(() -> ForEachControl.parse(bad, maker, Map.of()))
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("list");
      }
    }
  }

  @Nested
  class Given_a_loop_within_a_loop {
    @Test
    void when_both_give_one_name_then_the_inner_items_are_the_bodys() {
      var digest = Digest.ofText("x");
      var stored = new StepInput.Stored(digest, "a", DataType.URI_FILE, StepInput.Mode.RO_MOUNT);
      var inner =
          new Group.ForEach(
              new StepId("out.in"),
              "in",
              body(
                  step(
                      "out.in.s",
                      Map.of(
                          "n",
                          new StepInput.Literal(Slot.of("n")),
                          "data",
                          new StepInput.OfItem(
                              "data", DataType.URI_FILE, StepInput.Mode.DOWNLOAD)))),
              Group.Items.Known.ofValues(List.of(Map.of("n", "inner " + Slot.of("m")))),
              1,
              Map.of(),
              HERE);
      var made =
          Instances.of(
                  new StepId("out"),
                  0,
                  Map.of(
                      "n", new StepInput.Literal("outer"),
                      "m", new StepInput.Literal("7"),
                      "data", stored))
              .of(new Group.Body(List.of(), List.of(inner)));
      var loop = (Group.ForEach) made.groups().getFirst();
      var items = ((Group.Items.Known) loop.items()).items();
      var step = Instances.of(loop.id(), 0, items.getFirst()).of(loop.body()).steps().getFirst();
      assertThat(step.inputs())
          .containsEntry("n", new StepInput.Literal("inner 7"))
          .containsEntry("data", stored.as(DataType.URI_FILE, StepInput.Mode.DOWNLOAD));
    }
  }

  @Nested
  class Given_a_branch {
    private final Group.Branch branch =
        new Group.Branch(
            new StepId("choice"),
            "choice",
            new Condition.IsTrue(ref("check")),
            body(step("deploy", Map.of())),
            body(step("retrain", Map.of())),
            Map.of("model", List.of(ref("deploy"), ref("retrain"))),
            HERE);

    @Test
    void when_the_condition_holds_then_one_body_begins_and_the_other_is_skipped() {
      var world = new World();
      world.texts.put(new StepId("check"), "True");
      var control = GroupControl.of(branch, 0);
      var turn = world.begun(control.next(world));
      assertThat(ids(turn)).containsExactly("deploy");
      assertThat(turn.skip()).containsExactly(new StepId("retrain"));
      assertThat(control.next(world).over()).isEmpty();
      world.end("deploy", StepState.SUCCEEDED);
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.SUCCEEDED);
      assertThat(over.outputs()).containsKey("model");
    }

    @Test
    void when_it_does_not_hold_then_the_other_way_is_taken() {
      var world = new World();
      world.texts.put(new StepId("check"), "no");
      assertThat(ids(GroupControl.of(branch, 0).next(world))).containsExactly("retrain");
    }

    @Test
    void when_a_member_was_skipped_for_a_failure_outside_then_the_branch_has_failed_too() {
      var world = new World();
      world.texts.put(new StepId("check"), "true");
      var control = GroupControl.of(branch, 0);
      world.begun(control.next(world));
      world.end("deploy", StepState.SKIPPED);
      world.failures.put(new StepId("deploy"), new StepId("train"));
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.FAILED);
      assertThat(over.message()).isEqualTo("deploy was skipped, since train failed");
    }

    @Test
    void
        when_a_member_was_skipped_since_another_branch_chose_otherwise_then_this_one_has_succeeded() {
      var world = new World();
      world.texts.put(new StepId("check"), "true");
      var control = GroupControl.of(branch, 0);
      world.begun(control.next(world));
      world.end("deploy", StepState.SKIPPED);
      assertThat(control.next(world).over().orElseThrow().state()).isEqualTo(StepState.SUCCEEDED);
    }

    @Test
    void then_values_compare_as_numbers_when_both_are_and_as_texts_otherwise() {
      assertThat(Conditions.compare("10", Operator.GREATER, "9")).isTrue();
      assertThat(Conditions.compare("10", Operator.GREATER, "9a")).isFalse();
      assertThat(Conditions.compare("1.0", Operator.EQUAL, "1")).isTrue();
      assertThat(Conditions.compare("-0.0", Operator.EQUAL, "0")).isTrue();
      assertThat(Conditions.compare("NaN", Operator.LESS_OR_EQUAL, "1")).isFalse();
      assertThat(Conditions.compare("NaN", Operator.NOT_EQUAL, "NaN")).isTrue();
      assertThat(Conditions.compare("heads", Operator.EQUAL, "heads")).isTrue();
      assertThat(Conditions.compare("a", Operator.LESS, "b")).isTrue();
    }
  }

  @Nested
  class Given_a_loop_with_a_condition {
    private final Group.Loop loop =
        new Group.Loop(
            new StepId("again"),
            "again",
            body(step("again.step", Map.of("state", from("start")))),
            body(step("again.step", Map.of("state", from("again.previous.step")))),
            new Condition.IsTrue(ref("again.step")),
            3,
            Map.of("state", ref("again.step")),
            HERE);

    @Test
    void then_each_round_reads_what_the_round_before_made_until_the_condition_no_longer_holds() {
      var world = new World();
      var control = GroupControl.of(loop, 0);
      var first = world.begun(control.next(world));
      assertThat(first.begin().steps().getFirst().inputs()).containsEntry("state", from("start"));
      world.texts.put(new StepId("again.0.step"), "true");
      world.end("again.0.step", StepState.SUCCEEDED);
      var second = world.begun(control.next(world));
      assertThat(second.begin().steps().getFirst().inputs())
          .containsEntry("state", from("again.0.step"));
      world.texts.put(new StepId("again.1.step"), "false");
      world.end("again.1.step", StepState.SUCCEEDED);
      var over = control.next(world).over().orElseThrow();
      assertThat(over.message()).isEqualTo("2 rounds");
      assertThat(madeOf(over, "state")).isEqualTo("again.1.step");
    }

    @Test
    void when_it_never_ends_then_the_limit_does_and_says_so() {
      var world = new World();
      var control = GroupControl.of(loop, 0);
      for (int round = 0; round < 3; round++) {
        assertThat(ids(world.begun(control.next(world))))
            .containsExactly("again." + round + ".step");
        world.texts.put(new StepId("again." + round + ".step"), "1");
        world.end("again." + round + ".step", StepState.SUCCEEDED);
      }
      assertThat(control.next(world).over().orElseThrow().message()).contains("limit");
    }
  }

  @Test
  void
      given_items_that_a_step_writes_when_one_lacks_a_name_then_it_has_the_default_or_is_refused() {
    var maker = new StepId("list");
    assertThat(
            ForEachControl.parse(
                "[{\"n\": 1}]", maker, Map.of("rate", Optional.of("0.5"), "n", Optional.empty())))
        .first(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("n", "1")
        .containsEntry("rate", "0.5");
    assertThatThrownBy(
            () -> ForEachControl.parse("[{\"m\": 1}]", maker, Map.of("n", Optional.empty())))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("what list gives to loop over lacks 'n' in item 0");
  }

  @Test
  void given_groups_that_have_not_begun_then_what_is_known_of_them_can_be_told() {
    var items = new ArrayList<Map<String, String>>();
    for (int i = 0; i < 3; i++) {
      items.add(Map.of("n", "" + i));
    }
    var loop =
        new Group.ForEach(
            new StepId("each"),
            "each",
            body(step("each.b", Map.of("n", new StepInput.Literal(Slot.of("n"))))),
            Group.Items.Known.ofValues(items),
            2,
            Map.of(),
            HERE);
    assertThat(Outlook.of(loop)).isEqualTo("3 items of 1 step, 2 at once");
    assertThat(Outlook.steps(List.of(loop)))
        .extracting(it -> it.id().value())
        .containsExactly("each.0.b", "each.1.b", "each.2.b");
    assertThat(Outlook.of(sweep(2))).isEqualTo("at most 10 trials, 2 at once");
    assertThat(Outlook.steps(List.of(sweep(2)))).isEmpty();
  }

  private static Group.Sweep sweep(int concurrent) {
    return new Group.Sweep(
        new StepId("find"),
        "find",
        step("find.trial", Map.of("x", new StepInput.Literal(Slot.of("x")))),
        new SearchSpace(
            Map.of(
                "x",
                new Hyperparameter.Choice(
                    List.of(
                        new Hyperparameter.Option.Single("1"),
                        new Hyperparameter.Option.Single("2"),
                        new Hyperparameter.Option.Single("3"))))),
        new Sampling.Grid(),
        new Objective(Objective.Goal.MAXIMIZE, "score"),
        Optional.empty(),
        new SweepLimits(10, concurrent, Optional.empty(), Optional.of(Duration.ofSeconds(9))),
        HERE);
  }

  @Nested
  class Given_a_sweep {
    @Test
    void then_trials_begin_as_there_is_room_and_the_best_ones_outputs_are_the_sweeps() {
      var world = new World();
      var control = GroupControl.of(sweep(2), 0);
      var first = world.begun(control.next(world));
      assertThat(ids(first)).containsExactly("find.0", "find.1");
      assertThat(first.begin().steps().getFirst().timeout()).contains(Duration.ofSeconds(9));
      assertThat(first.begin().steps().getFirst().environmentVariables())
          .containsEntry("AZUREML_SWEEP_x", List.of(new Segment.Value("x", "1")));
      world.metrics.put(new StepId("find.0"), List.of(0.1, 0.9));
      world.end("find.0", StepState.SUCCEEDED);
      assertThat(ids(world.begun(control.next(world)))).containsExactly("find.2");
      world.end("find.1", StepState.FAILED);
      world.metrics.put(new StepId("find.2"), List.of(0.95, 0.5));
      world.end("find.2", StepState.SUCCEEDED);
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.SUCCEEDED);
      assertThat(over.message()).isEqualTo("best of 3: trial 0, score = 0.9 with {x=1}");
      assertThat(madeOf(over, "out")).isEqualTo("find.0");
    }

    @Test
    void when_no_trial_logs_the_metric_then_it_fails_and_says_how_to_log_it() {
      var world = new World();
      var control = GroupControl.of(sweep(3), 0);
      ids(world.begun(control.next(world))).forEach(id -> world.end(id, StepState.SUCCEEDED));
      var over = control.next(world).over().orElseThrow();
      assertThat(over.state()).isEqualTo(StepState.FAILED);
      assertThat(over.message()).contains("score").contains("mlflow.log_metric");
    }

    @Test
    void when_an_earlier_engine_had_begun_a_trial_then_it_keeps_its_values() {
      var world = new World();
      world.recorded.put(new StepId("find.0"), Map.of("x", "3", "other", "kept out"));
      var first = GroupControl.of(sweep(1), 0).next(world);
      assertThat(first.begin().steps().getFirst().inputs())
          .containsEntry("x", new StepInput.Literal("3"));
    }
  }

  @Test
  void given_a_plan_with_every_kind_of_group_when_written_and_read_then_it_is_the_same() {
    var space = new LinkedHashMap<String, Hyperparameter>();
    space.put("a", new Hyperparameter.Uniform(0.5, 1e-7, true));
    space.put("b", new Hyperparameter.QUniform(1, 100, 5, false));
    space.put("c", new Hyperparameter.Normal(0, 1, false));
    space.put("d", new Hyperparameter.QNormal(0, 1, 0.1, true));
    space.put("e", new Hyperparameter.RandInt(17));
    space.put(
        "f",
        new Hyperparameter.Choice(
            List.of(
                new Hyperparameter.Option.Single("x"),
                new Hyperparameter.Option.Nested(
                    new SearchSpace(Map.of("g", new Hyperparameter.RandInt(2)))))));
    var policies =
        List.of(
            new EarlyTermination.Bandit(1, 2, 0.1, 0),
            new EarlyTermination.MedianStopping(2, 0),
            new EarlyTermination.Truncation(1, 0, 20, true));
    var samplings =
        List.of(
            new Sampling.Random(OptionalLong.of(7), true, OptionalDouble.of(10)),
            new Sampling.Random(OptionalLong.empty(), false, OptionalDouble.empty()),
            new Sampling.Bayesian());
    var groups = new ArrayList<Group>();
    for (int i = 0; i < policies.size(); i++) {
      groups.add(
          new Group.Sweep(
              new StepId("s" + i),
              "a sweep",
              step("s" + i + ".trial", Map.of("a", new StepInput.Literal(Slot.of("a")))),
              new SearchSpace(space),
              samplings.get(i),
              new Objective(Objective.Goal.MINIMIZE, "loss"),
              Optional.of(policies.get(i)),
              new SweepLimits(9, 2, Optional.of(Duration.ofHours(1)), Optional.empty()),
              HERE));
    }
    groups.add(
        new Group.ForEach(
            new StepId("each"),
            "each",
            new Group.Body(
                List.of(step("each.a", Map.of("data", from("prep")))), List.of(sweep(1))),
            new Group.Items.FromStep(ref("list"), Map.of("rate", Optional.of("0.5"))),
            4,
            Map.of("out", ref("each.a")),
            HERE));
    groups.add(
        new Group.Branch(
            new StepId("choice"),
            "choice",
            new Condition.All(
                List.of(
                    new Condition.Not(new Condition.IsTrue(ref("check"))),
                    new Condition.Any(
                        List.of(
                            new Condition.Always(true),
                            new Condition.Compare(
                                new Operand.Made(ref("check")),
                                Operator.LESS_OR_EQUAL,
                                new Operand.Constant("3")))))),
            body(step("yes", Map.of())),
            body(),
            Map.of("out", List.of(ref("yes"))),
            HERE));
    groups.add(
        new Group.Loop(
            new StepId("again"),
            "again",
            body(step("again.b", Map.of("state", from("start")))),
            body(step("again.b", Map.of("state", from("again.previous.b")))),
            new Condition.IsTrue(ref("again.b")),
            5,
            Map.of("out", ref("again.b")),
            HERE));
    var plan =
        new Plan(
            Optional.of("n"),
            "plan",
            "experiment",
            "",
            Map.of("t", "v"),
            List.of(step("start", Map.of())),
            groups,
            Map.of("o", ref("again")),
            Map.of("p", "1"),
            true,
            false,
            false,
            new Plan.Ends(Set.of(new StepId("start")), Set.of(new StepId("again"))));
    var text = new ByteArrayOutputStream();
    PlanText.write(plan, text);
    assertThat(PlanText.read(new ByteArrayInputStream(text.toByteArray()))).isEqualTo(plan);
  }
}
