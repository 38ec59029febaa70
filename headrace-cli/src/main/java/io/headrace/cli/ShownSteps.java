package io.headrace.cli;

import io.headrace.engine.RunState;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** A run's steps in the order in which people want to see them. */
final class ShownSteps {
  private ShownSteps() {}

  /** The plan's, then its groups, each followed by its members as they began. */
  static List<StepId> of(Plan plan, RunState state) {
    var shown = new LinkedHashSet<StepId>();
    plan.steps().forEach(step -> shown.add(step.id()));
    for (var group : plan.groups()) {
      shown.add(group.id());
      var prefix = group.id().value() + ".";
      state.steps().keySet().stream()
          .filter(id -> id.value().startsWith(prefix))
          .forEach(shown::add);
    }
    shown.addAll(state.steps().keySet());
    return new ArrayList<>(shown);
  }
}
