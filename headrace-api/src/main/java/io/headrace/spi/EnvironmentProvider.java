package io.headrace.spi;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import java.util.function.Consumer;

/** Turns what a step asks for into software that is there. Thread-safe. */
public interface EnvironmentProvider {
  /**
   * What {@link #prepare} would give, as a digest, without building anything; milliseconds. The
   * same definition on the same machine gives the same digest.
   *
   * @throws io.headrace.problem.ProblemException when the definition is wrong, unknown or cannot be
   *     met
   */
  Digest identity(EnvironmentSpec spec);

  /**
   * Builds once for each {@link #identity}, then answers from what is there. Two callers at once,
   * in one process or two, build once.
   *
   * @param progress told lines for people while something slow goes on
   * @throws io.headrace.problem.ProblemException when it cannot be built; nothing half-built is
   *     left visible
   */
  PreparedEnvironment prepare(EnvironmentSpec spec, Consumer<String> progress)
      throws InterruptedException;
}
