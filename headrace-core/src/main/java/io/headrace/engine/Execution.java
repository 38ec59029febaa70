package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    record Ended(StepAttempt.Ended end) implements Message {}

    /** Its process has ended well; its outputs are being taken in. */
    record ProcessOver(Step step) implements Message {}

    /** Records can no longer be written: nothing new may begin. */
    record Broken(Throwable cause) implements Message {}

    /**
     * @param again whether it was asked for once more, when the last steps were running already
     */
    record Cancel(boolean again) implements Message {}

    /** An event is safe on disk: it may be told, and what it makes needless may go. */
    record Durable(RunEvent event) implements Message {}
  }

  private static final long LOOK_FOR_CANCEL_MS = 500;
  private static final long LOOK_AT_SWEEPS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How many steps for each process, so that one can run while another is taken in. */
  private static final int STEPS_PER_PROCESS = 2;

  private final EngineDoors doors;
  private final Plan plan;
  private final RunId run;
  private final RunOptions options;
  private final Reuse reuse;
  private final RunNames names = new RunNames();
  private final RunJournal journal;
  private final StepAttempt.Around around;
  private final LinkedBlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  // Only the deciding thread touches these.
  private final Map<StepId, Step> steps = new LinkedHashMap<>();
  private final Map<StepId, StepState> states = new HashMap<>();
  private final Map<StepId, Map<String, OutputData>> outputs = new HashMap<>();
  private final Map<StepId, Integer> waitingFor = new HashMap<>();
  private final Map<StepId, List<StepId>> readers = new HashMap<>();
  private final Map<StepId, List<StepId>> endWaiters = new HashMap<>();
  private final Map<StepId, OpenGroup> groups = new LinkedHashMap<>();
  private final Map<StepId, StepId> owners = new HashMap<>();
  private final ArrayDeque<OpenGroup> toOpen = new ArrayDeque<>();
  private final LinkedHashSet<StepId> toConsult = new LinkedHashSet<>();
  private final Map<StepId, RunState.StepRecord> recorded = new HashMap<>();
  private final Map<StepId, String> closing = new HashMap<>();
  private final Map<StepId, StepId> skippedFor = new HashMap<>();
  private final ArrayDeque<Step> ready = new ArrayDeque<>();
  private final ArrayDeque<Reuse.Verdict> toRun = new ArrayDeque<>();
  private final Map<StepId, StepAttempt> running = new HashMap<>();
  private final Set<StepId> withProcess = new HashSet<>();
  private final Map<StepId, RunState.StepRecord> begun = new HashMap<>();

  // By steps' threads too.
  /** The run that holds what each has logged; of a group, its own. */
  private final Map<StepId, RunId> children = new ConcurrentHashMap<>();

  // Nothing is removed before the records know the step's end for sure.
  private final Map<StepId, Attempt> toClear = new ConcurrentHashMap<>();
  private final Sweeper sweeper;
  private Optional<Throwable> broken = Optional.empty();
  // Read by other threads too.
  private volatile boolean stopping;
  private volatile boolean finalizing;

  private final StepAttempt.Reports reports =
      new StepAttempt.Reports() {
        @Override
        public boolean stopping() {
          return stopping;
        }

        @Override
        public void child(StepId step, RunId child) {
          children.put(step, child);
        }

        @Override
        public void processOver(Step step) {
          mailbox.add(new Message.ProcessOver(step));
        }

        @Override
        public void toClear(StepId step, Attempt attempt) {
          toClear.put(step, attempt);
        }

        @Override
        public void ended(StepAttempt.Ended end) {
          mailbox.add(new Message.Ended(end));
        }

        @Override
        public void broken(Throwable cause) {
          mailbox.add(new Message.Broken(cause));
        }
      };

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
    this.options = options;
    this.reuse = reuse;
    this.journal =
        new RunJournal(
            doors.ledger(),
            listener,
            nextSeq,
            // On the writer's thread: only a note, so that no write waits for a slow terminal.
            event -> mailbox.add(new Message.Durable(event)),
            failure -> mailbox.add(new Message.Broken(failure)));
    this.sweeper = new Sweeper(journal::notice);
    this.around =
        new StepAttempt.Around(doors, run, plan.experiment(), options, reuse, names, journal);
  }

  /**
   * Takes over what the records say of an interrupted run. If a step's failure was to end it, it
   * goes on ending.
   *
   * @param trusted whether processes and files of before may still be there as they were
   */
  void recover(RunState state, boolean trusted) {
    skippedFor.putAll(state.skipped());
    for (var record : state.steps().values()) {
      recorded.put(record.id(), record);
      record.from().or(record::child).ifPresent(child -> children.put(record.id(), child));
      switch (record.state()) {
        case SUCCEEDED, REUSED -> {
          outputs.put(record.id(), record.outputs());
          states.put(record.id(), record.state());
        }
        case FAILED, CANCELED, SKIPPED -> states.put(record.id(), record.state());
        case RUNNING -> {
          if (!record.group()) {
            begun.put(record.id(), trusted ? record : forgotten(record));
          }
        }
        case PLANNED -> {}
      }
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
        record.parameters(),
        false,
        record.key(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /**
   * Asks for an end: live steps are ended, no new one is begun but those that are to run at the
   * end; asked once more while these run, they are ended too. Any thread may call it.
   */
  void cancel() {
    if (cancelled.compareAndSet(false, true)) {
      mailbox.add(new Message.Cancel(false));
    } else if (finalizing) {
      mailbox.add(new Message.Cancel(true));
    }
  }

  /** Whether only what runs after all else is still running. */
  boolean isFinalizing() {
    return finalizing;
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
    stopping = cancelled.get();
    var first = plan.part(plan.ends().first()::contains);
    var last = plan.part(plan.ends().last()::contains);
    var others = plan.part(it -> !first.ids().contains(it) && !last.ids().contains(it));
    try (var threads = Executors.newCachedThreadPool()) {
      runPart(first, threads);
      var unmet = first.ids().stream().filter(it -> !state(it).isSuccess()).findFirst();
      if (unmet.isPresent() && !cancelled.get()) {
        add(others.steps(), others.groups(), Optional.empty());
        skipAll(others.ids(), unmet.get());
      } else {
        runPart(others, threads);
      }
      if (!last.ids().isEmpty() && broken.isEmpty()) {
        beginLast();
        runPart(last, threads);
      }
    }
  }

  private void runPart(Group.Body part, ExecutorService threads) throws InterruptedException {
    add(part.steps(), part.groups(), Optional.empty());
    long looked = System.nanoTime();
    while (true) {
      decide();
      startSome(threads);
      if (running.isEmpty() && !mayStart()) {
        break;
      }
      handle(mailbox.poll(LOOK_FOR_CANCEL_MS, TimeUnit.MILLISECONDS));
      for (var more = mailbox.poll(); more != null; more = mailbox.poll()) {
        handle(more);
      }
      if (System.nanoTime() - looked > LOOK_AT_SWEEPS_NANOS) {
        looked = System.nanoTime();
        lookAtSweeps();
      }
    }
    closeOpenGroups();
  }

  private void skipAll(Set<StepId> ids, StepId because) {
    ready.clear();
    toOpen.clear();
    ids.forEach(id -> skip(id, because));
  }

  /** Whatever ended the rest does not keep the last steps from running. */
  private void beginLast() {
    finalizing = true;
    if (cancelled.get()) {
      markCancelled();
    }
    ready.clear();
    toOpen.clear();
    toRun.clear();
    stopping = false;
  }

  /** So that whoever takes the run up from here knows that the rest is not to go on. */
  private void markCancelled() {
    try {
      Files.createFile(cancelMark(doors.runFolder(run)));
    } catch (FileAlreadyExistsException e) {
      // It was asked for by the mark.
    } catch (IOException e) {
      journal.notice("the cancelling could not be noted: " + e.getMessage());
    }
  }

  /** Until nothing more follows from what is known. */
  private void decide() {
    do {
      decideReady();
      openGroups();
      consultGroups();
    } while (!ready.isEmpty() || !toOpen.isEmpty() || !toConsult.isEmpty());
  }

  // Groups

  /** A group and what becomes of it. */
  private final class OpenGroup implements GroupControl.Members {
    private final Group group;
    private final GroupControl control;
    private Instant opened = Instant.EPOCH;

    OpenGroup(Group group) {
      this.group = group;
      this.control = GroupControl.of(group, options.seed());
    }

    @Override
    public Optional<StepState> state(StepId member) {
      return steps.containsKey(member) || groups.containsKey(member) || owners.containsKey(member)
          ? Optional.ofNullable(states.get(member))
          : Optional.empty();
    }

    @Override
    public Optional<StepId> failureBehind(StepId skipped) {
      return Execution.this.failureBehind(skipped);
    }

    @Override
    public Optional<Map<String, String>> recorded(StepId member) {
      return Optional.ofNullable(recorded.get(member)).map(RunState.StepRecord::parameters);
    }

    @Override
    public Map<String, OutputData> outputs(StepId of) {
      return outputs.getOrDefault(of, Map.of());
    }

    @Override
    public String text(Plan.StepRef ref) {
      var data = outputs(ref.step()).get(ref.output());
      if (data == null) {
        throw Problem.of(
                ErrorCode.OUTPUT_MISSING, ref.step() + " has made no output " + ref.output())
            .asException();
      }
      return doors.files().text(data, ref);
    }

    @Override
    public OutputData gathered(List<OutputData> parts) {
      return doors.files().gathered(parts);
    }

    @Override
    public List<Double> metrics(StepId member, String metric) {
      var child = children.get(member);
      return child == null ? List.of() : doors.metrics().of(child, metric);
    }

    @Override
    public long age() {
      return Duration.between(opened, doors.clock().instant()).toSeconds();
    }
  }

  /**
   * Takes steps and groups up: all of a plan's, or what a group begins. What the records know of
   * them stands.
   */
  private void add(List<Step> newSteps, List<Group> newGroups, Optional<StepId> owner) {
    var ids = new ArrayList<StepId>();
    for (var step : newSteps) {
      steps.put(step.id(), step);
      ids.add(step.id());
    }
    for (var group : newGroups) {
      groups.put(group.id(), new OpenGroup(group));
      ids.add(group.id());
    }
    for (var id : ids) {
      states.putIfAbsent(id, StepState.PLANNED);
      owner.ifPresent(it -> owners.put(id, it));
    }
    newSteps.forEach(step -> await(step.id(), step.after(), step.afterEnd()));
    newGroups.forEach(group -> await(group.id(), group.after(), Set.of()));
    for (var id : ids) {
      switch (state(id)) {
        case PLANNED -> {
          if (waitingFor.getOrDefault(id, 0) == 0) {
            isReady(id);
          } else {
            skipIfInVain(id);
          }
        }
        case FAILED -> {
          failed(id);
          skipReaders(id);
        }
        case CANCELED, SKIPPED -> skipReaders(id);
        case SUCCEEDED, REUSED, RUNNING -> {}
      }
    }
    owner.ifPresent(toConsult::add);
  }

  private void skipIfInVain(StepId id) {
    if (cancelled.get()) {
      return;
    }
    var step = steps.get(id);
    var group = groups.get(id);
    var before =
        step != null ? step.after() : group != null ? group.group.after() : Set.<StepId>of();
    for (var each : before) {
      if (state(each).isEnd() && !state(each).isSuccess()) {
        skip(id, each);
        return;
      }
    }
  }

  private Optional<StepId> failureBehind(StepId skipped) {
    for (var at = skippedFor.get(skipped); at != null; at = skippedFor.get(at)) {
      var state = state(at);
      if (state == StepState.FAILED || state == StepState.CANCELED) {
        return Optional.of(at);
      }
      if (state != StepState.SKIPPED) {
        return Optional.empty(); // a branch that chose otherwise
      }
    }
    return Optional.empty();
  }

  private StepState state(StepId id) {
    return states.getOrDefault(id, StepState.PLANNED);
  }

  private void await(StepId id, Set<StepId> before, Set<StepId> ended) {
    int waiting = 0;
    for (var each : before) {
      if (!state(each).isSuccess()) {
        waiting++;
        readers.computeIfAbsent(each, _ -> new ArrayList<>()).add(id);
      }
    }
    for (var each : ended) {
      if (!state(each).isEnd()) {
        waiting++;
        endWaiters.computeIfAbsent(each, _ -> new ArrayList<>()).add(id);
      }
    }
    waitingFor.put(id, waiting);
  }

  private void isReady(StepId id) {
    var step = steps.get(id);
    if (step != null) {
      ready.add(step);
      return;
    }
    var group = groups.get(id);
    if (group != null) {
      toOpen.add(group);
    }
  }

  private void openGroups() {
    while (!toOpen.isEmpty()) {
      var open = toOpen.remove();
      var id = open.group.id();
      var record = recorded.get(id);
      if (record != null && record.started().isPresent()) {
        open.opened = record.started().get();
      } else if (stopping) {
        continue;
      } else {
        open.opened = doors.clock().instant();
        var child = names.forStep();
        children.put(id, child);
        journal.record(
            new RunEvent.GroupOpened(
                run, open.opened, id, child, parent(id), open.group.displayName()),
            Optional.empty());
      }
      states.put(id, StepState.RUNNING);
      toConsult.add(id);
    }
  }

  private void consultGroups() {
    while (!toConsult.isEmpty()) {
      var id = toConsult.removeFirst();
      var open = groups.get(id);
      if (open != null && state(id) == StepState.RUNNING) {
        consult(open);
      }
    }
  }

  private void consult(OpenGroup open) {
    GroupControl.Turn turn;
    try {
      turn = open.control.next(open);
    } catch (ProblemException e) {
      turn = GroupControl.Turn.failed(StepAttempt.oneLine(e.problems().getFirst()));
    }
    for (var member : turn.end()) {
      var thread = running.get(member);
      if (thread != null) {
        thread.cancel();
      }
    }
    for (var member : turn.skip()) {
      skip(member, open.group.id());
      owners.put(member, open.group.id());
      toConsult.add(open.group.id());
    }
    if (!turn.begin().ids().isEmpty()) {
      add(turn.begin().steps(), turn.begin().groups(), Optional.of(open.group.id()));
    }
    turn.over().ifPresent(over -> close(open, over));
  }

  private void close(OpenGroup open, GroupControl.Over over) {
    var id = open.group.id();
    journal.record(
        new RunEvent.GroupClosed(
            run,
            doors.clock().instant(),
            id,
            Optional.ofNullable(children.get(id)).orElseThrow(),
            over.state(),
            over.outputs(),
            over.message()),
        Optional.empty());
    closing.put(id, over.message());
    settle(id, over.state(), over.outputs());
    if (over.state() == StepState.FAILED) {
      failed(id);
    }
  }

  /** When a run is stopped, its groups are not over, but they end with it: the inner ones first. */
  private void closeOpenGroups() {
    if (broken.isPresent()) {
      return;
    }
    var why = cancelled.get() ? "cancelled" : "ended, since a step failed";
    for (var open : List.copyOf(groups.values()).reversed()) {
      if (state(open.group.id()) == StepState.RUNNING) {
        if (!stopping) {
          throw new IllegalStateException("group " + open.group.id() + " neither ends nor goes on");
        }
        close(open, new GroupControl.Over(StepState.CANCELED, Map.of(), why));
      }
    }
  }

  /** Trials log while they run. */
  private void lookAtSweeps() {
    for (var open : groups.values()) {
      if (open.group instanceof Group.Sweep sweep
          && (sweep.termination().isPresent() || sweep.limits().timeout().isPresent())) {
        toConsult.add(sweep.id());
      }
    }
  }

  /** A failed trial is a result like another. */
  private boolean isTolerated(StepId id) {
    for (var owner = owners.get(id); owner != null; owner = owners.get(owner)) {
      var open = groups.get(owner);
      if (open != null && open.group instanceof Group.Sweep) {
        return true;
      }
    }
    return false;
  }

  private void failed(StepId id) {
    if (!plan.continueOnStepFailure() && !isTolerated(id)) {
      stopping = true;
      running.values().forEach(StepAttempt::cancel);
    }
  }

  /** The run that it is shown under. */
  private RunId parent(StepId id) {
    var owner = owners.get(id);
    return owner == null ? run : children.getOrDefault(owner, run);
  }

  private void handle(@org.jspecify.annotations.Nullable Message message) {
    switch (message) {
      case null -> lookForMarks();
      case Message.Ended(StepAttempt.Ended end) -> ended(end);
      case Message.ProcessOver(Step step) -> withProcess.remove(step.id());
      case Message.Broken it -> {
        if (broken.isEmpty()) {
          broken = Optional.of(it.cause());
        }
        stopping = true;
      }
      case Message.Durable(RunEvent event) -> {
        journal.tell(it -> it.event(event));
        if (event instanceof RunEvent.StepSucceeded it) {
          var attempt = toClear.remove(it.step());
          if (attempt != null) {
            sweeper.add(attempt);
          }
        }
      }
      case Message.Cancel(boolean again) -> {
        if (again || !finalizing) {
          stopping = true;
          running.values().forEach(StepAttempt::cancel);
        }
      }
    }
  }

  private void lookForMarks() {
    if (stopping) {
      return;
    }
    if (!cancelled.get() && Files.exists(cancelMark(doors.runFolder(run)))) {
      cancel();
    } else if (finalizing && Files.exists(cancelAgainMark(doors.runFolder(run)))) {
      mailbox.add(new Message.Cancel(true));
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
        settled(ready.remove())
            .ifPresent(step -> known.add(new Reuse.Known(step, Reuse.made(step, outputs))));
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

  /** What others made was checked when it was taken in: if it cannot be read, the store is ill. */
  private Optional<Step> settled(Step step) {
    try {
      return Optional.of(Settled.of(step, this::state, outputs, doors.files()::text));
    } catch (ProblemException e) {
      handle(new Message.Broken(e));
      return Optional.empty();
    }
  }

  private boolean isBegun(StepId step) {
    var record = begun.get(step);
    return record != null && record.state() == StepState.RUNNING;
  }

  private void giveEarlier(Reuse.Verdict verdict, Result result) {
    var step = verdict.step();
    children.put(step.id(), result.child()); // which has logged; its own may not be written yet
    journal.record(
        new RunEvent.StepReused(
            run,
            doors.clock().instant(),
            step.id(),
            names.forStep(),
            parent(step.id()),
            verdict.decision().key(),
            result.child(),
            step.displayName(),
            StepAttempt.parameters(step),
            result.outputs()),
        Optional.of(around.note(verdict)));
    settle(step.id(), StepState.REUSED, result.outputs());
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
      var thread =
          new StepAttempt(
              around,
              reports,
              verdict,
              Optional.ofNullable(begun.remove(step.id())),
              parent(step.id()));
      running.put(step.id(), thread);
      withProcess.add(step.id());
      states.put(step.id(), StepState.RUNNING);
      threads.execute(thread);
    }
  }

  private void ended(StepAttempt.Ended it) {
    var id = it.step().id();
    running.remove(id);
    withProcess.remove(id);
    settle(id, it.state(), it.outputs());
    if (it.state() == StepState.FAILED) {
      failed(id);
    }
  }

  private void settle(StepId id, StepState state, Map<String, OutputData> made) {
    states.put(id, state);
    consultOwner(id);
    if (!state.isSuccess()) {
      skipReaders(id);
      release(endWaiters.getOrDefault(id, List.of()));
      return;
    }
    outputs.put(id, made);
    release(readers.getOrDefault(id, List.of()));
    release(endWaiters.getOrDefault(id, List.of()));
  }

  private void release(List<StepId> waiting) {
    for (var reader : waiting) {
      if (waitingFor.merge(reader, -1, Integer::sum) == 0 && state(reader) == StepState.PLANNED) {
        isReady(reader);
      }
    }
  }

  private void consultOwner(StepId id) {
    var owner = owners.get(id);
    if (owner != null) {
      toConsult.add(owner);
    }
  }

  /**
   * All that reads from it, however far down, will not run; said once, with the step that is to
   * blame.
   */
  private void skipReaders(StepId id) {
    if (cancelled.get() || broken.isPresent()) {
      return;
    }
    readers.getOrDefault(id, List.of()).forEach(reader -> skip(reader, id));
  }

  private void skip(StepId first, StepId because) {
    var left = new ArrayDeque<>(List.of(first));
    while (!left.isEmpty()) {
      var id = left.remove();
      if (state(id) != StepState.PLANNED || isBegun(id)) {
        continue;
      }
      states.put(id, StepState.SKIPPED);
      skippedFor.put(id, because);
      journal.record(
          new RunEvent.StepSkipped(run, doors.clock().instant(), id, because), Optional.empty());
      consultOwner(id);
      release(endWaiters.getOrDefault(id, List.of()));
      left.addAll(readers.getOrDefault(id, List.of()));
      var group = groups.get(id);
      if (group != null && group.group instanceof Group.Branch branch) {
        branch.bodies().forEach(body -> left.addAll(body.ids())); // others read from them directly
      }
    }
  }

  private Outcome end() throws InterruptedException {
    var failed = failedUnits();
    RunStatus status;
    String message;
    if (!failed.isEmpty()) {
      status = RunStatus.FAILED;
      message =
          failed.size() == 1
              ? failed.getFirst()
              : failed.size()
                  + " steps failed: "
                  + failed.stream()
                      .limit(10)
                      .map(it -> it.replaceFirst("^step (.*) failed$", "$1"))
                      .collect(Collectors.joining(", "));
    } else if (cancelled.get()) {
      status = RunStatus.CANCELED;
      message = "cancelled";
    } else {
      status = RunStatus.COMPLETED;
      message = "";
    }
    var ended =
        journal.append(
            new RunEvent.Ended(run, doors.clock().instant(), status, message), Optional.empty());
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

  /** In words: the steps that failed, and the groups that failed for none of their steps. */
  private List<String> failedUnits() {
    var failed = new ArrayList<String>();
    for (var step : steps.keySet()) {
      if (state(step) == StepState.FAILED && !isTolerated(step)) {
        failed.add("step " + step + " failed");
      }
    }
    for (var id : groups.keySet()) {
      boolean byMember =
          owners.entrySet().stream()
              .anyMatch(it ->
                  it.getValue().equals(id)
                      && (state(it.getKey()) == StepState.FAILED
                          || failureBehind(it.getKey()).isPresent()) // which is told itself
                      && !isTolerated(it.getKey()));
      if (state(id) == StepState.FAILED && !byMember && !isTolerated(id)) {
        failed.add(id + " failed: " + closing.getOrDefault(id, ""));
      }
    }
    return failed;
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

  /** The steps whose names the plan has not. */
  static Set<String> unknown(Plan plan, Set<String> names) {
    var known = new HashSet<String>();
    var ids = new ArrayList<StepId>();
    plan.allSteps().forEach(step -> ids.add(step.id()));
    plan.groups().forEach(group -> ids.add(group.id()));
    for (var each : ids) {
      var id = each.value();
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

  /** Where to ask once more, so that what runs at the end of all is ended too. */
  static Path cancelAgainMark(Path runFolder) {
    return runFolder.resolve("cancel-again");
  }
}
