package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Optional;

/**
 * When a schedule starts its job. Texts are as written; times without an offset are in the zone.
 */
public sealed interface Trigger {
  Span span();

  Where where();

  /**
   * Within which time, and by which clock.
   *
   * @param timeZone Windows' name, as in Azure, or a usual one; UTC when absent
   */
  record Span(Optional<String> start, Optional<String> end, Optional<String> timeZone) {}

  /**
   * {@code type: cron}.
   *
   * @param expression minute, hour, day, month, day of the week
   */
  record Cron(String expression, Span span, Where where) implements Trigger {}

  /**
   * {@code type: recurrence}: every so many minutes, hours, days, weeks or months.
   *
   * @param pattern at which times within the day, week or month; at the start's when absent
   */
  record Recurrence(
      Frequency frequency, int interval, Optional<Pattern> pattern, Span span, Where where)
      implements Trigger {}

  /** The unit of a recurrence. */
  enum Frequency {
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH
  }

  /**
   * Times within a recurrence's unit.
   *
   * @param weekDays {@code monday} and so on
   */
  record Pattern(
      List<Integer> hours, List<Integer> minutes, List<String> weekDays, List<Integer> monthDays) {
    public Pattern {
      hours = List.copyOf(hours);
      minutes = List.copyOf(minutes);
      weekDays = List.copyOf(weekDays);
      monthDays = List.copyOf(monthDays);
    }
  }
}
