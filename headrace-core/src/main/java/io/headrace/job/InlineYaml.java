package io.headrace.job;

import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;

/** Writes a tree as text again: in JSON's form, which is YAML. */
final class InlineYaml {
  private InlineYaml() {}

  static String text(YamlNode node) {
    var text = new StringBuilder();
    write(node, text, 0);
    return text.append('\n').toString();
  }

  private static void write(YamlNode node, StringBuilder text, int depth) {
    switch (node) {
      case Mapping mapping -> {
        text.append('{');
        String separator = "";
        for (var entry : mapping.entries()) {
          newLine(text.append(separator), depth + 1);
          quote(entry.key().text(), text);
          text.append(": ");
          write(entry.value(), text, depth + 1);
          separator = ",";
        }
        newLine(text, depth);
        text.append('}');
      }
      case Sequence sequence -> {
        text.append('[');
        String separator = "";
        for (var item : sequence.items()) {
          newLine(text.append(separator), depth + 1);
          write(item, text, depth + 1);
          separator = ",";
        }
        newLine(text, depth);
        text.append(']');
      }
      case Scalar scalar -> {
        switch (scalar.value()) {
          case Value.Text(String value) -> quote(value, text);
          case Value.Null _ -> text.append("null");
          case Value.Bool(boolean value) -> text.append(value);
          case Value.Int(java.math.BigInteger value) -> text.append(value);
          case Value.Real _, Value.Timestamp _ -> text.append(scalar.text());
        }
      }
    }
  }

  private static void newLine(StringBuilder text, int depth) {
    text.append('\n').append("  ".repeat(depth));
  }

  private static void quote(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        default -> {
          if (c < ' ' || c == 0x7f) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
