package io.headrace.service;

import io.headrace.name.RunId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A schedule's job begins, once for its moment.
 *
 * @param missed how many moments this one start makes up for, 1 when it came in time
 * @param run the name of its run, which follows from schedule and moment
 * @param why it could not be started; empty otherwise
 */
public record Start(
    String schedule, Instant moment, int missed, RunId run, State state, String why) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MOST_NAME = 200;

  /** How far it has come. */
  public enum State {
    /** The moment is this start's; whether the run exists must be looked up. */
    TAKEN,
    STARTED,
    FAILED
  }

  /** A start that is to happen. */
  static Start of(String schedule, Instant moment, int missed) {
    return new Start(schedule, moment, missed, run(schedule, moment), State.TAKEN, "");
  }

  /** Names of schedules may have dots, names of runs may not. */
  private static RunId run(String schedule, Instant moment) {
    String name = schedule.replace('.', '-');
    String part = name.substring(0, Math.min(name.length(), MOST_NAME));
    return new RunId((part.startsWith("_") ? "s" + part : part) + "_" + STAMP.format(moment));
  }
}
