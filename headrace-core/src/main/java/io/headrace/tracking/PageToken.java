package io.headrace.tracking;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where the next page begins, as text that clients hand back unread. */
final class PageToken {
  private PageToken() {}

  /**
   * A token that holds some parts.
   *
   * @param kind which list it is for, so that no other takes it
   * @param parts without a line break
   */
  static String of(String kind, String... parts) {
    String text = kind + '\n' + String.join("\n", parts);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static List<String> parts(String token, String kind, int count) {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw bad();
    }
    List<String> parts = List.of(text.split("\n", -1));
    if (parts.size() != count + 1 || !parts.getFirst().equals(kind)) {
      throw bad();
    }
    return parts.subList(1, parts.size());
  }

  /** The offset that a token holds. */
  static long offset(String token, String kind) {
    try {
      long offset = Long.parseLong(parts(token, kind, 1).getFirst());
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException e) {
      throw bad();
    }
    throw bad();
  }

  static TrackingException bad() {
    return TrackingException.invalid("Invalid page token, could not base64-decode");
  }
}
