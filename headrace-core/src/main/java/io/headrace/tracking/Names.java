package io.headrace.tracking;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The shapes and lengths that names and values must have. They are those of MLflow's store, so that
 * what is accepted here is accepted there.
 */
final class Names {
  static final int KEY_LENGTH = 250;
  static final int PARAM_LENGTH = 6_000;
  static final int TAG_LENGTH = 8_000;
  static final int EXPERIMENT_NAME_LENGTH = 500;
  static final int EXPERIMENT_TAG_LENGTH = 20_000;
  static final int LOCATION_LENGTH = 2_048;
  static final int MODEL_NAME_LENGTH = 500;
  static final int MODEL_KEY_LENGTH = 255;

  private Names() {}

  /**
   * Checks the key of a metric, a param or a tag: a clean relative path.
   *
   * @param path where the key stood in the request, such as {@code params[3].key}
   * @param called how a message about its length calls it
   */
  static String key(String path, String called, String key) {
    if (!key.codePoints().allMatch(Names::isKeyCharacter)) {
      throw wrong(
          path,
          key,
          "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
              + " spaces ( ), colon(:) and slashes (/).");
    }
    String clean = cleaned(key);
    if (!clean.equals(key)
        || clean.equals(".")
        || clean.startsWith("..")
        || clean.startsWith("/")) {
      throw wrong(
          path,
          key,
          "Names may be treated as files in certain cases, and must not resolve to other names when"
              + " treated as such. This name would resolve to '%s'".formatted(visible(clean)));
    }
    return atMost(called, key, KEY_LENGTH);
  }

  private static TrackingException wrong(String path, String value, String why) {
    return TrackingException.invalid(
        "Invalid value %s for parameter '%s' supplied: %s".formatted(quoted(value), path, why));
  }

  /** The path without what leads nowhere, as POSIX has it. */
  private static String cleaned(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      boolean isUp = part.equals("..");
      if (part.isEmpty() || part.equals(".") || (isUp && parts.isEmpty() && path.startsWith("/"))) {
        continue;
      }
      if (isUp && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else {
        parts.add(part);
      }
    }
    String joined = (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    return joined.isEmpty() ? "." : joined;
  }

  private static boolean isKeyCharacter(int c) {
    return Character.isLetterOrDigit(c) || "_-./: ".indexOf(c) >= 0;
  }

  static String atMost(String what, String value, int most) {
    if (value.length() > most) {
      throw TrackingException.invalid(
          "'%s' exceeds the maximum length of %d characters".formatted(what, most));
    }
    return value;
  }

  /**
   * Cuts a long value, as MLflow's server does unless told otherwise; never through a character.
   */
  static String cut(String value, int most) {
    if (value.length() <= most) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(most - 1)) ? most - 1 : most;
    return value.substring(0, end);
  }

  static String runId(String id) {
    boolean good =
        !id.isEmpty() && id.length() <= 256 && isWord(id.charAt(0)) && id.charAt(0) != '_';
    for (int i = 1; good && i < id.length(); i++) {
      good = isWord(id.charAt(i)) || id.charAt(i) == '-';
    }
    if (!good) {
      throw TrackingException.invalid(
          "Invalid value \"%s\" for parameter 'run_id' supplied.".formatted(visible(cut(id, 256))));
    }
    return id;
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  /** The number that an experiment's id stands for. */
  static long experimentId(String id) {
    int begin = id.startsWith("-") ? 1 : 0;
    boolean good = id.length() > begin && id.length() <= 18;
    for (int i = begin; good && i < id.length(); i++) {
      good = id.charAt(i) >= '0' && id.charAt(i) <= '9';
    }
    if (!good) {
      throw TrackingException.invalid(
          "Invalid experiment ID '%s'. Experiment ID must be a valid integer."
              .formatted(visible(cut(id, 64))));
    }
    return Long.parseLong(id);
  }

  static String experimentName(String name) {
    if (name.isEmpty()) {
      throw TrackingException.invalid("Invalid experiment name: ''");
    }
    return atMost("name", name, EXPERIMENT_NAME_LENGTH);
  }

  /** Checks a place for artifacts that a client asks for. */
  static String location(String location) {
    if (location.length() > LOCATION_LENGTH) {
      throw TrackingException.invalid(
          "Invalid artifact path length. The length of the artifact path cannot be greater than %d characters."
              .formatted(LOCATION_LENGTH));
    }
    if (location.indexOf('#') >= 0 || location.indexOf(';') >= 0) {
      throw TrackingException.invalid("'artifact_location' URL can't include fragments or params.");
    }
    if (location.startsWith("runs:")) {
      throw TrackingException.invalid(
          "Artifact location cannot be a runs:/ URI. Given: '%s'".formatted(visible(location)));
    }
    if (location.contains("..") || location.chars().anyMatch(Character::isISOControl)) {
      throw TrackingException.invalid(
          "Invalid artifact_location: it must have no '..' and no control character.");
    }
    if (location.startsWith("mlflow-artifacts:")) {
      Artifacts.placeOf(location);
    }
    return location;
  }

  static String modelName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("/:.%\"'".indexOf(name.charAt(i)) >= 0) {
        throw TrackingException.invalid(
            "Invalid model name ('%s') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%%', '\"', \"'\")"
                .formatted(visible(name)));
      }
    }
    return atMost("name", name, MODEL_NAME_LENGTH);
  }

  /** For messages: as Python writes JSON, all in ASCII. */
  private static String quoted(String text) {
    StringBuilder shown = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> shown.append('\\').append(c);
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
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

  /** For messages: no control character gets into an answer or a log. */
  static String visible(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return shown.toString();
  }
}
