package io.headrace.job;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One field of a cron expression: lists of values, ranges, steps and names.
 *
 * @param values those that match
 * @param isFull whether all do
 */
public record CronField(BitSet values, boolean isFull) {
  /** What may stand where. */
  public enum Kind {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of the month", 1, 31, ""),
    MONTH(
        "month",
        1,
        12,
        "january february march april may june july august september october november december"),
    /** Sunday is 0, and 7 too. */
    WEEKDAY("day of the week", 0, 7, "sunday monday tuesday wednesday thursday friday saturday");

    private static final int SHORT_NAME = 3;

    private final String title;
    private final int least;
    private final int most;
    // Not a list: an enum is to be immutable by its types too.
    private final String names;

    Kind(String title, int least, int most, String names) {
      this.title = title;
      this.least = least;
      this.most = most;
      this.names = names;
    }

    public String title() {
      return title;
    }

    public boolean holds(int value) {
      return value >= least && value <= most;
    }

    /** As advice. */
    public String range() {
      return "write " + least + " to " + most;
    }

    /** The highest value that is not another's second name. */
    private int last() {
      return this == WEEKDAY ? 6 : most;
    }

    private List<String> names() {
      return names.isEmpty() ? List.of() : List.of(names.split(" "));
    }

    private int named(String text) {
      var lower = text.toLowerCase(Locale.ROOT);
      for (int i = 0; i < names().size(); i++) {
        var name = names().get(i);
        if (lower.equals(name) || lower.equals(name.substring(0, SHORT_NAME))) {
          return least + i;
        }
      }
      return -1;
    }
  }

  /** Tells what cannot be read. */
  public static final class BadField extends Exception {
    private static final long serialVersionUID = 1L;
    private final String fix;

    BadField(String message, String fix) {
      super(message);
      this.fix = fix;
    }

    /** How it is mended. */
    public String fix() {
      return fix;
    }
  }

  /**
   * Reads a field.
   *
   * @throws BadField when it is none
   */
  public static CronField read(Kind kind, String text) throws BadField {
    var values = new BitSet();
    for (var part : text.split(",", -1)) {
      readPart(kind, part, values);
    }
    if (kind == Kind.WEEKDAY && values.get(kind.most)) {
      values.clear(kind.most);
      values.set(0);
    }
    return new CronField(values, values.cardinality() == kind.last() - kind.least + 1);
  }

  private static void readPart(Kind kind, String part, BitSet values) throws BadField {
    int slash = part.indexOf('/');
    var range = slash < 0 ? part : part.substring(0, slash);
    int step = slash < 0 ? 1 : step(kind, part.substring(slash + 1));
    int from = kind.least;
    int to = kind.last();
    if (!range.equals("*")) {
      int dash = range.indexOf('-', 1);
      from = value(kind, dash < 0 ? range : range.substring(0, dash));
      if (dash >= 0) {
        to = value(kind, range.substring(dash + 1));
      } else if (slash < 0) {
        to = from;
      }
    }
    if (from > to) {
      throw new BadField(
          "the " + kind.title + " '" + part + "' ends before it begins",
          "write two ranges with a comma, such as " + wrapped(kind, from, to));
    }
    for (int i = from; i <= to; i += step) {
      values.set(i);
    }
  }

  private static String wrapped(Kind kind, int from, int to) {
    return from + "-" + kind.last() + "," + kind.least + "-" + to;
  }

  private static int step(Kind kind, String text) throws BadField {
    int step = whole(text);
    if (step < 1) {
      throw new BadField(
          "the " + kind.title + " has the step '" + text + "'",
          "write a whole number from 1 on after the /");
    }
    return step;
  }

  private static int value(Kind kind, String text) throws BadField {
    int named = kind.named(text);
    int value = named >= 0 ? named : whole(text);
    if (!kind.holds(value)) {
      throw new BadField("'" + text + "' is no " + kind.title, allowed(kind, text));
    }
    return value;
  }

  private static String allowed(Kind kind, String text) {
    if (kind.names().isEmpty()) {
      return kind.range();
    }
    var known = new ArrayList<>(kind.names());
    kind.names().forEach(name -> known.add(name.substring(0, Kind.SHORT_NAME)));
    return Names.nearest(text, known)
        .map(name -> "did you mean '" + name + "'?")
        .orElse(
            kind.range()
                + ", or a name such as "
                + kind.names().getFirst().substring(0, Kind.SHORT_NAME));
  }

  /** -1 when it is not a whole number of a few digits. */
  private static int whole(String text) {
    return text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : -1;
  }
}
