package io.headrace.schedule;

import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The moments at which a trigger starts its job. Immutable. */
public final class Schedule {
  private final Times times;
  private final Instant from;
  private final Instant to;

  Schedule(Times times, Instant from, Instant to) {
    this.times = times;
    this.from = from;
    this.to = to;
  }

  /**
   * What a trigger means.
   *
   * @param created when the schedule was made: where a recurrence without a start begins
   * @throws ProblemException with all that {@link #check} finds
   */
  public static Schedule of(Trigger trigger, Instant created) {
    var reading = new TriggerReading(trigger, created);
    var schedule = reading.read();
    if (schedule.isEmpty()) {
      throw new ProblemException(reading.found());
    }
    return schedule.get();
  }

  /** All that is wrong with a trigger; the service, not the client, would tell it. */
  public static List<Problem> check(Trigger trigger) {
    var reading = new TriggerReading(trigger, Instant.EPOCH);
    var _ = reading.read();
    return reading.found();
  }

  /**
   * The first moment after this one, the first of all after {@link Instant#MIN}; empty when the
   * schedule has ended.
   */
  public Optional<Instant> next(Instant after) {
    var since = after.isBefore(from) ? from.minusNanos(1) : after;
    return times.next(since).filter(moment -> !moment.isAfter(to));
  }

  /**
   * What came due after {@code last} and not after {@code now}. To start nothing twice, remember
   * {@link Missed#latest} as the next call's {@code last} before it is started.
   *
   * @param last the moment that was dealt with last; {@link Instant#MIN} when none was
   */
  public Missed missed(Instant last, Instant now) {
    var end = now.isAfter(to) ? to : now;
    var latest =
        times
            .latest(end)
            .filter(moment -> moment.isAfter(last))
            .filter(moment -> !moment.isBefore(from));
    return latest.isEmpty() ? new Missed(latest, 0) : new Missed(latest, count(last, end));
  }

  private int count(Instant last, Instant end) {
    int count = 0;
    var moment = next(last);
    while (count < Missed.MOST && moment.isPresent() && !moment.get().isAfter(end)) {
      count++;
      moment = next(moment.get());
    }
    return count;
  }
}
