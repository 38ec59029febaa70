package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.JobStatus;
import io.headrace.spi.Compute;
import io.headrace.spi.JobHandle;
import io.headrace.spi.JobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * This machine. Each job is a process group in a session of its own, under a small shell wrapper
 * that leaves notes in the attempt's folder (see {@link AttemptFolder}), so that the job outlives
 * us and whoever comes after us can take it over.
 *
 * <p>What ends with a job: when its command has ended, the processes it left in its group are
 * killed, as a container's would be; those that left for a session of their own follow within
 * moments. When it is cancelled or has used up its time, its group is asked to end by SIGTERM,
 * killed after a grace period, and {@code onEnd} is told when no process that carries its mark (the
 * variable {@value JobEnvironment#MARK}) is left. Where there is no {@code /proc}, the mark cannot
 * be read: there the group and its descendants end.
 *
 * <p>Its environment is ours, less what {@link JobEnvironment} takes away.
 */
public final class LocalCompute implements Compute {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration grace;
  private final Processes processes = new Processes();
  private final SessionStarter starter;
  private final Stragglers stragglers = new Stragglers(processes);
  private final ConcurrentHashMap<String, LocalJob> jobs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** With a grace period of ten seconds. */
  public LocalCompute() {
    this(GRACE);
  }

  /**
   * @param grace between SIGTERM and SIGKILL
   */
  public LocalCompute(Duration grace) {
    this(grace, new WarmingStarter());
  }

  LocalCompute(Duration grace, SessionStarter starter) {
    this.grace = grace;
    this.starter = starter;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The attempt is begun exactly once among all processes: its wrapper's first act is to make
   * the file {@code started} exclusively, and the one that cannot goes away.
   */
  @Override
  public JobHandle submit(JobRequest request, Consumer<JobStatus> onEnd) {
    if (closed) {
      throw Problem.of(ErrorCode.INTERNAL, "this compute has been closed").asException();
    }
    check(request);
    var job = new LocalJob(request, processes, starter, grace, this::forget);
    var known = jobs.putIfAbsent(request.attempt(), job);
    if (known != null) {
      return known.alsoTell(onEnd);
    }
    try {
      return job.begin(onEnd);
    } catch (IOException e) {
      jobs.remove(request.attempt(), job);
      throw notStarted(request, String.valueOf(e.getMessage())).asException(e);
    } catch (RuntimeException e) {
      jobs.remove(request.attempt(), job);
      throw e;
    }
  }

  private void forget(LocalJob ended) {
    jobs.remove(ended.attempt(), ended);
    stragglers.leftBy(ended.attempt());
  }

  private static void check(JobRequest request) {
    requireFolder(request, request.folder());
    requireFolder(request, request.workingFolder());
    NativeText.check(request);
  }

  private static void requireFolder(JobRequest request, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw notStarted(request, "the folder " + folder + " is not there").asException();
    }
  }

  private static Problem notStarted(JobRequest request, String why) {
    return Problem.of(
        ErrorCode.STEP_NOT_STARTED, "attempt " + request.attempt() + " could not be begun: " + why);
  }

  @Override
  public void cancel(JobHandle handle) {
    var job = jobs.get(handle.attempt());
    if (job != null) {
      job.cancel();
    }
  }

  /** Stops watching; what runs goes on running. Ends what jobs that have ended left behind. */
  @Override
  public void close() {
    closed = true;
    jobs.values().forEach(LocalJob::stopWatching);
    jobs.clear();
    stragglers.endNow();
  }
}
