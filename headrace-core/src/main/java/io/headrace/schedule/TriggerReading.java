package io.headrace.schedule;

import io.headrace.job.CronField;
import io.headrace.job.CronField.BadField;
import io.headrace.job.CronField.Kind;
import io.headrace.job.Names;
import io.headrace.job.TimeZones;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Trigger;
import io.headrace.spec.Trigger.Frequency;
import io.headrace.spec.Trigger.Pattern;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads one trigger, and collects what is wrong with it. */
final class TriggerReading {
  private static final int FIELDS = 5;

  /** {@code 2026-03-01}, with a time, with seconds, with an offset. */
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd[['T'][' ']HH:mm[:ss][XXX]]");

  private static final List<String> WEEKDAYS =
      List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

  private final Trigger trigger;
  private final Instant created;
  private final List<Problem> found = new ArrayList<>();

  TriggerReading(Trigger trigger, Instant created) {
    this.trigger = trigger;
    this.created = created.truncatedTo(ChronoUnit.SECONDS);
  }

  List<Problem> found() {
    return List.copyOf(found);
  }

  /** Empty when something is wrong. */
  Optional<Schedule> read() {
    var span = trigger.span();
    var zone = zone(span.timeZone());
    var start = span.start().flatMap(text -> moment(text, "start_time", zone));
    var end = span.end().flatMap(text -> moment(text, "end_time", zone));
    if (start.isPresent() && end.isPresent() && end.get().isBefore(start.get())) {
      wrong("end_time is before start_time", "exchange the two");
    }
    var times =
        switch (trigger) {
          case Trigger.Cron cron -> cron(cron.expression(), zone);
          case Trigger.Recurrence it -> Optional.of(recurrence(it, zone, start.orElse(created)));
        };
    if (!found.isEmpty() || times.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Schedule(times.get(), start.orElse(created), end.orElse(Instant.MAX)));
  }

  private ZoneId zone(Optional<String> name) {
    if (name.isEmpty()) {
      return ZoneOffset.UTC;
    }
    var zone = TimeZones.zone(name.get().strip());
    if (zone.isEmpty()) {
      wrong("there is no time zone '" + name.get() + "'", TimeZones.advice(name.get().strip()));
    }
    return zone.orElse(ZoneOffset.UTC);
  }

  private Optional<Instant> moment(String text, String field, ZoneId zone) {
    // Parts of a second are read and dropped: no schedule is that fine.
    var whole = text.strip().replaceFirst("\\.[0-9]+", "");
    try {
      var parsed =
          MOMENT.parseBest(whole, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      return Optional.of(
          switch (parsed) {
            case OffsetDateTime it -> it.toInstant();
            case LocalDateTime it -> it.atZone(zone).toInstant();
            case LocalDate it -> it.atStartOfDay(zone).toInstant();
            default -> throw new DateTimeException(text);
          });
    } catch (DateTimeException e) {
      wrong(
          field + " '" + text + "' is no date and time",
          "write it such as 2026-03-01T07:30:00, in time_zone, or with an offset such as +01:00");
      return Optional.empty();
    }
  }

  private Optional<Times> cron(String expression, ZoneId zone) {
    var texts = List.of(expression.strip().split("\\s+"));
    if (texts.size() != FIELDS) {
      wrong(
          "the cron expression '" + expression + "' has " + texts.size() + " of five fields",
          texts.size() == FIELDS + 1
              ? "take out the seconds: minute hour day month weekday"
              : "write minute hour day month weekday, such as \"15 10 * * 1\"");
      return Optional.empty();
    }
    var fields = new EnumMap<Kind, CronField>(Kind.class);
    var left = texts.iterator();
    for (var kind : Kind.values()) {
      try {
        fields.put(kind, CronField.read(kind, left.next()));
      } catch (BadField e) {
        wrong("in the cron expression '" + expression + "' " + e.getMessage(), e.fix());
      }
    }
    return fields.size() == FIELDS ? days(expression, fields, zone) : Optional.empty();
  }

  private Optional<Times> days(String expression, Map<Kind, CronField> fields, ZoneId zone) {
    var months = values(fields, Kind.MONTH);
    var days = values(fields, Kind.DAY);
    var weekdays = values(fields, Kind.WEEKDAY);
    // NCRONTAB wants both, the day and the day of the week, where crontab(5) takes either.
    Predicate<LocalDate> dates =
        date ->
            months.get(date.getMonthValue())
                && days.get(date.getDayOfMonth())
                && weekdays.get(date.getDayOfWeek().getValue() % DayOfWeek.values().length);
    var hours = fields.get(Kind.HOUR);
    var times =
        new Days(
            zone,
            dates,
            times(values(fields, Kind.HOUR), values(fields, Kind.MINUTE)),
            hours != null && hours.isFull());
    if (times.next(created).isEmpty()) {
      wrong(
          "the day of the cron expression '" + expression + "' never comes",
          "correct the day of the month, the month or the day of the week");
    }
    return Optional.of(times);
  }

  private static BitSet values(Map<Kind, CronField> fields, Kind kind) {
    var field = fields.get(kind);
    return field == null ? new BitSet() : field.values();
  }

  private static List<LocalTime> times(BitSet hours, BitSet minutes) {
    return hours.stream()
        .boxed()
        .flatMap(hour -> minutes.stream().mapToObj(minute -> LocalTime.of(hour, minute)))
        .toList();
  }

  private Times recurrence(Trigger.Recurrence recurrence, ZoneId zone, Instant start) {
    int interval = recurrence.interval();
    if (interval < 1) {
      wrong(
          "a schedule cannot come every " + interval + " " + word(recurrence.frequency()) + "s",
          "make interval 1 or more");
      interval = 1; // Only so that the rest is read and checked too.
    }
    checkPattern(recurrence);
    return switch (recurrence.frequency()) {
      case MINUTE -> new Intervals(start, Duration.ofMinutes(interval));
      case HOUR -> new Intervals(start, Duration.ofHours(interval));
      case DAY, WEEK, MONTH ->
          calendar(recurrence, interval, start.atZone(zone).toLocalDateTime(), zone);
    };
  }

  private static String word(Frequency frequency) {
    return switch (frequency) {
      case MINUTE -> "minute";
      case HOUR -> "hour";
      case DAY -> "day";
      case WEEK -> "week";
      case MONTH -> "month";
    };
  }

  private Times calendar(
      Trigger.Recurrence recurrence, long interval, LocalDateTime start, ZoneId zone) {
    var pattern =
        recurrence.pattern().orElse(new Pattern(List.of(), List.of(), List.of(), List.of()));
    var first = start.toLocalDate();
    Predicate<LocalDate> dates =
        switch (recurrence.frequency()) {
          case MINUTE, HOUR, DAY -> date -> isWhole(first.until(date, ChronoUnit.DAYS), interval);
          case WEEK -> weeks(pattern, first, interval);
          case MONTH -> months(pattern, first, interval);
        };
    return new Days(zone, dates, times(pattern, start.toLocalTime()), false);
  }

  /** Weeks begin on Monday. */
  private static Predicate<LocalDate> weeks(Pattern pattern, LocalDate first, long interval) {
    var monday = first.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    var written = weekDays(pattern);
    var days = written.isEmpty() ? Set.of(first.getDayOfWeek()) : written;
    return date ->
        days.contains(date.getDayOfWeek())
            && isWhole(Math.floorDiv(monday.until(date, ChronoUnit.DAYS), 7L), interval);
  }

  /** The start's day comes in shorter months on their last; a day that is written does not. */
  private static Predicate<LocalDate> months(Pattern pattern, LocalDate first, long interval) {
    var month = first.withDayOfMonth(1);
    var weekDays = weekDays(pattern);
    Predicate<LocalDate> days =
        weekDays.isEmpty() && pattern.monthDays().isEmpty()
            ? date -> date.getDayOfMonth() == Math.min(first.getDayOfMonth(), date.lengthOfMonth())
            : date ->
                weekDays.contains(date.getDayOfWeek())
                    || pattern.monthDays().contains(date.getDayOfMonth());
    return date ->
        days.test(date)
            && isWhole(month.until(date.withDayOfMonth(1), ChronoUnit.MONTHS), interval);
  }

  /** Those that are days; the others are told by {@link #checkPattern}. */
  private static Set<DayOfWeek> weekDays(Pattern pattern) {
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var day : DayOfWeek.values()) {
      if (pattern.weekDays().stream().anyMatch(day.name()::equalsIgnoreCase)) {
        days.add(day);
      }
    }
    return days;
  }

