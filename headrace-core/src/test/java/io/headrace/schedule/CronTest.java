package io.headrace.schedule;

import static io.headrace.schedule.Triggers.UTC;
import static io.headrace.schedule.Triggers.after;
import static io.headrace.schedule.Triggers.cron;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CronTest {
  private static List<String> fixture() {
    try (var text = CronTest.class.getResourceAsStream("cron.txt")) {
      return new String(
              java.util.Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void random_expressions_come_when_croniter_says() {
    for (var line : fixture()) {
      var parts = List.of(line.split(" \\| ", -1));
      var schedule = Schedule.of(cron(parts.get(0), UTC), Instant.EPOCH);
      var moment = Instant.parse(parts.get(1) + ":00Z");
      for (var wanted : List.of(parts.get(2).split(" ", -1))) {
        var next = schedule.next(moment);
        assertThat(next).as(line).contains(Instant.parse(wanted + ":00Z"));
        moment = next.orElseThrow();
      }
    }
  }

  @Test
  void what_came_last_is_the_reverse_of_what_comes_next() {
    for (var line : fixture().subList(0, 200)) {
      var parts = List.of(line.split(" \\| ", -1));
      var times = Schedule.of(cron(parts.get(0), UTC), Instant.EPOCH);
      var next = times.next(Instant.parse(parts.get(1) + ":00Z")).orElseThrow();
      assertThat(times.missed(next.minusSeconds(1), next.plusSeconds(59)))
          .as(line)
          .isEqualTo(new Missed(java.util.Optional.of(next), 1));
    }
  }

  @Test
  void the_fields_are_those_of_the_reference() {
    assertThat(after(cron("15 10 * * 1", UTC), "2026-11-25T00:00:00Z", 2))
        .containsExactly("2026-11-30T10:15:00Z", "2026-12-07T10:15:00Z");
  }

  @Test
  void a_day_and_a_weekday_must_both_match() {
    assertThat(after(cron("0 0 13 * fri", UTC), "2026-01-01T00:00:00Z", 3))
        .containsExactly("2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z", "2026-11-13T00:00:00Z");
  }

  @Test
  void seven_is_sunday_too_and_names_may_be_whole() {
    var sundays = after(cron("0 0 * * 0", UTC), "2026-11-25T00:00:00Z", 3);
    assertThat(after(cron("0 0 * * 7", UTC), "2026-11-25T00:00:00Z", 3)).isEqualTo(sundays);
    assertThat(after(cron("0 0 * * Sunday", UTC), "2026-11-25T00:00:00Z", 3)).isEqualTo(sundays);
    assertThat(after(cron("0 0 1 JAN *", UTC), "2026-11-25T00:00:00Z", 1))
        .containsExactly("2027-01-01T00:00:00Z");
  }

  @Test
  void the_rarest_day_is_found() {
    // 29 February 2096 was a Wednesday; 2100 has none, so the next on a Monday is 2112's.
    assertThat(after(cron("0 0 29 2 mon", UTC), "2090-01-01T00:00:00Z", 1))
        .containsExactly("2112-02-29T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "not a cron | has 3 of five fields | write minute hour day month weekday",
        "0 0 12 * * ? | has 6 of five fields | take out the seconds",
        "60 * * * * | '60' is no minute | write 0 to 59",
        "* * 0 * * | '0' is no day of the month | write 1 to 31",
        "* * * * 8 | '8' is no day of the week | write 0 to 7",
        "* * * janu * | 'janu' is no month | did you mean 'jan'?",
        "*/0 * * * * | has the step '0' | write a whole number from 1 on",
        "* * * * fri-mon | ends before it begins | 5-6,0-1",
        "1, * * * * | '' is no minute | write 0 to 59",
        "1-2-3 * * * * | '2-3' is no minute | write 0 to 59",
        "? * * * * | '?' is no minute | write 0 to 59",
        "99999999999 * * * * | is no minute | write 0 to 59",
        "0 0 30 2 * | never comes | correct the day"
      })
  void a_bad_field_is_named_with_what_may_stand_there(
      String expression, String message, String fix) {
    assertThat(Schedule.check(cron(expression, UTC)))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.message()).contains(message);
          assertThat(it.fix().orElse("")).contains(fix);
        });
  }

  @Test
  void all_bad_fields_are_told() {
    assertThat(Schedule.check(cron("60 24 32 13 8", UTC))).hasSize(5);
  }
}
