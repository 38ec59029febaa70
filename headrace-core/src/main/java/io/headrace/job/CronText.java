package io.headrace.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a text is a cron expression of five fields, as Azure ML's schedules have them. */
final class CronText {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private static final List<Part> PARTS =
      List.of(
          new Part("minute", 0, 59, List.of()),
          new Part("hour", 0, 23, List.of()),
          new Part("day of the month", 1, 31, List.of()),
          new Part("month", 1, 12, MONTHS),
          new Part("day of the week", 0, 7, DAYS));

  private CronText() {}

  /**
   * One of the five.
   *
   * @param names of the values, the first for {@code least}
   */
  private record Part(String what, int least, int most, List<String> names) {}

  /** What is wrong, as the end of a sentence that begins with the field's name. */
  static Optional<String> objection(String text) {
    var fields = List.of(text.strip().split("\\s+"));
    if (fields.size() != PARTS.size()) {
      return Optional.of(
          "must have five fields (minute, hour, day, month, day of the week), such as"
              + " \"0 3 * * mon\"");
    }
    for (int i = 0; i < fields.size(); i++) {
      var part = PARTS.get(i);
      for (String each : fields.get(i).split(",", -1)) {
        if (!isGood(each.toLowerCase(Locale.ROOT), part)) {
          return Optional.of(
              "has no "
                  + part.what()
                  + " '"
                  + each
                  + "' ("
                  + part.least()
                  + " to "
                  + part.most()
                  + ", ranges a-b, steps */n, lists a,b)");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isGood(String text, Part part) {
    int slash = text.indexOf('/');
    if (slash >= 0 && number(text.substring(slash + 1)) < 1) {
      return false;
    }
    String range = slash < 0 ? text : text.substring(0, slash);
    if (range.equals("*")) {
      return true;
    }
    int dash = range.indexOf('-');
    if (dash < 0) {
      return value(range, part) >= 0;
    }
    int from = value(range.substring(0, dash), part);
    int to = value(range.substring(dash + 1), part);
    return from >= 0 && to >= from;
  }

  /** A number or a name within its bounds; else -1. */
  private static int value(String text, Part part) {
    int named = part.names().indexOf(text);
    if (named >= 0) {
      return part.least() + named;
    }
    int number = number(text);
    return number >= part.least() && number <= part.most() ? number : -1;
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Integer.parseInt(text);
  }
}
