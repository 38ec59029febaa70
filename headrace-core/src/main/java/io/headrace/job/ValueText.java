package io.headrace.job;

import io.headrace.spec.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Values as JSON, which is YAML too: what is read from the text is the value again. */
public final class ValueText {
  private ValueText() {}

  /** In several lines, indented by two. */
  public static String json(Value value) {
    var text = new StringBuilder();
    write(value, text, 0);
    return text.append('\n').toString();
  }

  private static void write(Value value, StringBuilder text, int depth) {
    switch (value) {
      case Value.Text(String it) -> quote(it, text);
      case Value.Whole(BigInteger it) -> text.append(it);
      case Value.Real(double it) -> real(it, text);
      case Value.Flag(boolean it) -> text.append(it);
      case Value.Nothing _ -> text.append("null");
      case Value.Items(List<Value> items) -> {
        text.append('[');
        String separator = "";
        for (var item : items) {
          newLine(text.append(separator), depth + 1);
          write(item, text, depth + 1);
          separator = ",";
        }
        end(items.isEmpty(), text, depth).append(']');
      }
      case Value.Table(Map<String, Value> entries) -> {
        text.append('{');
        String separator = "";
        for (var entry : entries.entrySet()) {
          newLine(text.append(separator), depth + 1);
          quote(entry.getKey(), text);
          text.append(": ");
          write(entry.getValue(), text, depth + 1);
          separator = ",";
        }
        end(entries.isEmpty(), text, depth).append('}');
      }
    }
  }

  /** JSON has no word for these; YAML has. */
  private static void real(double value, StringBuilder text) {
    if (Double.isNaN(value)) {
      text.append(".nan");
    } else if (Double.isInfinite(value)) {
      text.append(value > 0 ? ".inf" : "-.inf");
    } else {
      // YAML 1.1 takes a number with an exponent for one only when it has a dot and a sign.
      String python = Scalars.python(value);
      int exponent = python.indexOf('e');
      text.append(
          exponent < 0 || python.indexOf('.') >= 0
              ? python
              : python.substring(0, exponent) + ".0" + python.substring(exponent));
    }
  }

  private static StringBuilder end(boolean empty, StringBuilder text, int depth) {
    if (!empty) {
      newLine(text, depth);
    }
    return text;
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
          if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
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
