package io.headrace.engine;

import io.headrace.name.StepId;
import java.util.Set;

/**
 * How a run is to go, beside its plan.
 *
 * @param parallel how many steps may have a process at once, at least 1
 * @param noReuse steps that are not given an earlier result: names, also of pipelines for all
 *     below; {@code *} for all
 * @param seed for HEADRACE_SEED and PYTHONHASHSEED, 0 to 4294967295
 * @param source what the plan was read from: an absolute path; runs of one source are compared with
 *     each other
 * @param user who runs it
 */
public record RunOptions(int parallel, Set<String> noReuse, long seed, String source, String user) {
  public RunOptions {
    noReuse = Set.copyOf(noReuse);
  }

  boolean mayReuse(StepId step) {
    for (var name : noReuse) {
      if (name.equals("*") || step.value().equals(name) || step.value().startsWith(name + ".")) {
        return false;
      }
    }
    return true;
  }
}
