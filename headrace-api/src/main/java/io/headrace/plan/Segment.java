package io.headrace.plan;

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
}
