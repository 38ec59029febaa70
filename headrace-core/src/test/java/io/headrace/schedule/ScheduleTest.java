package io.headrace.schedule;

import static io.headrace.schedule.Triggers.UTC;
import static io.headrace.schedule.Triggers.after;
import static io.headrace.schedule.Triggers.at;
import static io.headrace.schedule.Triggers.cron;
import static io.headrace.schedule.Triggers.every;
import static io.headrace.schedule.Triggers.in;
import static io.headrace.schedule.Triggers.onDays;
import static io.headrace.schedule.Triggers.starting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.spec.Trigger;
import io.headrace.spec.Trigger.Frequency;
import io.headrace.spec.Trigger.Pattern;
import io.headrace.spec.Trigger.Span;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScheduleTest {
  private static final Span BERLIN = in("W. Europe Standard Time");

  /** In Berlin, 2026: on 29 March 2:00 becomes 3:00, on 25 October 3:00 becomes 2:00. */
  @Nested
  class Given_a_change_of_the_clock {
    @Test
    void then_a_time_of_day_stays_that_time() {
      assertThat(after(cron("0 8 * * *", BERLIN), "2026-03-28T00:00:00Z", 2))
          .containsExactly("2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z");
    }

    @Test
    void then_a_time_that_is_left_out_comes_when_the_clock_jumps() {
      assertThat(after(cron("30 2 * * *", BERLIN), "2026-03-28T00:00:00Z", 3))
          .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void then_several_that_are_left_out_come_once_together() {
      assertThat(after(cron("0,20,40 2,3 * * *", BERLIN), "2026-03-29T00:00:00Z", 4))
          .containsExactly(
              "2026-03-29T01:00:00Z",
              "2026-03-29T01:20:00Z",
              "2026-03-29T01:40:00Z",
              "2026-03-30T00:00:00Z");
    }

    @Test
    void then_a_time_that_comes_twice_runs_the_first_time_only() {
      assertThat(after(cron("30 2 * * *", BERLIN), "2026-10-24T12:00:00Z", 2))
          .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void then_what_comes_every_hour_comes_every_hour() {
      assertThat(after(cron("30 * * * *", BERLIN), "2026-10-25T00:00:00Z", 3))
          .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
      assertThat(after(cron("30 * * * *", BERLIN), "2026-03-29T00:00:00Z", 3))
          .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z");
    }

    @Test
    void then_days_follow_the_clock_and_hours_do_not() {
      var daily = every(1, Frequency.DAY, starting("2026-03-28T12:00:00", "Europe/Berlin"));
      assertThat(after(daily, "2026-03-28T00:00:00Z", 2))
          .containsExactly("2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z");
      var hours = every(24, Frequency.HOUR, starting("2026-03-28T12:00:00", "Europe/Berlin"));
      assertThat(after(hours, "2026-03-28T00:00:00Z", 2))
          .containsExactly("2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z");
    }

    @Test
    void then_a_day_that_a_place_left_out_comes_at_its_end() {
      // Samoa went from 29 December 2011 to the 31st.
      assertThat(after(cron("0 9 30 12 *", in("Samoa Standard Time")), "2011-12-01T00:00:00Z", 1))
          .containsExactly("2011-12-30T10:00:00Z");
    }

    @Test
    void then_every_moment_is_after_the_one_before_in_all_zones() {
      var zones =
          List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran");
      for (var zone : zones) {
        for (var expression : List.of("*/10 * * * *", "*/10 0-4 * * *", "5 1,2,3 * * *")) {
          var schedule = Schedule.of(cron(expression, in(zone)), Instant.EPOCH);
          var moment = Instant.parse("2026-01-01T00:00:00Z");
          for (int i = 0; i < 2000; i++) {
            var next = schedule.next(moment).orElseThrow();
            assertThat(next).as("%s %s", zone, expression).isAfter(moment);
            assertThat(schedule.missed(moment, next)).isEqualTo(new Missed(Optional.of(next), 1));
            moment = next;
          }
        }
      }
    }
  }

  @Nested
  class Given_a_recurrence {
    private static final String START = "2026-01-30T10:20:30";

    @Test
    void then_without_a_pattern_it_counts_from_its_start() {
      assertThat(
              after(every(90, Frequency.MINUTE, starting(START, "UTC")), "2026-01-01T00:00:00Z", 3))
          .containsExactly("2026-01-30T10:20:30Z", "2026-01-30T11:50:30Z", "2026-01-30T13:20:30Z");
      assertThat(after(every(3, Frequency.DAY, starting(START, "UTC")), "2026-01-30T10:20:30Z", 2))
          .containsExactly("2026-02-02T10:20:30Z", "2026-02-05T10:20:30Z");
      assertThat(after(every(2, Frequency.WEEK, starting(START, "UTC")), "2026-01-01T00:00:00Z", 3))
          .containsExactly("2026-01-30T10:20:30Z", "2026-02-13T10:20:30Z", "2026-02-27T10:20:30Z");
    }

    @Test
    void then_without_a_start_it_begins_when_it_was_made() {
      var made = Instant.parse("2026-05-01T12:00:00.5Z");
      var schedule = Schedule.of(every(2, Frequency.HOUR, UTC), made);
      assertThat(schedule.next(Instant.MIN)).contains(Instant.parse("2026-05-01T12:00:00Z"));
      assertThat(schedule.next(made)).contains(Instant.parse("2026-05-01T14:00:00Z"));
    }

    @Test
    void then_a_month_that_is_too_short_takes_its_last_day() {
      assertThat(
              after(
                  every(1, Frequency.MONTH, starting("2026-01-31T00:00:00", "UTC")),
                  "2026-01-01T00:00:00Z",
                  4))
          .containsExactly(
              "2026-01-31T00:00:00Z",
              "2026-02-28T00:00:00Z",
              "2026-03-31T00:00:00Z",
              "2026-04-30T00:00:00Z");
    }

    @Test
    void then_a_day_of_the_month_that_is_written_skips_the_months_without_it() {
      assertThat(
              after(
                  every(1, Frequency.MONTH, onDays(7, 0, 15, 31), starting("2026-01-20", "UTC")),
                  "2026-01-20T00:00:00Z",
                  4))
          .containsExactly(
              "2026-01-31T07:00:00Z",
              "2026-02-15T07:00:00Z",
              "2026-03-15T07:00:00Z",
              "2026-03-31T07:00:00Z");
    }

    @Test
    void then_a_pattern_says_the_times_and_the_interval_the_days() {
      var pattern = new Pattern(List.of(6, 18), List.of(0, 30), List.of(), List.of());
      assertThat(
              after(
                  every(2, Frequency.DAY, pattern, starting("2026-03-01T17:00:00", "UTC")),
                  "2026-01-01T00:00:00Z",
                  4))
          .containsExactly(
              "2026-03-01T18:00:00Z",
              "2026-03-01T18:30:00Z",
              "2026-03-03T06:00:00Z",
              "2026-03-03T06:30:00Z");
    }

    @Test
    void then_weeks_are_counted_from_the_starts_monday() {
      // 26 November 2026 is a Thursday: its week's Monday is past, its Friday is not.
      assertThat(
              after(
                  every(
                      2,
                      Frequency.WEEK,
                      at(9, 0, DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                      starting("2026-11-26", "UTC")),
                  "2026-01-01T00:00:00Z",
                  3))
          .containsExactly("2026-11-27T09:00:00Z", "2026-12-07T09:00:00Z", "2026-12-11T09:00:00Z");
    }

    @Test
    void then_months_may_have_weekdays() {
      assertThat(
              after(
                  every(
                      6,
                      Frequency.MONTH,
                      at(0, 0, DayOfWeek.SUNDAY),
                      starting("2026-02-20", "UTC")),
                  "2026-01-01T00:00:00Z",
                  2))
          .containsExactly("2026-02-22T00:00:00Z", "2026-08-02T00:00:00Z");
    }
  }

  @Nested
  class Given_a_window {
    private final Trigger trigger =
        cron(
            "0 0 * * *",
            new Span(
                Optional.of("2026-11-02T00:00:00+01:00"),
                Optional.of("2026-11-03 00:00"),
                Optional.of("UTC")));

    @Test
    void then_nothing_comes_before_or_after_it_and_its_ends_belong_to_it() {
      assertThat(after(trigger, "2026-01-01T00:00:00Z", 9))
          .containsExactly("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z");
    }

    @Test
    void then_what_was_missed_ends_with_it() {
      var schedule = Schedule.of(trigger, Instant.EPOCH);
      assertThat(schedule.missed(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z")))
          .isEqualTo(new Missed(Optional.of(Instant.parse("2026-11-03T00:00:00Z")), 2));
      assertThat(schedule.missed(Instant.EPOCH, Instant.parse("2026-11-01T12:00:00Z")))
          .isEqualTo(new Missed(Optional.empty(), 0));
    }
  }

  @Nested
  class Given_missed_moments {
    private final Schedule hourly = Schedule.of(cron("0 * * * *", UTC), Instant.EPOCH);

    @Test
    void then_the_latest_stands_for_all() {
      assertThat(
              hourly.missed(
                  Instant.parse("2026-11-25T04:00:00Z"), Instant.parse("2026-11-25T07:30:00Z")))
          .isEqualTo(new Missed(Optional.of(Instant.parse("2026-11-25T07:00:00Z")), 3));
    }

    @Test
    void then_what_was_dealt_with_is_not_missed_again() {
      var seven = Instant.parse("2026-11-25T07:00:00Z");
      assertThat(hourly.missed(seven, seven.plusSeconds(1800)).latest()).isEmpty();
      assertThat(hourly.missed(seven, seven).count()).isZero();
    }

    @Test
    void then_counting_ends_at_a_thousand() {
      assertThat(hourly.missed(Instant.EPOCH, Instant.parse("2026-11-25T07:30:00Z")))
          .isEqualTo(new Missed(Optional.of(Instant.parse("2026-11-25T07:00:00Z")), Missed.MOST));
    }
  }

  @Nested
  class Given_names_of_time_zones {
    @ParameterizedTest
    @ValueSource(
        strings = {"Pacific Standard Time", "pacific standard time", "America/Los_Angeles"})
    void then_windows_names_and_places_are_taken_in_any_case(String zone) {
      assertThat(after(cron("0 12 1 7 *", in(zone)), "2026-01-01T00:00:00Z", 1))
          .containsExactly("2026-07-01T19:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "utc", "UTC+12", "UTC-11", "+05:30", "UTC+1"})
    void then_offsets_are_taken(String zone) {
      assertThat(Schedule.check(cron("* * * * *", in(zone)))).isEmpty();
    }

    @Test
    void then_an_unknown_one_is_told_with_the_nearest() {
      assertThat(Schedule.check(cron("* * * * *", in("Pacific Standart Time"))))
          .singleElement()
          .satisfies(it -> {
            assertThat(it.where()).contains(new Where("schedule.yml", 3, 1));
            assertThat(it.fix()).contains("did you mean 'Pacific Standard Time'?");
          });
      assertThat(Schedule.check(cron("* * * * *", in("Mars/Olympus")))).hasSize(1);
    }
  }

  @Nested
  class Given_mistakes {
    @Test
    void then_all_are_told_at_once() {
      var trigger =
          every(
              0,
              Frequency.DAY,
              new Pattern(List.of(24), List.of(-1), List.of("mondy"), List.of(32)),
              new Span(Optional.of("soon"), Optional.of("2026-13-01"), Optional.of("Nowhere")));
      assertThat(Schedule.check(trigger))
          .extracting(Problem::message)
          .containsExactly(
              "there is no time zone 'Nowhere'",
              "start_time 'soon' is no date and time",
              "end_time '2026-13-01' is no date and time",
              "a schedule cannot come every 0 days",
              "hours: 24 is no hour",
              "minutes: -1 is no minute",
              "month_days: 32 is no day of the month",
              "week_days: there is no 'mondy'",
              "week_days says nothing with this frequency",
              "month_days says nothing with this frequency");
      assertThatThrownBy(() -> Schedule.of(trigger, Instant.EPOCH))
          .isInstanceOfSatisfying(
              ProblemException.class, thrown -> assertThat(thrown.problems()).hasSize(10));
    }

    @Test
    void then_an_end_before_the_start_is_told() {
      var window = new Span(Optional.of("2026-02-01"), Optional.of("2026-01-01"), Optional.empty());
      assertThat(Schedule.check(cron("* * * * *", window)))
          .extracting(Problem::message)
          .containsExactly("end_time is before start_time");
    }

    @Test
    void then_a_pattern_of_minutes_is_refused() {
      assertThat(Schedule.check(every(5, Frequency.MINUTE, at(1, 0), UTC)))
          .extracting(Problem::message)
          .containsExactly("a schedule by the minute has hours and minutes to keep");
    }
  }
}
