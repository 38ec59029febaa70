package io.headrace.engine;

import io.headrace.plan.Group;
import io.headrace.run.StepState;
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
    var now = instances();
    return switch (Bodies.ended(List.of(now.of(body())), members)) {
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
    return Turn.begin(instances().of(body()));
  }

  private Group.Body body() {
    return round == 0 ? loop.first() : loop.next();
  }

  private Instances instances() {
    return new Instances(loop.id(), round, Map.of());
  }
}
