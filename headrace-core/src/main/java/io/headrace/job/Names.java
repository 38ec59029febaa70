package io.headrace.job;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant. */
public final class Names {
  private static final int MOST_CANDIDATES = 2_000;
  private static final int LONGEST = 80;

  private Names() {}

  /**
   * The known name nearest to a mistaken one: at most a third of its letters changed, added,
   * dropped or swapped.
   */
  public static Optional<String> nearest(String mistaken, Collection<String> known) {
    if (mistaken.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = mistaken.toLowerCase(Locale.ROOT);
    int bound = Math.max(1, wanted.length() / 3) + 1;
    Optional<String> best = Optional.empty();
    int tried = 0;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - wanted.length()) < bound) {
        if (++tried > MOST_CANDIDATES) {
          return best;
        }
        int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
        if (distance < bound) {
          bound = distance;
          best = Optional.of(candidate);
        }
      }
    }
    return best;
  }

  /** Advice that names the nearest, or lists what there is. */
  public static String advice(String mistaken, Collection<String> known, String listed) {
    var nearest = nearest(mistaken, known);
    if (nearest.isPresent()) {
      return "did you mean '" + nearest.get() + "'?";
    }
    if (known.isEmpty()) {
      return "there are no " + listed;
    }
    var text = new StringBuilder(listed).append(": ");
    int shown = 0;
    for (String name : known) {
      if (shown == 12) {
        return text.append(", …").toString();
      }
      text.append(shown++ == 0 ? "" : ", ").append(name);
    }
    return text.toString();
  }

  /** Letters to change, add, drop or swap (optimal string alignment). */
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] spare = before;
      before = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
