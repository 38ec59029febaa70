package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.JobStatus;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.StepState;
import io.headrace.spi.JobHandle;
import io.headrace.spi.PreparedEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** One attempt at one step, from laying out to taking in. */
final class StepAttempt implements Runnable {
  /** The run that the step is of. */
  record Around(
      EngineDoors doors,
      RunId run,
      String experiment,
      RunOptions options,
      Reuse reuse,
      RunNames names,
      RunJournal journal) {
    Ledger.StepNote note(Reuse.Verdict verdict) {
      return new Ledger.StepNote(
          options.source(), verdict.step().id(), verdict.decision(), verdict.recipe().text());
    }
  }

  /** What came of it. */
  record Ended(Step step, StepState state, Map<String, OutputData> outputs) {}

  /** Told by the attempt's thread. */
  interface Reports {
    /** Whether nothing new may begin. */
    boolean stopping();

    /** Which run holds what the step logs. */
    void child(StepId step, RunId child);

    /** Its process has ended well; its outputs are being taken in. */
    void processOver(Step step);

    /** Nobody needs its files once its end is durable. */
    void toClear(StepId step, Attempt attempt);

    void ended(Ended end);

    /** Records can no longer be written. */
    void broken(Throwable cause);
  }

  /** Less room than this, in bytes, is likely why a step failed. */
  private static final long FULL_DISK = 1024 * 1024;

  private final Around around;
  private final EngineDoors doors;
  private final RunId run;
  private final RunJournal journal;
  private final Reports reports;
  private final Reuse.Verdict verdict;
  private final Step step;
  private final Optional<RunState.StepRecord> before;
  private final RunId parent;
  private volatile Optional<JobHandle> handle = Optional.empty();

  /**
   * @param before what an earlier engine had written of the step
   * @param parent the run above the step's own
   */
  StepAttempt(
      Around around,
      Reports reports,
      Reuse.Verdict verdict,
      Optional<RunState.StepRecord> before,
      RunId parent) {
    this.around = around;
    this.doors = around.doors();
    this.run = around.run();
    this.journal = around.journal();
    this.reports = reports;
    this.verdict = verdict;
    this.step = verdict.step();
    this.before = before;
    this.parent = parent;
  }

  /** Ends its process; one that is not begun yet sees for itself. */
  void cancel() {
    handle.ifPresent(doors.compute()::cancel);
  }

  @Override
  public void run() {
    var result = new Ended(step, StepState.FAILED, Map.of());
    try {
      result = attempt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reports.broken(e);
    } catch (RecordsBroken e) {
      // The mailbox knows already.
    } catch (RuntimeException | Error e) {
      reports.broken(e);
    } finally {
      reports.ended(result);
    }
  }

  private Ended attempt() throws InterruptedException {
    var adopted = before.filter(it -> it.state() == StepState.RUNNING);
    if (adopted.isPresent()) {
      var record = adopted.get();
      if (!Files.isDirectory(folder(record.attempt()).root())) { // such as in a restored workspace
        journal.notice("what step " + step.id() + " was working in is gone; it is run again");
        return fresh(record.attempt() + 1);
      }
      var outcome = watch(record.child().orElseThrow(), record.attempt(), true);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      journal.notice("step " + step.id() + " had vanished without an exit status; it is run again");
      return fresh(record.attempt() + 1);
    }
    return fresh(before.map(RunState.StepRecord::attempt).orElse(0) + 1);
  }

  private AttemptFolder folder(int number) {
    return AttemptFolder.of(doors.runFolder(run), step, number);
  }

  private Ended fresh(int number) throws InterruptedException {
    return watch(around.names().forStep(), number, false).orElseThrow();
  }

