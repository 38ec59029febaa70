package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes one of two ways. */
final class BranchControl implements GroupControl {
  private final Group.Branch branch;

  BranchControl(Group.Branch branch) {
    this.branch = branch;
  }

  @Override
  public Turn next(Members members) {
    boolean holds = Conditions.hold(branch.condition(), members);
    var chosen = holds ? branch.whenTrue() : branch.whenFalse();
    var other = holds ? branch.whenFalse() : branch.whenTrue();
    if (isNew(chosen.ids(), members) || isNew(other.ids(), members)) {
      return new Turn(chosen, other.ids(), Set.of(), Optional.empty());
    }
    var ended = Bodies.ended(List.of(chosen), members);
    return switch (ended) {
      case Bodies.Ended.No _ -> Turn.WAIT;
      case Bodies.Ended.Badly(String why) -> Turn.failed(why);
      case Bodies.Ended.Well _ ->
          Turn.over(StepState.SUCCEEDED, outputs(members), "the condition was " + holds);
    };
  }

  private static boolean isNew(Set<StepId> ids, Members members) {
    return ids.stream().anyMatch(id -> members.state(id).isEmpty());
  }

  private Map<String, OutputData> outputs(Members members) {
    var outputs = new LinkedHashMap<String, OutputData>();
    branch
        .outputs()
        .forEach((name, refs) -> {
          for (Plan.StepRef ref : refs) {
            var data = members.outputs(ref.step()).get(ref.output());
            if (data != null) {
              outputs.putIfAbsent(name, data);
            }
          }
        });
    return outputs;
  }
}
