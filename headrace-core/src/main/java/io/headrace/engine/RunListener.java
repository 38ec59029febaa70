package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.run.RunEvent;
import java.nio.file.Path;

/**
 * Hears of a run while it goes on. Called from several threads, one at a time; must return soon.
 */
public interface RunListener {
  /** An event that is durable. */
  void event(RunEvent event);

  /**
   * A step's process has begun.
   *
   * @param log where its output is growing
   * @param because why it runs and was not given an earlier result, for people
   * @param adopted whether it had been begun by an engine that is gone
   */
  void running(StepId step, Path log, String because, boolean adopted);

  /** A line for people: an environment is being built, a download goes on. */
  void notice(String line);

  /** Nobody listens. */
  static RunListener none() {
    return new RunListener() {
      @Override
      public void event(RunEvent event) {}

      @Override
      public void running(StepId step, Path log, String because, boolean adopted) {}

      @Override
      public void notice(String line) {}
    };
  }
}
