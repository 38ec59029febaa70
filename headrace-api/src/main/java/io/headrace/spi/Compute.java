package io.headrace.spi;

import io.headrace.run.JobStatus;
import java.util.function.Consumer;

/** A place where jobs run: this machine, a cluster's partition, a namespace. Thread-safe. */
public interface Compute extends AutoCloseable {
  /**
   * Starts a job, or adopts it: called again with the same {@link JobRequest#attempt()}, by this
   * process or one that comes after its death, it never starts a second copy. A job that ended
   * meanwhile is reported as it ended.
   *
   * @param onEnd told exactly once, on any thread, unless this compute is closed before
   * @throws io.headrace.problem.ProblemException when it could not be started; {@code onEnd} is
   *     then never called
   */
  JobHandle submit(JobRequest request, Consumer<JobStatus> onEnd);

  /**
   * Makes sure that the job ends and leaves no process; returns at once. {@code onEnd} is told with
   * cause {@link JobStatus.Cause#CANCELED}, or with how it ended if it was faster. Does nothing to
   * a job that has ended.
   */
  void cancel(JobHandle handle);

  /** Stops watching. Jobs that run go on running. */
  @Override
  void close();
}
