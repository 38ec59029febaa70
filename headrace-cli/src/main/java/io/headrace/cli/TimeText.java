package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Times as they are typed. */
final class TimeText {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

  private TimeText() {}

  /** {@code 90d}, {@code 12h}, {@code 30m}, {@code 5s}. */
  static Duration duration(String option, String text) {
    var found = DURATION.matcher(text);
    if (!found.matches()) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, option + " " + text + " is no length of time")
          .fix("give a number with s, m, h or d, such as 90d")
          .asException();
    }
    long number = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** A moment: {@code 2026-11-25}, {@code 2026-11-25T09:30:00Z}, or so long ago: {@code 7d}. */
  static Instant since(String option, String text, Instant now) {
    if (DURATION.matcher(text).matches()) {
      return now.minus(duration(option, text));
    }
    try {
      return text.indexOf('T') > 0
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, option + " " + text + " is no moment")
          .fix("give a date, a time such as 2026-11-25T09:30:00Z, or how long ago, such as 7d")
          .asException(e);
    }
  }
}
