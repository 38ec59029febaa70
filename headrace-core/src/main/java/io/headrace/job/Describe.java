package io.headrace.job;

import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Value;

/** What a node is, in words. */
final class Describe {
  private static final int LONGEST = 60;

  private Describe() {}

  static String node(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping _ -> "a mapping";
      case YamlNode.Sequence _ -> "a list";
      case Scalar scalar ->
          switch (scalar.value()) {
            case Value.Null _ -> "nothing";
            case Value.Bool(boolean value) ->
                "the boolean "
                    + brief(scalar.text())
                    + (isPlain(scalar, value) ? "" : " (" + value + ")");
            case Value.Int _, Value.Real _ -> "the number " + brief(scalar.text());
            case Value.Timestamp _ -> "the date " + brief(scalar.text());
            case Value.Text(String text) -> "'" + brief(text) + "'";
          };
    };
  }

  private static boolean isPlain(Scalar scalar, boolean value) {
    return scalar.text().equalsIgnoreCase(Boolean.toString(value));
  }

  /** Its first line, cut. */
  static String brief(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : end < 0 ? line : line + "…";
  }
}
