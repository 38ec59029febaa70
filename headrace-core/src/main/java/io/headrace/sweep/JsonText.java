package io.headrace.sweep;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values that were drawn together, as the JSON that Python's {@code json.dumps} writes. */
final class JsonText {
  private static final Pattern PLAIN =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null|\\{.*}");

  private JsonText() {}

  /** What reads as a number, a truth or an object stays one; anything else becomes a string. */
  static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> quoted(member.getKey()) + ": " + value(member.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  private static String quoted(String text) {
    var json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> json.append(c < 0x20 ? String.format("\\u%04x", (int) c) : c);
      }
    }
    return json.append('"').toString();
  }
}
