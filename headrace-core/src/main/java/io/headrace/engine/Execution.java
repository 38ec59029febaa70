package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.JobStatus;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * One run, going on. A single thread decides (the one that calls {@link #go}); each step that needs
 * a process has a thread of its own, which lays its files out, waits for it and takes its outputs
 * in. Platform threads: that work is mostly file operations, which would hold up the few carriers
 * of virtual ones.
 *
 * <p>Every event is appended to the ledger before what it announces is done. The ledger keeps
 * order, so a step's start is never durable before the end of the steps it reads from; waiting is
 * needed only before a process is started.
 */
final class Execution {
  /** What the steps' threads tell the deciding one. */
  private sealed interface Message {
    record Ended(Step step, StepState state, Map<String, OutputData> outputs) implements Message {}

    /** Its process has ended well; its outputs are being taken in. */
    record ProcessOver(Step step) implements Message {}

    /** Records can no longer be written: nothing new may begin. */
    record Broken(Throwable cause) implements Message {}

    record Cancel() implements Message {}

    /** An event is safe on disk: it may be told, and what it makes needless may go. */
    record Durable(RunEvent event) implements Message {}
  }

  private static final long LOOK_FOR_CANCEL_MS = 500;

  /** How many steps for each process, so that one can run while another is taken in. */
  private static final int STEPS_PER_PROCESS = 2;

  /** Less room than this, in bytes, is likely why a step failed. */
  private static final long FULL_DISK = 1024 * 1024;

  private final EngineDoors doors;
  private final Plan plan;
  private final RunId run;
  private final String experiment;
  private final RunOptions options;
  private final Reuse reuse;
  private final RunListener listener;
  private final RunNames names = new RunNames();
  private final AtomicLong seq;
  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final Object listening = new Object();

  // Only the deciding thread touches these.
  private final Map<StepId, Step> steps = new LinkedHashMap<>();
  private final Map<StepId, StepState> states = new HashMap<>();
  private final Map<StepId, Map<String, OutputData>> outputs = new HashMap<>();
  private final Map<StepId, Integer> waitingFor = new HashMap<>();
  private final Map<StepId, List<Step>> readers = new HashMap<>();
  private final ArrayDeque<Step> ready = new ArrayDeque<>();
  private final ArrayDeque<Reuse.Verdict> toRun = new ArrayDeque<>();
  private final Map<StepId, AttemptThread> running = new HashMap<>();
  private final Set<StepId> withProcess = new HashSet<>();
  private final Map<StepId, RunState.StepRecord> begun = new HashMap<>();
  // By steps' threads too. Nothing is removed before the records know the step's end for sure.
  private final Map<StepId, Attempt> toClear = new ConcurrentHashMap<>();
  private final Sweeper sweeper = new Sweeper(this::notice);
  private Optional<Throwable> broken = Optional.empty();
  // Read by the steps' threads too.
  private volatile boolean stopping;

  Execution(
      EngineDoors doors,
      Plan plan,
      RunId run,
      RunOptions options,
      Reuse reuse,
      RunListener listener,
      long nextSeq) {
    this.doors = doors;
    this.plan = plan;
    this.run = run;
    this.experiment = plan.experiment();
    this.options = options;
    this.reuse = reuse;
    this.listener = listener;
    this.seq = new AtomicLong(nextSeq);
    for (var step : plan.steps()) {
      steps.put(step.id(), step);
      states.put(step.id(), StepState.PLANNED);
    }
    for (var step : plan.steps()) {
      var after = step.after();
      waitingFor.put(step.id(), after.size());
      for (var before : after) {
        readers.computeIfAbsent(before, _ -> new ArrayList<>()).add(step);
      }
    }
  }

  /**
   * Takes over what the records say of an interrupted run. If a step's failure was to end it, it
   * goes on ending.
   *
   * @param trusted whether processes and files of before may still be there as they were
   */
  void recover(RunState state, boolean trusted) {
    for (var record : state.steps().values()) {
      if (!steps.containsKey(record.id())) {
        continue;
      }
      switch (record.state()) {
        case SUCCEEDED, REUSED -> outputs.put(record.id(), record.outputs());
        case RUNNING -> {
          if (trusted) {
            begun.put(record.id(), record);
          } else {
            begun.put(record.id(), forgotten(record));
          }
          continue;
        }
        case FAILED -> stopping |= !plan.continueOnStepFailure();
        case PLANNED, CANCELED, SKIPPED -> {}
      }
      states.put(record.id(), record.state());
    }
    for (var step : plan.steps()) {
      int waiting = 0;
      for (var before : step.after()) {
        if (!states.getOrDefault(before, StepState.PLANNED).isSuccess()) {
          waiting++;
        }
      }
      waitingFor.put(step.id(), waiting);
    }
  }

  /** Keeps only the number, so that the next attempt gets another folder. */
  private static RunState.StepRecord forgotten(RunState.StepRecord record) {
    return new RunState.StepRecord(
        record.id(),
        StepState.PLANNED,
        record.displayName(),
        record.child(),
        record.attempt(),
        record.key(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /**
   * Asks for an end: live steps are ended, no new one is begun. Any thread may call it, more than
   * once.
   */
  void cancel() {
    if (cancelled.compareAndSet(false, true)) {
      mailbox.add(new Message.Cancel());
    }
  }

  /**
   * Runs to the end.
   *
   * @throws ProblemException when records could not be written: what was acknowledged stands, and
   *     the run can be resumed
   */
  Outcome go() throws InterruptedException {
    try (sweeper) {
      runSteps();
      if (broken.isPresent()) {
        throw brokenRecords(broken.get());
      }
      return end();
    }
  }

  private void runSteps() throws InterruptedException {
    try (var threads = Executors.newCachedThreadPool()) {
      for (var step : plan.steps()) {
        if (states.get(step.id()) == StepState.PLANNED
            && waitingFor.getOrDefault(step.id(), 0) == 0) {
          ready.add(step);
        }
      }
      skipWhatWaitsInVain();
      while (true) {
        decideReady();
        startSome(threads);
        if (running.isEmpty() && ready.isEmpty() && !mayStart()) {
          break;
        }
        handle(mailbox.poll(LOOK_FOR_CANCEL_MS, TimeUnit.MILLISECONDS));
        for (var more = mailbox.poll(); more != null; more = mailbox.poll()) {
          handle(more);
        }
      }
    }
  }

  private void handle(@org.jspecify.annotations.Nullable Message message) {
    switch (message) {
      case null -> {
        if (!stopping && Files.exists(cancelMark(doors.runFolder(run)))) {
          cancel();
        }
      }
      case Message.Ended it -> ended(it);
      case Message.ProcessOver(Step step) -> withProcess.remove(step.id());
      case Message.Broken it -> {
        if (broken.isEmpty()) {
          broken = Optional.of(it.cause());
        }
        stopping = true;
      }
      case Message.Durable(RunEvent event) -> {
        synchronized (listening) {
          listener.event(event);
        }
        if (event instanceof RunEvent.StepSucceeded it) {
          var attempt = toClear.remove(it.step());
          if (attempt != null) {
            sweeper.add(attempt);
          }
        }
      }
      case Message.Cancel _ -> {
        stopping = true;
        running.values().forEach(AttemptThread::cancel);
      }
    }
  }

  /** Gives earlier results as long as that makes more steps ready; what is left must run. */
  private void decideReady() {
    if (stopping) {
      ready.removeIf(step -> !isBegun(step.id()));
    }
    while (!ready.isEmpty()) {
      var known = new ArrayList<Reuse.Known>(ready.size());
      while (!ready.isEmpty()) {
        var step = ready.remove();
        known.add(new Reuse.Known(step, Reuse.made(step, outputs)));
      }
      for (var verdict : reuse.decide(known)) {
        if (isBegun(verdict.step().id())) {
          toRun.addFirst(verdict);
        } else if (verdict.result().isPresent()) {
          giveEarlier(verdict, verdict.result().get());
        } else {
          toRun.add(verdict);
        }
      }
    }
  }

  private boolean isBegun(StepId step) {
    var record = begun.get(step);
    return record != null && record.state() == StepState.RUNNING;
  }

  private void giveEarlier(Reuse.Verdict verdict, Result result) {
    var step = verdict.step();
    record(
        new RunEvent.StepReused(
            run,
            doors.clock().instant(),
            step.id(),
            names.forStep(),
            verdict.decision().key(),
            result.child(),
            step.displayName(),
            parameters(step),
            result.outputs()),
        Optional.of(note(verdict)));
    settle(step, StepState.REUSED, result.outputs());
  }

  private Ledger.StepNote note(Reuse.Verdict verdict) {
    return new Ledger.StepNote(
        options.source(), verdict.step().id(), verdict.decision(), verdict.recipe().text());
  }

  private static Map<String, String> parameters(Step step) {
    var parameters = new LinkedHashMap<String, String>();
    step.inputs()
        .forEach((name, input) -> {
          if (input instanceof io.headrace.plan.StepInput.Literal(String value)) {
            parameters.put(name, value);
          }
        });
    return parameters;
  }

  /**
   * Steps that an engine before us had begun come first, and at once: they may be running, so each
   * must be watched or ended, however many there are and whatever becomes of the run.
   */
  private boolean mayStart() {
    var next = toRun.peek();
    return next != null
        && (isBegun(next.step().id())
            || (!stopping
                && withProcess.size() < options.parallel()
                && running.size() < STEPS_PER_PROCESS * options.parallel()));
  }

  private void startSome(ExecutorService threads) {
    while (mayStart()) {
      var verdict = toRun.remove();
      var step = verdict.step();
      var thread = new AttemptThread(verdict, Optional.ofNullable(begun.remove(step.id())));
      running.put(step.id(), thread);
      withProcess.add(step.id());
      states.put(step.id(), StepState.RUNNING);
      threads.execute(thread);
    }
  }

  private void ended(Message.Ended it) {
    running.remove(it.step().id());
    withProcess.remove(it.step().id());
    settle(it.step(), it.state(), it.outputs());
    if (it.state() == StepState.FAILED && !plan.continueOnStepFailure()) {
      stopping = true;
      running.values().forEach(AttemptThread::cancel);
    }
  }

  private void settle(Step step, StepState state, Map<String, OutputData> made) {
    states.put(step.id(), state);
    if (!state.isSuccess()) {
      skipReaders(step);
      return;
    }
    outputs.put(step.id(), made);
    for (var reader : readers.getOrDefault(step.id(), List.of())) {
      if (waitingFor.merge(reader.id(), -1, Integer::sum) == 0
          && states.get(reader.id()) == StepState.PLANNED) {
        ready.add(reader);
      }
    }
  }

  /**
   * All that reads from it, however far down, will not run; said once, with the step that is to
   * blame.
   */
  private void skipReaders(Step step) {
    if (cancelled.get() || broken.isPresent()) {
      return;
    }
    var left = new ArrayDeque<Step>(readers.getOrDefault(step.id(), List.of()));
    while (!left.isEmpty()) {
      var reader = left.remove();
      if (states.get(reader.id()) != StepState.PLANNED) {
        continue;
      }
      states.put(reader.id(), StepState.SKIPPED);
      record(
          new RunEvent.StepSkipped(run, doors.clock().instant(), reader.id(), step.id()),
          Optional.empty());
      left.addAll(readers.getOrDefault(reader.id(), List.of()));
    }
  }

  /** After a recovery, steps may wait for one that had failed before. */
  private void skipWhatWaitsInVain() {
    for (var step : plan.steps()) {
      var state = states.get(step.id());
      if (state == StepState.FAILED || state == StepState.CANCELED) {
        skipReaders(step);
      }
    }
  }

  private Outcome end() throws InterruptedException {
    var failed = plan.steps().stream().filter(s -> states.get(s.id()) == StepState.FAILED).toList();
    RunStatus status;
    String message;
    if (!failed.isEmpty()) {
      status = RunStatus.FAILED;
      message =
          failed.size() == 1
              ? "step " + failed.getFirst().id() + " failed"
              : failed.size()
                  + " steps failed: "
                  + failed.stream()
                      .limit(10)
                      .map(s -> s.id().value())
                      .collect(Collectors.joining(", "));
    } else if (cancelled.get()) {
      status = RunStatus.CANCELED;
      message = "cancelled";
    } else {
      status = RunStatus.COMPLETED;
      message = "";
    }
    var ended =
        append(new RunEvent.Ended(run, doors.clock().instant(), status, message), Optional.empty());
    try {
      ended.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw brokenRecords(e.getCause() == null ? e : e.getCause());
    }
    for (var last = mailbox.poll(); last != null; last = mailbox.poll()) {
      handle(last);
    }
    return new Outcome(run, status, message);
  }

  private ProblemException brokenRecords(Throwable cause) {
    var problems = new ArrayList<Problem>();
    if (cause instanceof ProblemException it) {
      problems.addAll(it.problems());
    } else {
      problems.add(Problem.of(ErrorCode.RECORDS, "records could not be written: " + cause));
    }
    problems.add(
        Problem.of(
                ErrorCode.RECORDS,
                "run " + run + " was left where it is; nothing that was reported as done is lost")
            .fix("mend the cause, then `headrace resume " + run + "`")
            .warning());
    return new ProblemException(problems, cause);
  }

  /** Writes an event. If that fails, the deciding thread hears of it. */
  private void record(RunEvent event, Optional<Ledger.StepNote> note) {
    var _ = append(event, note);
  }

  /** Writes an event; tells the listener once it is durable. */
  private CompletableFuture<RunEvent> append(RunEvent event, Optional<Ledger.StepNote> note) {
    // Numbered and queued together: two threads must not change places between.
    synchronized (seq) {
      var number = seq.getAndIncrement();
      var written =
          note.map(it -> doors.ledger().append(number, event, it))
              .orElseGet(() -> doors.ledger().append(number, event));
      return written.whenComplete((_, failure) -> {
        // On the writer's thread: only a note, so that no write waits for a slow terminal.
        mailbox.add(failure == null ? new Message.Durable(event) : new Message.Broken(failure));
      });
    }
  }

  private static String oneLine(Problem problem) {
    return problem.fix().map(fix -> problem.message() + "; " + fix).orElse(problem.message());
  }

  private void notice(String line) {
    synchronized (listening) {
      listener.notice(line);
    }
  }

  /** One attempt at one step, from laying out to taking in. */
  private final class AttemptThread implements Runnable {
    private final Reuse.Verdict verdict;
    private final Step step;
    private final Optional<RunState.StepRecord> before;
    private volatile Optional<io.headrace.spi.JobHandle> handle = Optional.empty();

    AttemptThread(Reuse.Verdict verdict, Optional<RunState.StepRecord> before) {
      this.verdict = verdict;
      this.step = verdict.step();
      this.before = before;
    }

    /** Ends its process; one that is not begun yet sees for itself. */
    void cancel() {
      handle.ifPresent(doors.compute()::cancel);
    }

    @Override
    public void run() {
      var result = new Message.Ended(step, StepState.FAILED, Map.of());
      try {
        result = attempt();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        mailbox.add(new Message.Broken(e));
      } catch (RecordsBroken e) {
        // The mailbox knows already.
      } catch (RuntimeException | Error e) {
        mailbox.add(new Message.Broken(e));
      } finally {
        mailbox.add(result);
      }
    }

    private Message.Ended attempt() throws InterruptedException {
      var adopted = before.filter(it -> it.state() == StepState.RUNNING);
      if (adopted.isPresent()) {
        var record = adopted.get();
        var outcome = watch(record.child().orElseThrow(), record.attempt(), true);
        if (outcome.isPresent()) {
          return outcome.get();
        }
        notice("step " + step.id() + " had vanished without an exit status; it is run again");
        return fresh(record.attempt() + 1);
      }
      return fresh(before.map(RunState.StepRecord::attempt).orElse(0) + 1);
    }

    private Message.Ended fresh(int number) throws InterruptedException {
      return watch(names.forStep(), number, false).orElseThrow();
    }

    /** Empty only when an adopted attempt turned out to be lost. */
    private Optional<Message.Ended> watch(RunId child, int number, boolean adopt)
        throws InterruptedException {
      var attempt =
          new Attempt(
              step,
              verdict.made(),
              AttemptFolder.of(doors.runFolder(run), step, number),
              doors.files());
      boolean announced = adopt;
      try {
        var software = doors.environments().prepare(step.environment(), Execution.this::notice);
        if (!adopt) {
          if (stopping) {
            return Optional.of(canceled(child));
          }
          attempt.stage();
          durable(append(started(child, number), Optional.of(note(verdict))));
          announced = true;
        }
        var variables =
            attempt.variables(
                run,
                child,
                experiment,
                doors.workspace(),
                options.seed(),
                doors.variables().of(run, child, experiment));
        var name = run.value() + "/" + step.id().value() + "/" + number;
        // One for each attempt: after a lost one, the next must not be taken for ended.
        var ended = new CompletableFuture<JobStatus>();
        var job =
            doors.compute().submit(attempt.request(name, software, variables), ended::complete);
        handle = Optional.of(job);
        var because = reuse.because(verdict);
        synchronized (listening) {
          listener.running(step.id(), attempt.folder().log(), because, adopt);
        }
        if (stopping) {
          cancel();
        }
        var status = ended.get();
        if (adopt && status instanceof JobStatus.Lost) {
          return Optional.empty();
        }
        if (status instanceof JobStatus.Succeeded) { // else it may be about to stop the run
          mailbox.add(new Message.ProcessOver(step));
        }
        return Optional.of(finish(attempt, child, status, system(software)));
      } catch (ProblemException e) {
        return Optional.of(
            failed(
                child,
                announced,
                Optional.empty(),
                JobStatus.Cause.of(e.problems().getFirst().code()),
                oneLine(e.problems().getFirst()),
                Optional.empty()));
      } catch (IOException e) {
        var problem = DiskProblem.writing(attempt.folder().root(), e).problems().getFirst();
        return Optional.of(
            failed(
                child,
                announced,
                Optional.empty(),
                JobStatus.Cause.DISK,
                problem.message(),
                Optional.empty()));
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    private RunEvent.StepStarted started(RunId child, int number) {
      return new RunEvent.StepStarted(
          run,
          doors.clock().instant(),
          step.id(),
          child,
          number,
          verdict.decision().key(),
          step.displayName(),
          parameters(step));
    }

    private Message.Ended canceled(RunId child) {
      record(
          new RunEvent.StepCanceled(run, doors.clock().instant(), step.id(), child),
          Optional.empty());
      return new Message.Ended(step, StepState.CANCELED, Map.of());
    }

    private Message.Ended finish(
        Attempt attempt, RunId child, JobStatus status, Map<String, String> systemLogs)
        throws IOException {
      return switch (status) {
        case JobStatus.Succeeded it -> succeeded(attempt, child, it, systemLogs);
        case JobStatus.Failed it -> {
          if (it.cause() == JobStatus.Cause.CANCELED) {
            yield canceled(child);
          }
          var changed = changedInputs(attempt);
          var full = fullDisk();
          yield failed(
              child,
              true,
              Optional.of(it.exitCode()),
              changed.isPresent()
                  ? JobStatus.Cause.INPUT_CHANGED
                  : full.isEmpty() ? it.cause() : JobStatus.Cause.DISK,
              changed.map(c -> it.message() + "; " + c).orElse(it.message() + full),
              artifacts(attempt, systemLogs));
        }
        case JobStatus.Lost(String detail, Instant _) ->
            failed(
                child,
                true,
                Optional.empty(),
                JobStatus.Cause.LOST,
                detail,
                artifacts(attempt, systemLogs));
      };
    }

    private Message.Ended succeeded(
        Attempt attempt, RunId child, JobStatus.Succeeded status, Map<String, String> systemLogs)
        throws IOException {
      var changed = changedInputs(attempt);
      if (changed.isPresent()) {
        return failed(
            child,
            true,
            Optional.of(0),
            JobStatus.Cause.INPUT_CHANGED,
            changed.get(),
            artifacts(attempt, systemLogs));
      }
      Map<String, OutputData> taken;
      try {
        taken = attempt.takeOutputs();
      } catch (ProblemException e) {
        var message = oneLine(e.problems().getFirst());
        return failed(
            child,
            true,
            Optional.of(0),
            JobStatus.Cause.of(e.problems().getFirst().code()),
            message,
            artifacts(attempt, systemLogs));
      }
      var objection = objection(taken);
      if (objection.isPresent()) {
        return failed(
            child,
            true,
            Optional.of(0),
            JobStatus.Cause.OUTPUTS,
            objection.get(),
            artifacts(attempt, systemLogs));
      }
      var event =
          new RunEvent.StepSucceeded(
              run,
              doors.clock().instant(),
              step.id(),
              child,
              verdict.decision().key(),
              status.started(),
              taken,
              attempt.takeArtifacts(systemLogs));
      toClear.put(step.id(), attempt);
      record(event, Optional.empty());
      return new Message.Ended(step, StepState.SUCCEEDED, taken);
    }

    /** Only what is to be registered under a name can be objected to. */
    private Optional<String> objection(Map<String, OutputData> taken) {
      return step.outputs().values().stream().anyMatch(it -> it.registerAs().isPresent())
          ? doors.ledger().objection(run, step.id(), taken)
          : Optional.empty();
    }

    /** A step that fails on a full disk often cannot even say so: its log is on that disk. */
    private String fullDisk() {
      try {
        long free = Files.getFileStore(doors.runs()).getUsableSpace();
        return free >= FULL_DISK
            ? ""
            : "; the disk is full: " + free + " bytes free in " + doors.runs();
      } catch (IOException e) {
        return "";
      }
    }

    private Optional<String> changedInputs(Attempt attempt) {
      return attempt.changedInputs().stream().findFirst().map(Execution::oneLine);
    }

    private Optional<io.headrace.name.Digest> artifacts(
        Attempt attempt, Map<String, String> systemLogs) {
      try {
        return attempt.takeArtifacts(systemLogs);
      } catch (IOException | ProblemException e) {
        notice("the log of step " + step.id() + " could not be kept: " + e.getMessage());
        return Optional.empty();
      }
    }

    private Message.Ended failed(
        RunId child,
        boolean announced,
        Optional<Integer> exitCode,
        JobStatus.Cause cause,
        String message,
        Optional<io.headrace.name.Digest> artifacts) {
      if (!announced) {
        // A step that fails has begun, as far as the records go: it needs a run of its own to hang
        // its failure on.
        record(
            started(child, before.map(RunState.StepRecord::attempt).orElse(0) + 1),
            Optional.of(note(verdict)));
      }
      record(
          new RunEvent.StepFailed(
              run, doors.clock().instant(), step.id(), child, exitCode, cause, message, artifacts),
          Optional.empty());
      return new Message.Ended(step, StepState.FAILED, Map.of());
    }

    private Map<String, String> system(io.headrace.spi.PreparedEnvironment software) {
      var logs = new LinkedHashMap<String, String>();
      software.lock().ifPresent(lock -> logs.put("environment-lock.txt", lock));
      if (!software.warnings().isEmpty()) {
        logs.put(
            "environment.txt",
            software.description()
                + "\n"
                + software.warnings().stream()
                    .map(Problem::toString)
                    .collect(Collectors.joining("\n"))
                + "\n");
      }
      return logs;
    }

    private void durable(CompletableFuture<RunEvent> written) throws InterruptedException {
      try {
        written.get();
      } catch (java.util.concurrent.ExecutionException e) {
        throw new RecordsBroken(e);
      }
    }
  }

  /** Thrown through a step's thread when its start could not be written. */
  private static final class RecordsBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordsBroken(Throwable cause) {
      super(cause);
    }
  }

  /** The steps whose names the plan has not. */
  static Set<String> unknown(Plan plan, Set<String> names) {
    var known = new HashSet<String>();
    for (var step : plan.steps()) {
      var id = step.id().value();
      known.add(id);
      for (int dot = id.indexOf('.'); dot > 0; dot = id.indexOf('.', dot + 1)) {
        known.add(id.substring(0, dot));
      }
    }
    var unknown = new HashSet<>(names);
    unknown.removeAll(known);
    return unknown;
  }

  /** Where to ask a run to end from another process. */
  static Path cancelMark(Path runFolder) {
    return runFolder.resolve("cancel");
  }
}