  /** Empty only when an adopted attempt turned out to be lost. */
  private Optional<Ended> watch(RunId child, int number, boolean adopt)
      throws InterruptedException {
    var attempt = new Attempt(step, verdict.made(), folder(number), doors.files(), checkpoint());
    boolean announced = adopt;
    reports.child(step.id(), child);
    try {
      var software = doors.environments().prepare(step.environment(), journal::notice);
      software.warnings().forEach(journal::warnOnce);
      if (!adopt) {
        if (reports.stopping()) {
          return Optional.of(canceled(child));
        }
        attempt.stage();
        var services = attempt.endpoints();
        durable(
            journal.append(started(child, number, services), Optional.of(around.note(verdict))));
        announced = true;
        services.forEach((name, endpoint) ->
            journal.notice("step " + step.id() + ": service " + name + " at " + endpoint));
      }
      var variables =
          attempt.variables(
              run,
              child,
              around.experiment(),
              doors.workspace(),
              around.options().seed(),
              doors.variables().of(run, child, around.experiment()));
      var name = run.value() + "/" + step.id().value() + "/" + number;
      // One for each attempt: after a lost one, the next must not be taken for ended.
      var ended = new CompletableFuture<JobStatus>();
      var job = doors.compute().submit(attempt.request(name, software, variables), ended::complete);
      handle = Optional.of(job);
      var because = around.reuse().because(verdict);
      journal.tell(it -> it.running(step.id(), attempt.folder().log(), because, adopt));
      if (reports.stopping()) {
        cancel();
      }
      var status = ended.get();
      if (adopt && status instanceof JobStatus.Lost) {
        return Optional.empty();
      }
      if (status instanceof JobStatus.Succeeded) { // else it may be about to stop the run
        reports.processOver(step);
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
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Path> checkpoint() {
    return step.checkpointed()
        ? Optional.of(doors.checkpoint(run, verdict.decision()))
        : Optional.empty();
  }

  private RunEvent.StepStarted started(RunId child, int number, Map<String, String> services) {
    return new RunEvent.StepStarted(
        run,
        doors.clock().instant(),
        step.id(),
        child,
        parent,
        number,
        verdict.decision().key(),
        step.displayName(),
        parameters(step),
        services);
  }

  private Ended canceled(RunId child) {
    journal.record(
        new RunEvent.StepCanceled(run, doors.clock().instant(), step.id(), child),
        Optional.empty());
    return new Ended(step, StepState.CANCELED, Map.of());
  }

  private Ended finish(
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

  private Ended succeeded(
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
    reports.toClear(step.id(), attempt);
    journal.record(event, Optional.empty());
    return new Ended(step, StepState.SUCCEEDED, taken);
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
    return attempt.changedInputs().stream().findFirst().map(StepAttempt::oneLine);
  }

  private Optional<Digest> artifacts(Attempt attempt, Map<String, String> systemLogs) {
    try {
      return attempt.takeArtifacts(systemLogs);
    } catch (IOException | ProblemException e) {
      journal.notice("the log of step " + step.id() + " could not be kept: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Ended failed(
      RunId child,
      boolean announced,
      Optional<Integer> exitCode,
      JobStatus.Cause cause,
      String message,
      Optional<Digest> artifacts) {
    if (!announced) {
      // A step that fails has begun, as far as the records go: it needs a run of its own to hang
      // its failure on.
      journal.record(
          started(child, before.map(RunState.StepRecord::attempt).orElse(0) + 1, Map.of()),
          Optional.of(around.note(verdict)));
    }
    journal.record(
        new RunEvent.StepFailed(
            run, doors.clock().instant(), step.id(), child, exitCode, cause, message, artifacts),
        Optional.empty());
    return new Ended(step, StepState.FAILED, Map.of());
  }

  private Map<String, String> system(PreparedEnvironment software) {
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
    } catch (ExecutionException e) {
      throw new RecordsBroken(e);
    }
  }

  static Map<String, String> parameters(Step step) {
    var parameters = new LinkedHashMap<String, String>();
    step.inputs()
        .forEach((name, input) -> {
          if (input instanceof StepInput.Literal(String value)) {
            parameters.put(name, value);
          }
        });
    return parameters;
  }

  static String oneLine(Problem problem) {
    return problem.fix().map(fix -> problem.message() + "; " + fix).orElse(problem.message());
  }

  /** Thrown through the thread when the step's start could not be written. */
  private static final class RecordsBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordsBroken(Throwable cause) {
      super(cause);
    }
  }
}
