package io.headrace.plan;

import java.util.Map;

/**
 * A place in a literal text that is filled when a group makes one of its members: a loop's item, a
 * trial's value. Marked by two of Unicode's noncharacters, which no text of a user's holds.
 */
public final class Slot {
  private static final char BEGIN = '\uFDD0';
  private static final char END = '\uFDD1';

  private Slot() {}

  /** The text that stands for the value of that name. */
  public static String of(String name) {
    return BEGIN + name + END;
  }

  /** Whether a text has a place to fill. */
  public static boolean isIn(String text) {
    return text.indexOf(BEGIN) >= 0;
  }

  /** The text with each place filled that has a value; others stay, for an inner group. */
  public static String fill(String text, Map<String, String> values) {
    int begin = text.indexOf(BEGIN);
    if (begin < 0) {
      return text;
    }
    var filled = new StringBuilder();
    int at = 0;
    while (begin >= 0) {
      int end = text.indexOf(END, begin);
      if (end < 0) {
        break;
      }
      var value = values.get(text.substring(begin + 1, end));
      filled.append(text, at, begin).append(value == null ? text.substring(begin, end + 1) : value);
      at = end + 1;
      begin = text.indexOf(BEGIN, at);
    }
    return filled.append(text, at, text.length()).toString();
  }
}
