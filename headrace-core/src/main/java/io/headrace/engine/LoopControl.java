package io.headrace.engine;

import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.run.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Begins a body anew while its condition holds. */
final class LoopControl implements GroupControl {
  private final Group.Loop loop;
  private int round = -1;

  LoopControl(Group.Loop loop) {
    this.loop = loop;
  }

  @Override
  public Turn next(Members members) {
    if (round < 0) {
      return begin();
    }
    var now = instances(round);
    return switch (Bodies.ended(List.of(now.of(loop.body())), members)) {
      case Bodies.Ended.No _ -> Turn.WAIT;
      case Bodies.Ended.Badly(String why) -> Turn.failed("round " + round + ": " + why);
      case Bodies.Ended.Well _ -> {
        boolean holds = now.holds(loop.condition(), members);
        if (holds && round + 1 < loop.most()) {
          yield begin();
        }
        yield Turn.over(
            StepState.SUCCEEDED,
            Bodies.outputs(loop.outputs(), now, members),
            (round + 1)
                + (round == 0 ? " round" : " rounds")
                + (holds ? "; that is the limit, though the condition still holds" : ""));
      }
    };
  }

  private Turn begin() {
    round++;
    var now = instances(round);
    var body = now.of(loop.body());
    return Turn.begin(
        round == 0
            ? body
            : new Group.Body(
                body.steps().stream().map(step -> carried(step, now)).toList(), body.groups()));
  }

  private Instances instances(int number) {
    return new Instances(loop.id(), number, Map.of("round", Integer.toString(number)));
  }

  /** Inputs that read what the round before made. */
  private Step carried(Step step, Instances now) {
    var inputs = new LinkedHashMap<>(step.inputs());
    for (var each : loop.carried()) {
      if (now.id(each.to()).equals(step.id())) {
        var from = instances(round - 1).ref(each.from());
        inputs.computeIfPresent(each.input(), (_, was) -> reading(from, was));
      }
    }
    return step.captured(step.code(), inputs);
  }

  private StepInput reading(Plan.StepRef from, StepInput was) {
    var made =
        loop.body().steps().stream()
            .filter(it -> instances(round - 1).id(it.id()).equals(from.step()))
            .map(it -> it.outputs().get(from.output()))
            .findFirst();
    var mode =
        switch (was) {
          case StepInput.FromStep it -> it.mode();
          case StepInput.Stored it -> it.mode();
          case StepInput.Remote it -> it.mode();
          case StepInput.Local it -> it.mode();
          case StepInput.Literal _, StepInput.Supplied _ -> StepInput.Mode.RO_MOUNT;
        };
    return new StepInput.FromStep(
        from.step(),
        from.output(),
        made.map(it -> it == null ? io.headrace.plan.DataType.URI_FOLDER : it.type())
            .orElse(io.headrace.plan.DataType.URI_FOLDER),
        mode);
  }
}
