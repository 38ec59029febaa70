package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the members that were made from a group's bodies stand together. */
final class Bodies {
  private Bodies() {}

  /** Whether all members have ended, and how. */
  sealed interface Ended {
    record No() implements Ended {}

    record Well() implements Ended {}

    record Badly(String why) implements Ended {}
  }

  /**
   * A member that was skipped did not fail when its branch was not taken. When it was skipped since
   * something outside failed, the group could not do its work either.
   */
  static Ended ended(List<Group.Body> bodies, GroupControl.Members members) {
    var failed = new ArrayList<StepId>();
    var inVain = new ArrayList<String>();
    for (var body : bodies) {
      for (var id : body.ids()) {
        switch (members.state(id).orElse(StepState.PLANNED)) {
          case PLANNED, RUNNING -> {
            return new Ended.No();
          }
          case SUCCEEDED, REUSED -> {}
          case SKIPPED ->
              members
                  .failureBehind(id)
                  .ifPresent(it -> inVain.add(id + " was skipped, since " + it + " failed"));
          case FAILED, CANCELED -> failed.add(id);
        }
      }
    }
    if (failed.isEmpty()) {
      return inVain.isEmpty() ? new Ended.Well() : new Ended.Badly(inVain.getFirst());
    }
    return new Ended.Badly(
        failed.size() == 1
            ? failed.getFirst() + " failed"
            : failed.size() + " members failed, the first of them " + failed.getFirst());
  }

  /** The outputs that members have made. */
  static Map<String, OutputData> outputs(
      Map<String, Plan.StepRef> refs, Instances as, GroupControl.Members members) {
    var outputs = new LinkedHashMap<String, OutputData>();
    refs.forEach((name, written) -> {
      var ref = as.ref(written);
      var data = members.outputs(ref.step()).get(ref.output());
      if (data != null) {
        outputs.put(name, data);
      }
    });
    return outputs;
  }
}
