package io.headrace.shell;

import java.util.ArrayList;
import java.util.List;

/** The characters of a value, written so that bash reads them back as they are. */
final class Quoting {
  private Quoting() {}

  /** Letters, digits and what means nothing to a shell in any quoting. */
  static boolean isHarmless(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isHarmless(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHarmless(char c) {
    return isNameCharacter(c) || "./:@%+=,-".indexOf(c) >= 0;
  }

  /** Letters of ASCII, digits and the underscore. */
  static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** Nothing that arithmetic would look up as a variable. */
  static boolean isNumeric(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && "+-*/%.".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** One word, with quotes only if it needs them. */
  static String word(String text) {
    return !text.isEmpty() && isHarmless(text) ? text : "'" + inSingle(text) + "'";
  }

  static String inSingle(String text) {
    return text.replace("'", "'\\''");
  }

  static String inDouble(String text) {
    return escaped(text, "\\\"$`");
  }

  static String inDollarSingle(String text) {
    return escaped(text, "\\'");
  }

  static String inHereDocument(String text) {
    return escaped(text, "\\$`");
  }

  static String inComment(String text) {
    return text.replace('\n', ' ');
  }

  private static String escaped(String text, String special) {
    var escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special.indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /**
   * The words that a shell makes of a text, its quotes and backslashes followed and nothing
   * expanded. With quotes that do not match: what stands between blanks.
   */
  static List<String> words(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean begun = false;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (isBlank(c)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
        i++;
        continue;
      }
      begun = true;
      int next =
          switch (c) {
            case '\'' -> singleQuoted(text, i, word);
            case '"' -> doubleQuoted(text, i, word);
            case '\\' -> backslash(text, i, word);
            default -> {
              word.append(c);
              yield i + 1;
            }
          };
      if (next < 0) {
        return betweenBlanks(text);
      }
      i = next;
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  private static int singleQuoted(String text, int from, StringBuilder word) {
    int end = text.indexOf('\'', from + 1);
    if (end >= 0) {
      word.append(text, from + 1, end);
      return end + 1;
    }
    return -1;
  }

  private static int doubleQuoted(String text, int from, StringBuilder word) {
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\' && i + 1 < text.length() && "\\\"$`\n".indexOf(text.charAt(i + 1)) >= 0) {
        i++;
        if (text.charAt(i) != '\n') {
          word.append(text.charAt(i));
        }
      } else {
        word.append(c);
      }
    }
    return -1;
  }

  private static int backslash(String text, int from, StringBuilder word) {
    if (from + 1 == text.length()) {
      return -1;
    }
    if (text.charAt(from + 1) != '\n') {
      word.append(text.charAt(from + 1));
    }
    return from + 2;
  }

  private static List<String> betweenBlanks(String text) {
    var words = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isBlank(text.charAt(i))) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
  }
}
