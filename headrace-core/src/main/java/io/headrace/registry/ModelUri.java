package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.util.Locale;

/** What a {@code models:/…} URI names. */
sealed interface ModelUri {
  /** A logged model. */
  record Logged(String modelId) implements ModelUri {}

  /** A version of a registered model. */
  record Numbered(String name, String version) implements ModelUri {}

  /** The newest version in a stage. */
  record Staged(String name, String stage) implements ModelUri {}

  /** The newest version. */
  record Newest(String name) implements ModelUri {}

  /** The version that an alias names. */
  record Aliased(String name, String alias) implements ModelUri {}

  /**
   * Reads one.
   *
   * @throws TrackingException when the text is none
   */
  static ModelUri parse(String text) {
    Uri uri = Uri.parse(text);
    String path = uri.path();
    if (!uri.scheme().equals("models") || !path.startsWith("/") || path.length() <= 1) {
      throw bad(text);
    }
    int begin = 0;
    while (begin < path.length() && path.charAt(begin) == '/') {
      begin++;
    }
    String[] parts = path.substring(begin).split("/", -1);
    if (parts.length > 2 || parts[0].isBlank() || (parts.length == 2 && parts[1].isBlank())) {
      throw bad(text);
    }
    return parts.length == 2 ? suffixed(parts[0], parts[1]) : single(parts[0], text);
  }

  private static ModelUri suffixed(String name, String suffix) {
    if (suffix.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new Numbered(name, suffix);
    }
    return suffix.toLowerCase(Locale.ROOT).equals(RegistryNames.LATEST)
        ? new Newest(name)
        : new Staged(name, suffix);
  }

  private static ModelUri single(String part, String text) {
    int at = part.lastIndexOf('@');
    if (at < 0) {
      return new Logged(part);
    }
    if (part.substring(at + 1).isBlank()) {
      throw bad(text);
    }
    return new Aliased(part.substring(0, at), part.substring(at + 1));
  }

  private static TrackingException bad(String text) {
    return TrackingException.invalid(
        ("Not a proper models:/ URI: %s. Models URIs must be of the form 'models:/name/suffix' or"
                + " 'models:/name@alias' where suffix is a version, stage, or the string 'latest' and"
                + " where alias is a registered model alias. Only one of suffix or alias can be"
                + " defined at a time.")
            .formatted(Quoting.plain(text)));
  }
}
