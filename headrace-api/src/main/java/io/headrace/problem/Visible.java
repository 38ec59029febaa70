package io.headrace.problem;

/** Makes text from outside safe to print: a file name may hold line ends and terminal commands. */
public final class Visible {
  private Visible() {}

  /** The text with every control character replaced by its escape, such as {@code \n}. */
  public static String text(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      if (isControl(raw.charAt(i))) {
        return escaped(raw);
      }
    }
    return raw;
  }

  private static boolean isControl(char c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029';
  }

  private static String escaped(String raw) {
    var text = new StringBuilder(raw.length() + 16);
    for (int i = 0; i < raw.length(); i++) {
      var c = raw.charAt(i);
      if (c == '\n') {
        text.append("\\n");
      } else if (isControl(c)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
