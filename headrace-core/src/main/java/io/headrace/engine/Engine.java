package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import io.headrace.spi.Compute;
import io.headrace.spi.EnvironmentProvider;
import io.headrace.spi.ObjectStore;
import io.headrace.store.Sources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs plans on one workspace, and takes interrupted runs up again. Several engines, in one process
 * or many, may work on one workspace at once; on one run only one of them.
 *
 * <p>Promises: what a {@link RunListener} was told is durable; a step whose end was told is never
 * run again for the same key while its outputs are in the store; after the death of the process at
 * any moment, {@link #resume} goes on from there, adopting processes that are still alive and
 * counting those that ended meanwhile.
 */
public final class Engine {
  private final Ledger ledger;
  private final ObjectStore objects;
  private final Capturing capturing;
  private final EngineDoors doors;
  private final Identities identities;
  private final AtomicReference<Optional<Execution>> current =
      new AtomicReference<>(Optional.empty());
  private volatile boolean cancelled;

  /**
   * Makes an engine.
   *
   * @param sources where bytes were seen on this machine, to mend a damaged store from
   * @param variables by which a step finds the tracking server
   * @param metrics what steps have logged, for sweeps
   * @param runs the folder that holds each run's folder; absolute
   * @param workspace its name, for AZUREML_ARM_WORKSPACE_NAME
   */
  public Engine(
      Ledger ledger,
      ObjectStore objects,
      Sources sources,
      Capturing capturing,
      Compute compute,
      EnvironmentProvider environments,
      StepVariables variables,
      LoggedMetrics metrics,
      Path runs,
      String workspace,
      InstantSource clock) {
    this.ledger = ledger;
    this.objects = objects;
    this.capturing = capturing;
    this.identities = new Identities(environments);
    this.doors =
        new EngineDoors(
            ledger,
            StepFiles.over(objects, sources),
            compute,
            environments,
            variables,
            metrics,
            runs,
            workspace,
            clock);
  }

  /**
   * Takes all that a plan needs of this machine into the store: code, local data, what is to be
   * fetched. After this, changes to the files no longer touch the run.
   *
   * @throws ProblemException with all that is missing or wrong
   */
  public Plan capture(Plan plan, RunListener listener) throws IOException, InterruptedException {
    identities.askAhead(plan);
    return capturing.capture(plan, listener);
  }

  /**
   * Runs a captured plan.
   *
   * @throws ProblemException RUN_BUSY when its name is taken by a live run, CONFLICT when by one
   *     that has ended; an environment's problem before anything starts; RECORDS when the records
   *     cannot be written
   */
  public Outcome run(Plan plan, RunOptions options, RunListener listener)
      throws IOException, InterruptedException {
    checkNames(plan, options);
    var run = plan.name().map(RunId::new).orElseGet(new RunNames()::forJob);
    if (ledger.run(run).isPresent()) {
      throw Problem.of(ErrorCode.CONFLICT, "there is a run called " + run + " already")
          .fix("give another name with --name, or take it up with `headrace resume " + run + "`")
          .asException();
    }
    var folder = Files.createDirectories(doors.runFolder(run));
    try (var _ = RunLock.take(folder, run.value(), doors.clock().instant())) {
      var environments = identities.of(plan);
      var digest = keep(plan);
      var created =
          new RunEvent.Created(
              run,
              doors.clock().instant(),
              digest,
              plan.displayName(),
              plan.experiment(),
              plan.description(),
              options.source(),
              options.user(),
              options.seed(),
              List.copyOf(options.noReuse()),
              plan.tags(),
              plan.parameters());
      durable(ledger.append(created, plan));
      listener.event(created);
      return go(
          new Execution(
              doors, plan, run, options, reuse(plan, options, environments), listener, 1));
    }
  }

  /** Puts a captured plan into the store, so that another engine can run it by its digest. */
  public Digest keep(Plan plan) throws IOException {
    return objects.put(new ByteArrayInputStream(text(plan)));
  }

  private static void durable(CompletableFuture<?> written) throws InterruptedException {
    try {
      written.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ProblemException problem
          ? problem
          : new IllegalStateException(e.getCause());
    }
  }

  /**
   * Takes an interrupted run up again, from the plan in the records; the files it came from are not
   * needed.
   *
   * @param parallel as in {@link RunOptions}
   * @throws ProblemException RUN_BUSY when a live engine works on it; NOT_FOUND; CONFLICT when it
   *     has ended
   */
  public Outcome resume(RunId run, int parallel, RunListener listener)
      throws IOException, InterruptedException {
    require(run);
    var folder = Files.createDirectories(doors.runFolder(run));
    try (var lock = RunLock.take(folder, run.value(), doors.clock().instant())) {
      var state = RunState.fold(ledger.events(run, 0));
      var created = state.created().orElseThrow();
      if (state.status().isEnd()) {
        throw Problem.of(
                ErrorCode.CONFLICT, "run " + run + " has ended (" + state.status().azure() + ")")
            .asException();
      }
      var plan = plan(created.plan());
      var options = optionsOf(created, parallel);
      var execution =
          new Execution(
              doors,
              plan,
              run,
              options,
              reuse(plan, options, identities.of(plan)),
              listener,
              state.events());
      execution.recover(state, !lock.rebooted());
      if (Files.exists(Execution.cancelMark(folder))) {
        execution.cancel();
      }
      return go(execution);
    }
  }

  /** A name that no run has. */
  public RunId newName() {
    return new RunNames().forJob();
  }

  /** The same work as a new run: an ended run keeps its name. */
  public Plan again(Plan plan) {
    return plan.named(Optional.empty());
  }

  /** How a run was asked to go, with as many steps at once as is wanted now. */
  public RunOptions optionsOf(RunEvent.Created created, int parallel) {
    return new RunOptions(
        parallel,
        new HashSet<>(created.noReuse()),
        created.seed(),
        created.source(),
        created.user());
  }

  private Outcome go(Execution execution) throws InterruptedException {
    current.set(Optional.of(execution));
    if (cancelled) {
      execution.cancel();
    }
    try {
      return execution.go();
    } finally {
      current.set(Optional.empty());
    }
  }

  /** Whether of the run that this engine works on only the last steps are left. */
  public boolean isFinalizing() {
    return current.get().map(Execution::isFinalizing).orElse(false);
  }

  /** Ends the run that this engine works on, if any, and lets none begin; from any thread. */
  public void cancel() {
    cancelled = true;
    current.get().ifPresent(Execution::cancel);
  }

  /**
   * Asks for the end of a run, whoever works on it. A live engine is told by a mark in the run's
   * folder; without one, the run is taken up just to end its processes.
   *
   * @return how it ended, or empty when its engine was told and will end it within seconds
   */
  public Optional<Outcome> cancel(RunId run, RunListener listener)
      throws IOException, InterruptedException {
    var row = require(run);
    if (row.status().isEnd()) {
      return Optional.of(new Outcome(run, row.status(), row.message()));
    }
    var folder = Files.createDirectories(doors.runFolder(run));
    boolean live = RunLock.isHeld(folder);
    var mark = Execution.cancelMark(folder);
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    } else if (live && !Files.exists(Execution.cancelAgainMark(folder))) {
      Files.createFile(Execution.cancelAgainMark(folder));
    }
    if (live) {
      return Optional.empty();
    }
    return Optional.of(resume(run, 1, listener));
  }

  /**
   * The interrupted run of the same source and the very same captured plan, if there is one:
   * running the file again means taking that up. A plan that has a name means the run of that name
   * only; without one, any will do, however it got its name.
   */
  public Optional<RunId> interrupted(Plan plan, RunOptions options) throws IOException {
    for (var row : ledger.open()) {
      if (row.source().equals(options.source())
          && plan.name().map(row.id().value()::equals).orElse(true)
          && sameWork(plan, row)
          && isInterrupted(row)) {
        return Optional.of(row.id());
      }
    }
    return Optional.empty();
  }

  private boolean sameWork(Plan one, Ledger.RunRow row) throws IOException {
    Plan other;
    try {
      other = plan(row.plan());
    } catch (FileNotFoundException | ProblemException e) {
      return false; // a run whose plan was lost must not stand in the way of others
    }
    return Arrays.equals(text(again(one)), text(again(other)));
  }

  private static byte[] text(Plan plan) throws IOException {
    var text = new ByteArrayOutputStream();
    PlanText.write(plan, text);
    return text.toByteArray();
  }

  /** Whether a live engine works on a run. */
  public boolean isLive(RunId run) throws IOException {
    return RunLock.isHeld(doors.runFolder(run));
  }

  /** The plan that a run follows. */
  public Plan plan(Digest digest) throws IOException {
    try (var text = objects.open(digest)) {
      return PlanText.read(text);
    }
  }

  /** Where a run stands, from its records. */
  public RunState state(RunId run) {
    require(run);
    return RunState.fold(ledger.events(run, 0));
  }

  /**
   * Something that runs beside a step.
   *
   * @param kind as written in YAML
   * @param reachable whether something listens there now
   */
  public record RunningService(
      StepId step, String name, String kind, String endpoint, boolean reachable) {}

  /** The services of a run's steps that are running. */
  public List<RunningService> services(RunId run) throws IOException {
    require(run);
    var events = ledger.events(run, 0);
    var state = RunState.fold(events);
    var plan = plan(state.created().orElseThrow().plan());
    var started = new LinkedHashMap<StepId, Map<String, String>>();
    for (var event : events) {
      if (event instanceof RunEvent.StepStarted it) {
        started.put(it.step(), it.services());
      }
    }
    var services = new ArrayList<RunningService>();
    started.forEach((step, endpoints) -> {
      var record = state.steps().get(step);
      if (record != null && record.state() == StepState.RUNNING) {
        endpoints.forEach((name, endpoint) ->
            services.add(
                new RunningService(
                    step, name, kind(plan, step, name), endpoint, Services.isReachable(endpoint))));
      }
    });
    return services;
  }

  /** A member of a group has the services of what it was made from, under another id. */
  private static String kind(Plan plan, StepId step, String service) {
    var steps = plan.allSteps();
    return steps.stream()
        .filter(it -> it.id().equals(step))
        .findFirst()
        .or(() -> steps.stream().filter(it -> it.services().containsKey(service)).findFirst())
        .flatMap(it -> Optional.ofNullable(it.services().get(service)))
        .map(it -> it.kind().yaml())
        .orElse("");
  }

  /** The file that a step's output goes to, of its last attempt. */
  public Path log(RunId run, RunState.StepRecord step) {
    return attempt(run, step).log();
  }

  /** The same of one attempt, the first being 1. */
  public Path log(RunId run, StepId step, int attempt) {
    return new AttemptFolder(
            doors.runFolder(run).resolve(step.value()).resolve(Integer.toString(attempt)))
        .log();
  }

  /** Why a step was run, in a few words; empty when that was not written down. */
  public String because(RunId run, StepId step) {
    return ledger.decision(run, step).map(Explanation::reason).orElse("");
  }

  /** Where a step's output can be looked at in place. */
  public Path outputs(RunId run, RunState.StepRecord step) {
    return attempt(run, step).outputs();
  }

  /** The same of a run that has not been looked at: by what lies in its folder. */
  public Optional<Path> lastOutputs(RunId run, StepId step) {
    var attempts = doors.runFolder(run).resolve(step.value());
    try (var folders = Files.newDirectoryStream(attempts, "[1-9]*")) {
      Optional<Path> last = Optional.empty();
      for (var folder : folders) {
        if (last.isEmpty() || folder.toString().compareTo(last.get().toString()) > 0) {
          last = Optional.of(folder);
        }
      }
      return last.map(it -> new AttemptFolder(it).outputs());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private AttemptFolder attempt(RunId run, RunState.StepRecord step) {
    return new AttemptFolder(
        doors
            .runFolder(run)
            .resolve(step.id().value())
            .resolve(Integer.toString(Math.max(1, step.attempt()))));
  }

  private Ledger.RunRow require(RunId run) {
    return ledger
        .run(run)
        .orElseThrow(() ->
            Problem.of(ErrorCode.NOT_FOUND, "there is no run called " + run)
                .fix("`headrace run list` shows the runs of this workspace")
                .asException());
  }

  private static void checkNames(Plan plan, RunOptions options) {
    var names = new HashSet<>(options.noReuse());
    names.remove("*");
    var unknown = Execution.unknown(plan, names);
    if (!unknown.isEmpty()) {
      throw Problem.of(ErrorCode.NOT_FOUND, "there is no step called " + String.join(", ", unknown))
          .fix(
              "steps: "
                  + String.join(", ", plan.steps().stream().map(s -> s.id().value()).toList()))
          .asException();
    }
  }

  private Reuse reuse(Plan plan, RunOptions options, Map<EnvironmentSpec, Digest> environments) {
    return new Reuse(ledger, doors.files(), plan, options, environments);
  }

  /**
   * What running a plan now would do with one step.
   *
   * @param because for people
   * @param differences to the last time, when something has changed
   * @param waitsFor the steps before it that would run; when there are any, it is not known yet
   *     what this one will do
   */
  public record Foresight(
      Step step,
      boolean reused,
      String because,
      List<StepRecipe.Difference> differences,
      List<StepId> waitsFor) {}

  /** What is known of each of a plan's groups before it begins, in a line. */
  public Map<StepId, String> outlook(Plan plan) {
    var lines = new LinkedHashMap<StepId, String>();
    plan.groups().forEach(group -> lines.put(group.id(), Outlook.of(group)));
    return lines;
  }

  /**
   * What running a captured plan now would do, in the plan's order, then what is known of its
   * groups. Nothing is run or written.
   */
  public List<Foresight> foresee(Plan plan, RunOptions options) {
    checkNames(plan, options);
    var reuse = reuse(plan, options, identities.of(plan));
    var outputs = new HashMap<StepId, Map<String, OutputData>>();
    var foreseen = new LinkedHashMap<StepId, Foresight>();
    var level = new ArrayList<Reuse.Known>();
    var steps = new ArrayList<>(plan.steps());
    steps.addAll(Outlook.steps(plan.groups()));
    for (var step : steps) {
      var waits = new LinkedHashSet<>(step.after());
      waits.addAll(step.afterEnd());
      var waitsFor = waits.stream().filter(it -> !outputs.containsKey(it)).toList();
      if (!waitsFor.isEmpty() && level.stream().anyMatch(k -> waitsFor.contains(k.step().id()))) {
        settle(reuse, level, outputs, foreseen);
      }
      var still = waits.stream().filter(it -> !outputs.containsKey(it)).toList();
      if (still.isEmpty()) {
        var settled = Settled.of(step, _ -> StepState.REUSED, outputs, doors.files()::text);
        level.add(new Reuse.Known(settled, Reuse.made(settled, outputs)));
      } else {
        foreseen.put(
            step.id(),
            new Foresight(
                step,
                false,
                "reads from what will run; reused if that makes the same bytes",
                List.of(),
                still));
      }
    }
    settle(reuse, level, outputs, foreseen);
    return steps.stream()
        .map(step -> Optional.ofNullable(foreseen.get(step.id())).orElseThrow())
        .toList();
  }

  private void settle(
      Reuse reuse,
      List<Reuse.Known> level,
      Map<StepId, Map<String, OutputData>> outputs,
      Map<StepId, Foresight> foreseen) {
    for (var verdict : reuse.decide(level)) {
      var step = verdict.step();
      verdict.result().ifPresent(result -> outputs.put(step.id(), result.outputs()));
      foreseen.put(
          step.id(),
          new Foresight(
              step,
              verdict.result().isPresent(),
              Explanation.reason(verdict.decision()),
              differences(verdict.decision(), Optional.of(verdict.recipe())),
              List.of()));
    }
    level.clear();
  }

  private List<StepRecipe.Difference> differences(Decision decision, Optional<StepRecipe> recipe) {
    if (decision.reason() != Decision.Reason.CHANGED) {
      return List.of();
    }
    var is = recipe.or(() -> ledger.recipe(decision.key()));
    var was = decision.previous().flatMap(ledger::recipe);
    return is.isPresent() && was.isPresent() ? is.get().since(was.get()) : List.of();
  }

  /** Why a step of a run was run, reused or skipped. */
  public Explanation why(RunId run, StepId step) {
    var state = state(run);
    var record =
        Optional.ofNullable(state.steps().get(step))
            .orElseThrow(() ->
                Problem.of(ErrorCode.NOT_FOUND, "run " + run + " has no step called " + step)
                    .fix(
                        "steps: "
                            + String.join(
                                ", ", state.steps().keySet().stream().map(StepId::value).toList()))
                    .asException());
    var decision = ledger.decision(run, step);
    return new Explanation(
        record,
        decision.map(Explanation::reason).orElse(record.message()),
        decision.map(it -> differences(it, Optional.empty())).orElse(List.of()),
        decision.flatMap(it -> ledger.recipe(it.key())).map(StepRecipe::parts).orElse(Map.of()));
  }

  /** All runs that wait to be taken up: open in the records, with no live engine. */
  public List<Ledger.RunRow> interrupted() throws IOException {
    var waiting = new ArrayList<Ledger.RunRow>();
    for (var row : ledger.open()) {
      if (isInterrupted(row)) {
        waiting.add(row);
      }
    }
    return waiting;
  }

  /** The status to show: a run that is open but has no engine is not running. */
  public boolean isInterrupted(Ledger.RunRow row) throws IOException {
    if (row.status() != RunStatus.RUNNING || RunLock.isHeld(doors.runFolder(row.id()))) {
      return false;
    }
    // Asked again: its engine may have ended it since the row was read.
    return ledger.run(row.id()).map(it -> it.status() == RunStatus.RUNNING).orElse(false);
  }
}
