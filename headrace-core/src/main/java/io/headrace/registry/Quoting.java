package io.headrace.registry;

import java.util.ArrayList;
import java.util.List;

/** Values as Python shows them: MLflow's messages have them so, and clients match on those. */
final class Quoting {
  private Quoting() {}

  /** As {@code json.dumps} writes a text: in double quotes, all but ASCII escaped. */
  static String json(String text) {
    StringBuilder shown = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> shown.append("\\\"");
        case '\\' -> shown.append("\\\\");
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
        case '\b' -> shown.append("\\b");
        case '\f' -> shown.append("\\f");
        default -> {
          if (c < ' ' || c > '~') {
            shown.append("\\u%04x".formatted((int) c));
          } else {
            shown.append(c);
          }
        }
      }
    }
    return shown.append('"').toString();
  }

  /** As {@code repr} shows a text. */
  static String repr(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder shown = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints()
        .forEach(c -> {
          if (c == quote || c == '\\') {
            shown.append('\\').appendCodePoint(c);
          } else if (c == '\n') {
            shown.append("\\n");
          } else if (c == '\r') {
            shown.append("\\r");
          } else if (c == '\t') {
            shown.append("\\t");
          } else if (Character.isISOControl(c)) {
            shown.append("\\x%02x".formatted(c));
          } else {
            shown.appendCodePoint(c);
          }
        });
    return shown.append(quote).toString();
  }

  /** As {@code repr} shows a list of texts. */
  static String list(List<String> texts) {
    return "[" + String.join(", ", texts.stream().map(Quoting::repr).toList()) + "]";
  }

  /** For messages: a control character in what a user sent never reaches a log or a terminal. */
  static String plain(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return shown.toString();
  }

  /** What {@code posixpath.normpath} makes of a path. */
  static String normalPath(String path) {
    if (path.isEmpty()) {
      return ".";
    }
    boolean absolute = path.startsWith("/");
    String root = !absolute ? "" : path.startsWith("//") && !path.startsWith("///") ? "//" : "/";
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      boolean climbs = part.equals("..");
      if (!climbs
          || (!absolute && parts.isEmpty())
          || (!parts.isEmpty() && parts.getLast().equals(".."))) {
        parts.add(part);
      } else if (!parts.isEmpty()) {
        parts.removeLast();
      }
    }
    String normal = root + String.join("/", parts);
    return normal.isEmpty() ? "." : normal;
  }
}
