package io.headrace.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One line of an ignore file, as a machine that reads a path part by part. A bit of a position says
 * how many of the pattern's parts are matched so far; the last bit, that all are, which stays so
 * below. The rules are those of Python's {@code pathspec} (gitwildmatch), which Azure ML's client
 * uses.
 *
 * @param takesBack whether the line began with {@code !}
 * @param parts what each part of a path must match; {@code **} is {@link Glob#ANY_DEPTH}
 */
record IgnorePattern(boolean takesBack, List<Glob> parts) {
  /** A position is a {@code long}; no pattern that a person writes comes near. */
  private static final int MOST_PARTS = 62;

  /** Empty for a blank line, a comment, and what matches nothing. */
  static Optional<IgnorePattern> parse(String line) {
    // As the client does: first stripped at its end alone, so that "\ " loses its blank.
    var text = line.strip();
    if (text.isEmpty() || text.startsWith("#") || text.equals("/")) {
      return Optional.empty();
    }
    boolean takesBack = text.startsWith("!");
    var segments = segments(takesBack ? text.substring(1) : text);
    if (segments.isEmpty() || segments.size() > MOST_PARTS) {
      return Optional.empty();
    }
    var parts = new ArrayList<Glob>();
    for (var segment : segments) {
      var glob = Glob.parse(segment);
      if (glob.isEmpty()) {
        return Optional.empty();
      }
      parts.add(glob.get());
    }
    return Optional.of(new IgnorePattern(takesBack, List.copyOf(parts)));
  }

  private static List<String> segments(String text) {
    var segments = new ArrayList<>(Arrays.asList(text.split("/", -1)));
    for (int i = segments.size() - 1; i > 0; i--) {
      if (segments.get(i).equals("**") && segments.get(i - 1).equals("**")) {
        segments.remove(i);
      }
    }
    if (segments.equals(List.of("**", ""))) {
      return List.of("*", "**"); // all but the files of the root
    }
    boolean rooted = segments.getFirst().isEmpty();
    if (rooted) {
      segments.removeFirst();
      if (segments.equals(List.of("**", ""))) {
        return List.of(); // the client's reading of "/**/" matches no file
      }
    } else {
      boolean onePart =
          segments.size() == 1 || (segments.size() == 2 && segments.getLast().isEmpty());
      if (onePart && !segments.getFirst().equals("**")) {
        segments.addFirst("**");
      }
    }
    if (segments.size() > 1 && segments.getLast().isEmpty()) {
      segments.set(segments.size() - 1, "**");
    }
    return segments;
  }

  private long accepted() {
    return 1L << parts.size();
  }

  /** The position before any part of a path. */
  long start() {
    return closed(1L);
  }

  /** {@code **} matches nothing too, unless it is the last: that wants something below. */
  private long closed(long position) {
    long closed = position;
    for (int i = 0; i < parts.size() - 1; i++) {
      if ((closed & (1L << i)) != 0 && parts.get(i) == Glob.ANY_DEPTH) {
        closed |= 1L << (i + 1);
      }
    }
    return closed;
  }

  /** The position after one more part of a path. */
  long step(long position, String name) {
    if (position == 0 || accepts(position)) {
      return position;
    }
    long next = 0;
    int last = parts.size() - 1;
    for (int i = 0; i <= last; i++) {
      if ((position & (1L << i)) == 0) {
        continue;
      }
      var part = parts.get(i);
      if (part == Glob.ANY_DEPTH) {
        next |= 1L << (i == last ? i + 1 : i);
      } else if (part.matches(name)) {
        next |= 1L << (i + 1);
      }
    }
    return accepts(next) ? accepted() : closed(next);
  }

  boolean accepts(long position) {
    return (position & accepted()) != 0;
  }

  /** Whether any file further below will be accepted. */
  boolean acceptsAllBelow(long position) {
    int last = parts.size() - 1;
    return accepts(position)
        || (parts.get(last) == Glob.ANY_DEPTH && (position & (1L << last)) != 0);
  }
}
