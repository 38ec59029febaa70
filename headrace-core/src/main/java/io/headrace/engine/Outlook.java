package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What can be told of groups before they have begun. */
final class Outlook {
  /** Of a loop with more items, so many are looked at one by one. */
  private static final int MOST_ITEMS = 100;

  private Outlook() {}

  /** A group in a line: how much of it there will be, and what that depends on. */
  static String of(Group group) {
    return switch (group) {
      case Group.ForEach it -> forEach(it);
      case Group.Loop it ->
          "at most "
              + counted(it.most(), "round")
              + " of "
              + size(it.first())
              + "; the first is known";
      case Group.Branch it -> branch(it);
      case Group.Sweep it ->
          "at most "
              + counted(it.limits().maxTotalTrials(), "trial")
              + ", "
              + it.limits().maxConcurrentTrials()
              + " at once";
    };
  }

  private static String forEach(Group.ForEach loop) {
    var atOnce = loop.concurrency() > 0 ? ", " + loop.concurrency() + " at once" : "";
    return switch (loop.items()) {
      case Group.Items.Known(List<Map<String, StepInput>> items) ->
          counted(items.size(), "item") + " of " + size(loop.body()) + atOnce;
      case Group.Items.FromStep(Plan.StepRef ref, var _) ->
          size(loop.body()) + " for each item that " + ref.step() + " writes" + atOnce;
    };
  }

  private static String branch(Group.Branch branch) {
    if (branch.condition() instanceof Group.Condition.Always(boolean holds)) {
      return "the condition is "
          + holds
          + ": "
          + names(holds ? branch.whenTrue() : branch.whenFalse());
    }
    return names(branch.whenTrue())
        + " or "
        + names(branch.whenFalse())
        + ", by what "
        + branch.condition().after().stream().map(StepId::value).collect(Collectors.joining(", "))
        + " makes";
  }

  private static String names(Group.Body body) {
    return body.ids().isEmpty()
        ? "nothing"
        : body.ids().stream().map(StepId::value).collect(Collectors.joining(", "));
  }

  private static String size(Group.Body body) {
    var steps = counted(body.steps().size(), "step");
    return body.groups().isEmpty()
        ? steps
        : steps + " and " + counted(body.groups().size(), "group");
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** The steps that are sure to come, with the ids that they will have. */
  static List<Step> steps(List<Group> groups) {
    var steps = new ArrayList<Step>();
    groups.forEach(group -> add(group, steps));
    return steps;
  }

  private static void add(Group group, List<Step> to) {
    switch (group) {
      case Group.ForEach it -> {
        if (it.items() instanceof Group.Items.Known(List<Map<String, StepInput>> items)) {
          for (int i = 0; i < Math.min(items.size(), MOST_ITEMS); i++) {
            add(Instances.of(it.id(), i, items.get(i)).of(it.body()), to);
          }
        }
      }
      case Group.Loop it -> add(new Instances(it.id(), 0, Map.of()).of(it.first()), to);
      case Group.Branch it -> {
        if (it.condition() instanceof Group.Condition.Always(boolean holds)) {
          add(holds ? it.whenTrue() : it.whenFalse(), to);
        }
      }
      case Group.Sweep _ -> {} // its values are drawn when it begins
    }
  }

  private static void add(Group.Body body, List<Step> to) {
    to.addAll(body.steps());
    body.groups().forEach(group -> add(group, to));
  }
}
