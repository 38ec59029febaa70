package io.headrace.cli;

import java.time.Duration;

/** Times as people read them. */
final class Times {
  private Times() {}

  /**
   * {@code 0.4s}, {@code 12.3s}, {@code 4m05s}, {@code 2h03m}. Never negative, whatever the clock
   * did.
   */
  static String brief(Duration time) {
    long ms = Math.max(0, time.toMillis());
    if (ms < 60_000) {
      return (ms / 1000) + "." + (ms % 1000) / 100 + "s";
    }
    long seconds = ms / 1000;
    if (seconds < 3600) {
      return seconds / 60 + "m" + two(seconds % 60) + "s";
    }
    return seconds / 3600 + "h" + two(seconds % 3600 / 60) + "m";
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
