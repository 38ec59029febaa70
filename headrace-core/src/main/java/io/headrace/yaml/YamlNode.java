package io.headrace.yaml;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Optional;

/**
 * A piece of a YAML document that knows where it stands. Anchors, aliases and merge keys ({@code
 * <<}) are already resolved; an alias' copy keeps the place of what it copies. Immutable.
 */
public sealed interface YamlNode {
  Where where();

  /**
   * A single value.
   *
   * @param text as written, quotes and escapes resolved; never trimmed further
   * @param value what the text means under YAML 1.1 (PyYAML's rules) when it was plain; text when
   *     it was quoted
   */
  record Scalar(Where where, String text, Value value) implements YamlNode {}

  /** A list. */
  record Sequence(Where where, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A mapping, in the order written; no key twice. */
  record Mapping(Where where, List<Entry> entries) implements YamlNode {
    public Mapping {
      entries = List.copyOf(entries);
    }

    /**
     * The value under a key. Linear in the number of entries: index it yourself when you ask often.
     */
    public Optional<YamlNode> get(String key) {
      for (var entry : entries) {
        if (entry.key().text().equals(key)) {
          return Optional.of(entry.value());
        }
      }
      return Optional.empty();
    }
  }

  /** One key and its value. */
  record Entry(Scalar key, YamlNode value) {}

  /** What a plain scalar means. */
  sealed interface Value {
    /** {@code ~}, {@code null}, or nothing at all. */
    record Null() implements Value {}

    record Bool(boolean value) implements Value {}

    /** Decimal, octal, hexadecimal, binary or sexagesimal, of any size. */
    record Int(java.math.BigInteger value) implements Value {}

    record Real(double value) implements Value {}

    /** A date or a time stamp, kept as written. */
    record Timestamp(String text) implements Value {}

    record Text(String text) implements Value {}
  }
}