  private static boolean isWhole(long passed, long interval) {
    return Math.floorMod(passed, interval) == 0;
  }

  private static List<LocalTime> times(Pattern pattern, LocalTime start) {
    if (pattern.hours().isEmpty() && pattern.minutes().isEmpty()) {
      return List.of(start);
    }
    var hours = set(pattern.hours(), start.getHour(), Kind.HOUR);
    return times(hours, set(pattern.minutes(), start.getMinute(), Kind.MINUTE));
  }

  private static BitSet set(List<Integer> values, int otherwise, Kind kind) {
    var set = new BitSet();
    values.stream().filter(kind::holds).forEach(set::set);
    if (values.isEmpty()) {
      set.set(otherwise);
    }
    return set;
  }

  private void checkPattern(Trigger.Recurrence recurrence) {
    if (recurrence.pattern().isEmpty()) {
      return;
    }
    var pattern = recurrence.pattern().get();
    within(pattern.hours(), Kind.HOUR, "hours");
    within(pattern.minutes(), Kind.MINUTE, "minutes");
    within(pattern.monthDays(), Kind.DAY, "month_days");
    pattern.weekDays().stream()
        .filter(day -> !WEEKDAYS.contains(day.toLowerCase(Locale.ROOT)))
        .forEach(day -> wrong("week_days: there is no '" + day + "'", weekdayAdvice(day)));
    switch (recurrence.frequency()) {
      case MINUTE, HOUR ->
          wrong(
              "a schedule by the "
                  + word(recurrence.frequency())
                  + " has hours and minutes to keep",
              "use frequency: day, week or month, or take schedule out");
      case DAY -> {
        unused(pattern.weekDays(), "week_days", "week or month");
        unused(pattern.monthDays(), "month_days", "month");
      }
      case WEEK -> unused(pattern.monthDays(), "month_days", "month");
      case MONTH -> {}
    }
  }

  private static String weekdayAdvice(String mistaken) {
    return Names.advice(mistaken, WEEKDAYS, "days");
  }

  private void within(List<Integer> values, Kind kind, String field) {
    for (int value : values) {
      if (!kind.holds(value)) {
        wrong(field + ": " + value + " is no " + kind.title(), kind.range());
      }
    }
  }

  private void unused(List<?> values, String field, String frequency) {
    if (!values.isEmpty()) {
      wrong(
          field + " says nothing with this frequency",
          "use frequency: " + frequency + ", or take it out");
    }
  }

  private void wrong(String message, String fix) {
    found.add(Problem.of(ErrorCode.WRONG_VALUE, message).at(trigger.where()).fix(fix));
  }
}
