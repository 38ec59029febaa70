package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.run.OutputData;
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

  /** A member that was skipped did not fail: its branch was not taken, or who failed is told. */
  static Ended ended(List<Group.Body> bodies, GroupControl.Members members) {
    var failed = new ArrayList<StepId>();
    for (var body : bodies) {
      for (var id : body.ids()) {
        switch (members.state(id).orElse(io.headrace.run.StepState.PLANNED)) {
          case PLANNED, RUNNING -> {
            return new Ended.No();
          }
          case SUCCEEDED, REUSED, SKIPPED -> {}
          case FAILED, CANCELED -> failed.add(id);
        }
      }
    }
    if (failed.isEmpty()) {
      return new Ended.Well();
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
