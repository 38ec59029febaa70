package io.headrace.schedule;

import io.headrace.problem.Where;
import io.headrace.spec.Trigger;
import io.headrace.spec.Trigger.Frequency;
import io.headrace.spec.Trigger.Pattern;
import io.headrace.spec.Trigger.Span;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Triggers for tests, and what they come to. */
final class Triggers {
  static final Span UTC = new Span(Optional.empty(), Optional.empty(), Optional.empty());

  private static final Where HERE = new Where("schedule.yml", 3, 1);

  private Triggers() {}

  static Span in(String zone) {
    return new Span(Optional.empty(), Optional.empty(), Optional.of(zone));
  }

  static Span starting(String start, String zone) {
    return new Span(Optional.of(start), Optional.empty(), Optional.of(zone));
  }

  static Trigger cron(String expression, Span span) {
    return new Trigger.Cron(expression, span, HERE);
  }

  static Trigger every(int interval, Frequency frequency, Span span) {
    return new Trigger.Recurrence(frequency, interval, Optional.empty(), span, HERE);
  }

  static Trigger every(int interval, Frequency frequency, Pattern pattern, Span span) {
    return new Trigger.Recurrence(frequency, interval, Optional.of(pattern), span, HERE);
  }

  static Pattern at(int hour, int minute, DayOfWeek... days) {
    return new Pattern(
        List.of(hour),
        List.of(minute),
        Arrays.stream(days).map(day -> day.name().toLowerCase(Locale.ROOT)).toList(),
        List.of());
  }

  static Pattern onDays(int hour, int minute, Integer... monthDays) {
    return new Pattern(List.of(hour), List.of(minute), List.of(), List.of(monthDays));
  }

  /** The first moments after this one, as ISO 8601 in UTC. */
  static List<String> after(Trigger trigger, String moment, int count) {
    var schedule = Schedule.of(trigger, Instant.parse("2000-01-01T00:00:00Z"));
    var moments = new ArrayList<String>();
    var next = schedule.next(Instant.parse(moment));
    while (next.isPresent() && moments.size() < count) {
      moments.add(next.get().toString());
      next = schedule.next(next.get());
    }
    return moments;
  }
}
