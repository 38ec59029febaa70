package io.headrace.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Times of day on certain days of a time zone's calendar.
 *
 * <p>A time that clocks leave out is taken at the moment they jump; one that they show twice is
 * taken the first time. Where every hour is meant it is otherwise: what is left out is left out,
 * and what comes twice comes twice, or there would be an hour with too many and one with none.
 *
 * @param times ascending
 * @param everyHour whether the times are the same in all hours
 */
record Days(ZoneId zone, Predicate<LocalDate> dates, List<LocalTime> times, boolean everyHour)
    implements Times {
  /** Longer than from one 29 February on a Monday to the next, over a year 2100 without one. */
  private static final int FARTHEST_DAYS = 50 * 366;

  @Override
  public Optional<Instant> next(Instant after) {
    // A day early: at a change of the clock or of the date line it may have moments to come.
    var date = after.atZone(zone).toLocalDate().minusDays(1);
    for (int i = 0; i < FARTHEST_DAYS; i++, date = date.plusDays(1)) {
      var moment = Optional.ofNullable(on(date).higher(after));
      if (moment.isPresent()) {
        return moment;
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Instant> latest(Instant upTo) {
    var date = upTo.atZone(zone).toLocalDate().plusDays(1);
    for (int i = 0; i < FARTHEST_DAYS; i++, date = date.minusDays(1)) {
      var moment = Optional.ofNullable(on(date).floor(upTo));
      if (moment.isPresent()) {
        return moment;
      }
    }
    return Optional.empty();
  }

  private TreeSet<Instant> on(LocalDate date) {
    var moments = new TreeSet<Instant>();
    if (dates.test(date)) {
      times.forEach(time -> add(moments, date, time));
    }
    return moments;
  }

  private void add(TreeSet<Instant> moments, LocalDate date, LocalTime time) {
    var local = date.atTime(time);
    var offsets = zone.getRules().getValidOffsets(local);
    if (offsets.isEmpty()) {
      if (!everyHour) {
        moments.add(zone.getRules().getTransition(local).getInstant());
      }
      return;
    }
    moments.add(local.toInstant(offsets.getFirst()));
    if (everyHour) {
      moments.add(local.toInstant(offsets.getLast()));
    }
  }
}
