package io.headrace.registry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A URI taken apart as leniently as Python's {@code urlparse} does it.
 *
 * @param scheme in lower case; empty for a plain path
 * @param authority what follows {@code //}; empty for none
 */
record Uri(String scheme, String authority, String path) {
  static Uri parse(String text) {
    int colon = text.indexOf(':');
    boolean hasScheme = colon > 0 && isScheme(text.substring(0, colon));
    String scheme = hasScheme ? text.substring(0, colon).toLowerCase(Locale.ROOT) : "";
    String rest = hasScheme ? text.substring(colon + 1) : text;
    String authority = "";
    if (rest.startsWith("//")) {
      int end = end(rest, 2, "/?#");
      authority = rest.substring(2, end);
      rest = rest.substring(end);
    }
    return new Uri(scheme, authority, rest.substring(0, end(rest, 0, "?#")));
  }

  private static int end(String text, int from, String stops) {
    for (int i = from; i < text.length(); i++) {
      if (stops.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static boolean isScheme(String text) {
    char first = text.charAt(0);
    return isLatinLetter(first)
        && text.chars()
            .allMatch(c -> isLatinLetter(c) || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0);
  }

  private static boolean isLatinLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The host of the authority, in lower case. */
  String host() {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? "" : host.substring(1, end).toLowerCase(Locale.ROOT);
    }
    int colon = host.indexOf(':');
    return (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /** Percent-decodes until nothing changes; what is no encoding stays. */
  static String decoded(String text) {
    String form = text;
    for (int i = 0; i < 10; i++) {
      String next;
      try {
        next = URLDecoder.decode(form, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return form;
      }
      if (next.equals(form)) {
        return form;
      }
      form = next;
    }
    return form;
  }
}
