package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.JobStatus;
import io.headrace.run.JobStatus.Cause;
import io.headrace.spi.JobHandle;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt: begins it or takes it over, then watches it on a thread of its own to its end. */
final class LocalJob {
  /** How often an adopted job, which the system tells us nothing of, is looked at. */
  private static final long LOOK_MILLIS = 50;

  /** How long what has been killed may take to vanish. */
  private static final Duration VANISH = Duration.ofSeconds(10);

  private enum News {
    GONE,
    CANCEL,
    CLOSE
  }

  private final JobRequest request;
  private final AttemptFolder notes;
  private final Processes processes;
  private final SessionStarter starter;
  private final Duration grace;
  private final Consumer<LocalJob> forget;
  private final LinkedBlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final List<Consumer<JobStatus>> listeners = new ArrayList<>(); // guarded by itself
  private @Nullable JobStatus told; // guarded by listeners
  private boolean stopped; // guarded by listeners
  private @Nullable JobHandle handle; // guarded by this

  // Set before the watching thread starts, then its own.
  private SessionStarter.@Nullable Child child;
  private long pid;
  private Instant started = Instant.EPOCH;

  /** What came from it when its end began; finds those that carry no mark. */
  private List<ProcessHandle> family = List.of();

  LocalJob(
      JobRequest request,
      Processes processes,
      SessionStarter starter,
      Duration grace,
      Consumer<LocalJob> forget) {
    this.request = request;
    this.notes = new AttemptFolder(request.folder());
    this.processes = processes;
    this.starter = starter;
    this.grace = grace;
    this.forget = forget;
  }

  /** Called once. */
  synchronized JobHandle begin(Consumer<JobStatus> onEnd) throws IOException {
    listeners.add(onEnd);
    var start = notes.start();
    if (start.isPresent()) {
      adopt(start.get());
    } else {
      start();
    }
    var begun = new JobHandle(request.attempt(), "pid " + pid, started, child == null);
    handle = begun;
    Thread.ofVirtual().name("watch " + request.attempt()).start(this::watch);
    return begun;
  }

  /** For a second submission within this process. */
  synchronized JobHandle alsoTell(Consumer<JobStatus> onEnd) {
    synchronized (listeners) {
      if (told == null) {
        listeners.add(onEnd);
      } else {
        var status = told;
        Thread.ofVirtual().start(() -> onEnd.accept(status));
      }
    }
    if (handle == null) {
      throw Problem.of(
              ErrorCode.STEP_NOT_STARTED, "attempt " + request.attempt() + " could not be begun")
          .asException();
    }
    return handle;
  }

  String attempt() {
    return request.attempt();
  }

  void cancel() {
    news.add(News.CANCEL);
  }

  void stopWatching() {
    synchronized (listeners) {
      stopped = true;
    }
    news.add(News.CLOSE);
  }

  private void start() throws IOException {
    started = Instant.now();
    var process = starter.start(Wrapper.launch(request));
    child = process;
    pid = process.pid();
    var _ = process.exit().whenComplete((_, _) -> news.add(News.GONE));
  }

  private void adopt(AttemptFolder.Start start) {
    child = null;
    pid = start.pid().orElse(0L);
    started = start.at();
  }

  private void watch() {
    outcome().ifPresent(this::tell);
  }

