package io.headrace.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pattern for one part of a path: {@code *}, {@code ?}, {@code [a-z]}, {@code [!a]}, and a
 * backslash before a character that stands for itself. Time is at most the pattern's length times
 * the name's. Immutable.
 */
final class Glob {
  /** The part {@code **}, which is not matched with a name. */
  static final Glob ANY_DEPTH = new Glob(List.of());

  private sealed interface Token {}

  private record Char(int codePoint) implements Token {}

  private record AnyChar() implements Token {}

  private record AnyChars() implements Token {}

  /**
   * One of a set.
   *
   * @param ranges pairs of first and last code point
   */
  private record OneOf(boolean not, List<int[]> ranges) implements Token {
    boolean has(int codePoint) {
      for (var range : ranges) {
        if (codePoint >= range[0] && codePoint <= range[1]) {
          return !not;
        }
      }
      return not;
    }
  }

  private final List<Token> tokens;

  /** The whole name, when nothing of the pattern is special: the common case. */
  private final Optional<String> literal;

  private Glob(List<Token> tokens) {
    this.tokens = List.copyOf(tokens);
    literal = literalOf(tokens);
  }

  private static Optional<String> literalOf(List<Token> tokens) {
    var text = new StringBuilder();
    for (var token : tokens) {
      if (!(token instanceof Char(int codePoint))) {
        return Optional.empty();
      }
      text.appendCodePoint(codePoint);
    }
    return Optional.of(text.toString());
  }

  /** Empty when it ends in a lone backslash: no name matches that. */
  static Optional<Glob> parse(String text) {
    if (text.equals("**")) {
      return Optional.of(ANY_DEPTH);
    }
    var points = text.codePoints().toArray();
    var tokens = new ArrayList<Token>();
    int i = 0;
    while (i < points.length) {
      switch (points[i]) {
        case '\\' -> {
          if (i + 1 == points.length) {
            return Optional.empty();
          }
          tokens.add(new Char(points[i + 1]));
          i += 2;
        }
        case '*' -> {
          if (tokens.isEmpty() || !(tokens.getLast() instanceof AnyChars)) {
            tokens.add(new AnyChars());
          }
          i++;
        }
        case '?' -> {
          tokens.add(new AnyChar());
          i++;
        }
        case '[' -> {
          int end = bracketEnd(points, i);
          tokens.add(end < 0 ? new Char('[') : oneOf(points, i + 1, end));
          i = end < 0 ? i + 1 : end + 1;
        }
        default -> {
          tokens.add(new Char(points[i]));
          i++;
        }
      }
    }
    return Optional.of(new Glob(tokens));
  }

  /** Where the bracket at {@code start} closes, or -1; a {@code ]} that comes first is a member. */
  private static int bracketEnd(int[] points, int start) {
    int i = start + 1;
    if (i < points.length && (points[i] == '!' || points[i] == '^')) {
      i++;
    }
    if (i < points.length && points[i] == ']') {
      i++;
    }
    while (i < points.length && points[i] != ']') {
      i++;
    }
    return i < points.length ? i : -1;
  }

  private static OneOf oneOf(int[] points, int start, int end) {
    boolean not = points[start] == '!' || points[start] == '^';
    var ranges = new ArrayList<int[]>();
    int i = not ? start + 1 : start;
    while (i < end) {
      if (i + 2 < end && points[i + 1] == '-') {
        ranges.add(new int[] {points[i], points[i + 2]});
        i += 3;
      } else {
        ranges.add(new int[] {points[i], points[i]});
        i++;
      }
    }
    return new OneOf(not, List.copyOf(ranges));
  }

  boolean matches(String name) {
    if (literal.isPresent()) {
      return literal.get().equals(name);
    }
    int at = 0;
    int token = 0;
    int starToken = -1;
    int starAt = -1;
    while (at < name.length()) {
      int point = name.codePointAt(at);
      if (token < tokens.size() && tokens.get(token) instanceof AnyChars) {
        starToken = token++;
        starAt = at;
      } else if (token < tokens.size() && matchesOne(tokens.get(token), point)) {
        token++;
        at += Character.charCount(point);
      } else if (starToken >= 0) {
        // The last star takes one character more; earlier stars need never be asked again.
        starAt += Character.charCount(name.codePointAt(starAt));
        at = starAt;
        token = starToken + 1;
      } else {
        return false;
      }
    }
    while (token < tokens.size() && tokens.get(token) instanceof AnyChars) {
      token++;
    }
    return token == tokens.size();
  }

  private static boolean matchesOne(Token token, int point) {
    return switch (token) {
      case Char(int codePoint) -> codePoint == point;
      case AnyChar _ -> true;
      case OneOf set -> set.has(point);
      case AnyChars _ -> false;
    };
  }
}
