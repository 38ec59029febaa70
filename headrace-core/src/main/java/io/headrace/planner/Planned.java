package io.headrace.planner;

import io.headrace.plan.Plan;
import io.headrace.problem.Problem;
import java.util.List;

/** A plan, and what is odd about the files that it came from. */
public record Planned(Plan plan, List<Problem> warnings) {
  public Planned {
    warnings = List.copyOf(warnings);
  }
}
