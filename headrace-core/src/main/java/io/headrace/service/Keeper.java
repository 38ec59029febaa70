package io.headrace.service;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.Assets;
import io.headrace.job.TriggerReader;
import io.headrace.json.ValueJson;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.schedule.Schedule;
import io.headrace.spec.Trigger;
import io.headrace.spec.Value;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Starts the jobs of a workspace's schedules; used by one thread. Of the moments that went by while
 * nobody looked, one run makes up: the latest's. A moment is written down as taken before its run
 * is started, and the run's name follows from it, so that a crash between the two neither loses nor
 * doubles it. A clock that is set back starts nothing again.
 */
public final class Keeper {
  /** How often the schedules are looked at, since others may change them, and the clock. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** Starts what a schedule names. */
  @FunctionalInterface
  public interface Starter {
    /**
     * Returns when the run is in the records.
     *
     * @throws ProblemException when it cannot be started; tried again only when the machine is to
     *     blame
     */
    void start(Asset schedule, RunId run) throws IOException, InterruptedException;
  }

  private final Assets assets;
  private final Timetable timetable;
  private final Predicate<RunId> exists;
  private final Starter starter;
  private final ServiceLog log;
  private final Set<String> told = new HashSet<>();
  private final List<Start> open = new ArrayList<>();
  private boolean first = true;

  /**
   * Makes a keeper; it does nothing by itself.
   *
   * @param exists whether a run is in the records
   */
  public Keeper(
      Assets assets,
      Timetable timetable,
      Predicate<RunId> exists,
      Starter starter,
      ServiceLog log) {
    this.assets = assets;
    this.timetable = timetable;
    this.exists = exists;
    this.starter = starter;
    this.log = log;
  }

  /** Keeps the schedules until the thread is interrupted. */
  public void keep(InstantSource clock) {
    while (!Thread.currentThread().isInterrupted()) {
      Duration pause = LOOK_AGAIN;
      try {
        var now = clock.instant();
        pause = look(now).map(next -> Duration.between(now, next)).orElse(LOOK_AGAIN);
      } catch (ProblemException e) {
        log.failed("keeping schedules", e);
      } catch (InterruptedException e) {
        return;
      }
      try {
        Thread.sleep(pause.compareTo(LOOK_AGAIN) < 0 ? pause : LOOK_AGAIN);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /**
   * Starts what is due.
   *
   * @return the next moment of any schedule
   */
  Optional<Instant> look(Instant now) throws InterruptedException {
    for (var start : waiting()) {
      begin(start);
    }
    Optional<Instant> next = Optional.empty();
    for (var asset : assets.all(AssetKind.SCHEDULE, "")) {
      var schedule = isEnabled(asset) ? times(asset) : Optional.<Schedule>empty();
      if (schedule.isPresent()) {
        startIfDue(asset, schedule.get(), now);
        next = earlier(next, schedule.get().next(now));
      }
    }
    return next;
  }

  /** At first what a keeper before this one died over; later what could not be begun just now. */
  private List<Start> waiting() {
    if (first) {
      open.addAll(timetable.unsettled());
      first = false;
    }
    var all = List.copyOf(open);
    open.clear();
    return all;
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().isBefore(other.get()) ? one.get() : other.get())
        : one.or(() -> other);
  }

  /** Whether it is in force. */
  public static boolean isEnabled(Asset schedule) {
    return !(schedule.body().entries().get("is_enabled") instanceof Value.Flag(boolean on)) || on;
  }

  /**
   * The moments of a schedule.
   *
   * @param created where a recurrence without a start begins
   * @throws ProblemException when its trigger makes no sense
   */
  public static Schedule timesOf(String name, Value.Table body, Instant created) {
    var tree = YamlReader.read(ValueJson.compact(body), "schedule " + name);
    var trigger =
        tree instanceof YamlNode.Mapping mapping
            ? TriggerReader.of(mapping)
            : Optional.<Trigger>empty();
    return Schedule.of(
        trigger.orElseThrow(() ->
            Problem.of(ErrorCode.MISSING_FIELD, "schedule " + name + " has no trigger")
                .asException()),
        created);
  }

  /** The same of one that is kept. */
  public static Schedule timesOf(Asset schedule) {
    return timesOf(schedule.name(), schedule.body(), schedule.created());
  }

  private Optional<Schedule> times(Asset asset) {
    try {
      return Optional.of(timesOf(asset));
    } catch (ProblemException e) {
      if (told.add(asset.name() + asset.modified())) {
        log.failed("reading schedule " + asset.name(), e);
      }
      return Optional.empty();
    }
  }

  /** What was due before the schedule was last changed, it did not mean. */
  private void startIfDue(Asset asset, Schedule schedule, Instant now) throws InterruptedException {
    var last =
        timetable
            .last(asset.name())
            .filter(it -> it.isAfter(asset.modified()))
            .orElse(asset.modified());
    var missed = schedule.missed(last, now);
    if (missed.latest().isPresent()) {
      var start = Start.of(asset.name(), missed.latest().get(), missed.count());
      if (timetable.take(start)) {
        begin(start);
      }
    }
  }

  private void begin(Start start) throws InterruptedException {
    if (exists.test(start.run())) {
      timetable.settle(start, Start.State.STARTED, "");
      return;
    }
    var schedule = assets.all(AssetKind.SCHEDULE, start.schedule()).stream().findFirst();
    if (schedule.isEmpty()) {
      timetable.settle(start, Start.State.FAILED, "the schedule is gone");
      return;
    }
    try {
      starter.start(schedule.get(), start.run());
      timetable.settle(start, Start.State.STARTED, "");
      log.note("schedule " + start.schedule() + " started run " + start.run());
    } catch (ProblemException e) {
      log.failed("starting the job of schedule " + start.schedule(), e);
      if (e.blame() == Blame.PLATFORM) {
        open.add(start);
      } else {
        timetable.settle(start, Start.State.FAILED, said(e));
      }
    } catch (IOException e) {
      log.failed("starting the job of schedule " + start.schedule(), e);
      open.add(start);
    }
  }

  private static String said(ProblemException e) {
    return e.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
  }
}
