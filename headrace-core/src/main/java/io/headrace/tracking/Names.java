package io.headrace.tracking;

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

  private Names() {}

  /** Checks the key of a metric, a param or a tag: a clean relative path. */
  static String key(String kind, String key) {
    if (key.isEmpty()) {
      throw TrackingException.invalid(
          "Missing value for required parameter 'key'. A " + kind + " needs a name.");
    }
    if (key.length() > KEY_LENGTH) {
      throw TrackingException.invalid(
          "%s key '%s...' has %d characters, more than the %d allowed."
              .formatted(capital(kind), key.substring(0, 50), key.length(), KEY_LENGTH));
    }
    for (int i = 0; i < key.length(); i++) {
      if (!isKeyCharacter(key.charAt(i))) {
        throw TrackingException.invalid(
            "Invalid %s name: '%s'. Names may only contain alphanumerics, underscores (_), dashes (-),"
                    .formatted(kind, visible(key))
                + " periods (.), spaces ( ), colon(:) and slashes (/).");
      }
    }
    if (!isCleanPath(key)) {
      throw TrackingException.invalid(
          "Invalid %s name: '%s'. Names may be treated as files in certain cases, and must not resolve"
                  .formatted(kind, key)
              + " to other names when treated as such.");
    }
    return key;
  }

  private static boolean isKeyCharacter(char c) {
    return Character.isLetterOrDigit(c) || "_-./: ".indexOf(c) >= 0 || Character.isSurrogate(c);
  }

  private static boolean isCleanPath(String key) {
    int begin = 0;
    while (begin <= key.length()) {
      int slash = key.indexOf('/', begin);
      int end = slash < 0 ? key.length() : slash;
      String part = key.substring(begin, end);
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
      begin = end + 1;
    }
    return true;
  }

  /** A tag of an experiment or a model may have any key that is not empty or too long. */
  static String plainKey(String kind, String key, int most) {
    if (key.isEmpty()) {
      throw TrackingException.invalid(
          "Missing value for required parameter 'key'. A " + kind + " needs a name.");
    }
    return atMost(kind + " key", key, most);
  }

  static String atMost(String what, String value, int most) {
    if (value.length() > most) {
      throw TrackingException.invalid(
          "%s has %d characters, more than the %d allowed.".formatted(what, value.length(), most));
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
      throw TrackingException.invalid("Invalid run ID: '" + visible(cut(id, 256)) + "'");
    }
    return id;
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  /** The number that an experiment's id stands for. */
  static long experimentId(String id) {
    boolean good = !id.isEmpty() && id.length() <= 18;
    for (int i = 0; good && i < id.length(); i++) {
      good = id.charAt(i) >= '0' && id.charAt(i) <= '9';
    }
    if (!good) {
      throw TrackingException.invalid(
          "Invalid experiment ID: '" + visible(cut(id, 64)) + "'. It must be a decimal number.");
    }
    return Long.parseLong(id);
  }

  static String experimentName(String name) {
    if (name.isBlank()) {
      throw TrackingException.invalid(
          "Invalid experiment name: ''. The name of an experiment must not be empty.");
    }
    return atMost("The experiment's name", name, EXPERIMENT_NAME_LENGTH);
  }

  /** Checks a place for artifacts that a client asks for, and takes slashes off its end. */
  static String location(String location) {
    atMost("artifact_location", location, LOCATION_LENGTH);
    int end = location.length();
    while (end > 0 && location.charAt(end - 1) == '/') {
      end--;
    }
    if (location.indexOf('#') >= 0
        || location.indexOf('?') >= 0
        || location.indexOf('\0') >= 0
        || location.contains("..")
        || location.contains("%")) {
      throw TrackingException.invalid(
          "Invalid artifact_location: it must have no '..', '%', '#' or '?'.");
    }
    return location.endsWith(":/") || location.endsWith("://")
        ? location
        : location.substring(0, end);
  }

  static String modelName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("/:.%\"'".indexOf(name.charAt(i)) >= 0) {
        throw TrackingException.invalid(
            "Invalid model name ('%s'): it must be a non-empty string without any of / : . %% \" '"
                .formatted(visible(name)));
      }
    }
    return atMost("The model's name", name, KEY_LENGTH);
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

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