  /** Empty when we were told to stop watching; anything else is an end, or all would wait on. */
  private Optional<JobStatus> outcome() {
    try {
      return untilEnd();
    } catch (IOException e) {
      return Optional.of(lost("its notes in " + request.folder() + " cannot be read: " + e));
    } catch (RuntimeException e) {
      return Optional.of(lost("it could not be watched: " + e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
      return Optional.empty();
    }
  }

  private static JobStatus lost(String why) {
    return new JobStatus.Lost(why, Instant.now());
  }

  private void tell(JobStatus status) {
    List<Consumer<JobStatus>> all;
    synchronized (listeners) {
      if (stopped) {
        return;
      }
      told = status;
      all = List.copyOf(listeners);
    }
    forget.accept(this);
    all.forEach(listener -> listener.accept(status));
  }

  /** Empty when we were told to stop watching. */
  private Optional<JobStatus> untilEnd() throws IOException, InterruptedException {
    var deadline = request.timeout().map(limit -> deadline(limit));
    while (true) {
      var ended = endedByItself();
      if (ended.isPresent()) {
        return ended;
      }
      var begunToEnd = child == null ? notes.ending() : Optional.<Cause>empty();
      if (begunToEnd.isPresent()) {
        return Optional.of(end(begunToEnd.get())); // by one who died over it
      }
      var next = next(deadline);
      if (next == News.CLOSE) {
        return Optional.empty();
      }
      if (next == News.CANCEL) {
        return Optional.of(end(Cause.CANCELED));
      }
      if (deadline.isPresent() && System.nanoTime() - deadline.get() >= 0) {
        return Optional.of(end(Cause.TIME_LIMIT));
      }
    }
  }

  /** By this process's clock, so that a change of the wall clock does not matter. */
  private long deadline(Duration limit) {
    var used = Duration.between(started, Instant.now());
    var left = used.isNegative() ? limit : limit.minus(used);
    return System.nanoTime() + Math.max(0, saturated(left));
  }

  private static long saturated(Duration duration) {
    return duration.compareTo(Duration.ofDays(36_500)) > 0
        ? Duration.ofDays(36_500).toNanos()
        : duration.toNanos();
  }

  private @Nullable News next(Optional<Long> deadline) throws InterruptedException {
    long wait = child == null ? TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) : Long.MAX_VALUE;
    if (deadline.isPresent()) {
      wait = Math.min(wait, Math.max(0, deadline.get() - System.nanoTime()));
    }
    return news.poll(wait, TimeUnit.NANOSECONDS);
  }

  /** Empty while it is alive. */
  private Optional<JobStatus> endedByItself() throws IOException, InterruptedException {
    if (child != null) {
      return child.isAlive() ? Optional.empty() : childGone(child);
    }
    // Looked at in this order: a wrapper that ends in between has left its note.
    boolean alive = pid > 0 && processes.isWrapper(pid, request.folder());
    var exit = notes.exit();
    if (exit.isPresent()) {
      cleanUp(alive);
      return Optional.of(ended(exit.get()));
    }
    return alive ? Optional.empty() : adoptedGone();
  }

  private Optional<JobStatus> childGone(SessionStarter.Child process)
      throws IOException, InterruptedException {
    var exit = notes.exit();
    var start = notes.start();
    if (start.isPresent() && isAnothers(start.get(), process.exit().join())) {
      adopt(start.get()); // it was faster; ours went away
      return endedByItself();
    }
    if (exit.isPresent()) {
      return Optional.of(ended(exit.get()));
    }
    if (start.flatMap(AttemptFolder.Start::pid).isEmpty()) {
      return Optional.of(ExitStatus.notBegun(request, process.exit().join()));
    }
    cleanUp(false);
    return Optional.of(ExitStatus.wrapperDied(process.exit().join()));
  }

  private boolean isAnothers(AttemptFolder.Start start, int exitCode) {
    // Who was faster may not have written its process id yet.
    return start.pid().map(other -> other != pid).orElse(exitCode == Wrapper.NOT_MINE);
  }

  /** Its wrapper is gone without a note, or never wrote who it is. */
  private Optional<JobStatus> adoptedGone() throws IOException, InterruptedException {
    var start = notes.start();
    if (pid == 0 && start.isPresent()) {
      if (start.get().pid().isPresent()) {
        adopt(start.get());
        return Optional.empty();
      }
      if (Duration.between(start.get().at(), Instant.now()).abs().compareTo(VANISH) < 0) {
        return Optional.empty(); // it may be about to write it
      }
    }
    var ending = notes.ending();
    cleanUp(false);
    if (ending.isPresent()) {
      return Optional.of(ExitStatus.asked(ending.get(), Optional.empty(), request));
    }
    return Optional.of(lost("its wrapper (pid " + pid + ") is gone and left no exit status"));
  }

  private JobStatus ended(AttemptFolder.Exit exit) throws IOException {
    var ending = notes.ending();
    return ending.isPresent()
        ? ExitStatus.asked(ending.get(), Optional.of(exit), request)
        : ExitStatus.of(exit, started, request);
  }

  /** Ends it, politely at first, and returns when nothing of it is left. */
  private JobStatus end(Cause cause) throws IOException, InterruptedException {
    if (notes.exit().isPresent() && notes.ending().isEmpty()) {
      var ended = awaitEnd();
      if (ended.isPresent()) {
        return ended.get(); // it was faster
      }
    }
    var because = notes.endFor(cause);
    family = Processes.descendants(pid);
    if (wrapperLives()) {
      processes.signalGroup("TERM", pid);
    }
    if (request.software().how() instanceof How.Container container) {
      ContainerCommand.terminate(container, request.attempt());
    }
    awaitVanished(grace);
    cleanUp(wrapperLives());
    family.forEach(ProcessHandle::destroyForcibly);
    awaitVanished(VANISH);
    return ExitStatus.asked(because, notes.exit(), request);
  }

  private Optional<JobStatus> awaitEnd() throws IOException, InterruptedException {
    long until = System.nanoTime() + VANISH.toNanos();
    while (System.nanoTime() - until < 0) {
      var ended = endedByItself();
      if (ended.isPresent()) {
        return ended;
      }
      Thread.sleep(2);
    }
    return Optional.empty();
  }

  private boolean wrapperLives() {
    return child != null ? child.isAlive() : pid > 0 && processes.isWrapper(pid, request.folder());
  }

  private void awaitVanished(Duration atMost) throws IOException, InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    long pause = 2;
    while (isAnyAlive() && System.nanoTime() - until < 0) {
      Thread.sleep(pause);
      pause = Math.min(50, pause * 2);
    }
  }

  private boolean isAnyAlive() throws IOException {
    return wrapperLives()
        || family.stream().anyMatch(processes::isAlive)
        || !processes.of(request.attempt()).isEmpty()
        || (!processes.areVisible() && pid > 0 && processes.groupLives(pid));
  }

  /**
   * Kills what is left of it.
   *
   * @param leader whether its process group is surely its own still: the wrapper lives
   */
  private void cleanUp(boolean leader) throws IOException, InterruptedException {
    if (request.software().how() instanceof How.Container container) {
      ContainerCommand.remove(container, request.attempt());
    }
    if (leader || !processes.areVisible()) {
      processes.signalGroup("KILL", pid);
    }
    long until = System.nanoTime() + VANISH.toNanos();
    for (var left = processes.of(request.attempt());
        !left.isEmpty() && System.nanoTime() - until < 0;
        left = processes.of(request.attempt())) {
      left.forEach(Processes::kill);
      Thread.sleep(1);
    }
  }
}
