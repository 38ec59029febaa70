package io.headrace.shell;

import io.headrace.plan.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The author's characters with marks where values and paths go in. Each element is a character
 * (UTF-16), or a negative number for an insertion, so that looking ahead never looks past one.
 */
final class Template {
  /** What {@link #at} gives beyond either end. */
  static final int END = Integer.MIN_VALUE;

  private final int[] elements;
  private final List<Insertion> insertions = new ArrayList<>();

  /**
   * What goes in.
   *
   * @param text empty while a path is not known
   */
  record Insertion(Segment segment, Optional<String> text) {
    boolean isPath() {
      return !(segment instanceof Segment.Value);
    }

    /** As a problem names it. */
    String shown() {
      return switch (segment) {
        case Segment.Value(String input, var _) -> "the value of input '" + input + "'";
        case Segment.InputPath(String input) -> "the path of input '" + input + "'";
        case Segment.OutputPath(String output) -> "the path of output '" + output + "'";
        case Segment.Text _ -> throw new IllegalStateException("text is not inserted");
      };
    }
  }

  Template(List<Segment> command, Function<Segment, Optional<String>> paths) {
    int length = 0;
    for (var segment : command) {
      length += segment instanceof Segment.Text(String text) ? text.length() : 1;
    }
    elements = new int[length];
    int at = 0;
    for (var segment : command) {
      switch (segment) {
        case Segment.Text(String text) -> {
          for (int i = 0; i < text.length(); i++) {
            elements[at++] = text.charAt(i);
          }
        }
        case Segment.Value(var _, String value) -> at = insert(at, segment, Optional.of(value));
        case Segment.InputPath _, Segment.OutputPath _ ->
            at = insert(at, segment, paths.apply(segment));
      }
    }
  }

  private int insert(int at, Segment segment, Optional<String> text) {
    insertions.add(new Insertion(segment, text));
    elements[at] = -insertions.size();
    return at + 1;
  }

  int length() {
    return elements.length;
  }

  int at(int index) {
    return index >= 0 && index < elements.length ? elements[index] : END;
  }

  static boolean isInsertion(int element) {
    return element < 0 && element != END;
  }

  Insertion insertion(int element) {
    return insertions.get(-element - 1);
  }

  List<Insertion> insertions() {
    return insertions;
  }

  /** Whether the author's text goes on with this word from here. */
  boolean startsWith(String word, int from) {
    for (int i = 0; i < word.length(); i++) {
      if (at(from + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
