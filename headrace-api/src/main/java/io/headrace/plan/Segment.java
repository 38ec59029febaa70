package io.headrace.plan;

import java.util.List;
import java.util.Map;

/**
 * A piece of a command or of an environment variable's value. Optional groups {@code $[[…]]} are
 * already kept or dropped, and pipeline expressions already replaced.
 */
public sealed interface Segment {
  /** As the author wrote it: shell text, never quoted by us. */
  record Text(String text) implements Segment {}

  /** The value of a literal input; data, never shell text. */
  record Value(String input, String value) implements Segment {}

  /** The path (or, in direct mode, the URI) of the data input of that name. */
  record InputPath(String input) implements Segment {}

  /** The path of the output of that name. */
  record OutputPath(String output) implements Segment {}

  /** The same, each place in a value filled that a value is known for. */
  static List<Segment> fill(List<Segment> segments, Map<String, String> values) {
    return segments.stream()
        .map(segment ->
            segment instanceof Value(String input, String value)
                ? new Value(input, Slot.fill(value, values))
                : segment)
        .toList();
  }
}
