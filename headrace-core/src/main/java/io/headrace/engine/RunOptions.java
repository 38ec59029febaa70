package io.headrace.engine;

import io.headrace.name.StepId;
import java.util.Set;

/**
 * How a run is to go, beside its plan.
 *
 * @param parallel how many steps may have a process at once, at least 1
 * @param noReuse no step is given an earlier result
 * @param noReuseSteps nor are these, or what is below them when one names a pipeline
 * @param seed for HEADRACE_SEED and PYTHONHASHSEED, 0 to 4294967295
 * @param source what the plan was read from: an absolute path; runs of one source are compared with each other
 * @param user who runs it
 */
public record RunOptions(
    int parallel, boolean noReuse, Set<String> noReuseSteps, long seed, String source, String user) {
  public RunOptions {
    noReuseSteps = Set.copyOf(noReuseSteps);
  }

  boolean mayReuse(StepId step) {
    if (noReuse) {
      return false;
    }
    for (var name : noReuseSteps) {
      if (step.value().equals(name) || step.value().startsWith(name + ".")) {
        return false;
      }
    }
    return true;
  }
}
