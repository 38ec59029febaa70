package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.util.Locale;

/** The shapes and lengths of names and values, and the words in which MLflow refuses others. */
final class RegistryNames {
  static final String IS_PROMPT = "mlflow.prompt.is_prompt";
  static final String LATEST = "latest";
  private static final String PROMPT_TEXT = "mlflow.prompt.text";

  private static final int KEY_LENGTH = 250;
  private static final int VALUE_LENGTH = 100_000;
  private static final int ALIAS_LENGTH = 255;
  private static final int NAME_LENGTH = 256;
  private static final int DESCRIPTION_LENGTH = 1_000_000;

  private RegistryNames() {}

  static TrackingException missing(String field) {
    return TrackingException.invalid("Missing value for required parameter '" + field + "'.");
  }

  private static TrackingException bad(String field, String value, String why) {
    return TrackingException.invalid(
        "Invalid value %s for parameter '%s' supplied: %s"
            .formatted(Quoting.json(value), field, why));
  }

  private static void atMost(String what, int most, String value) {
    if (value.codePointCount(0, value.length()) > most) {
      throw TrackingException.invalid(
          "'%s' exceeds the maximum length of %d characters".formatted(what, most));
    }
  }

  static String model(String name) {
    if (name.isBlank()) {
      throw missing("name");
    }
    if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
      throw TrackingException.invalid(
          "Invalid model name '%s'. Names cannot contain '/' or ':'."
              .formatted(Quoting.plain(name)));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw TrackingException.invalid(
          "Invalid model name '%s'. Names cannot contain control characters."
              .formatted(Quoting.plain(name)));
    }
    if (resolves(name)) {
      throw bad("name", name, resolvingMessage(name));
    }
    atMost("name", NAME_LENGTH, name);
    return name;
  }

  static String newName(String name) {
    if (name.isBlank()) {
      throw missing("new_name");
    }
    return model(name);
  }

  static String description(String text) {
    atMost("description", DESCRIPTION_LENGTH, text);
    return text;
  }

  private static boolean resolves(String name) {
    String normal = Quoting.normalPath(name);
    return !normal.equals(name)
        || normal.equals(".")
        || normal.startsWith("..")
        || normal.startsWith("/");
  }

  private static String resolvingMessage(String name) {
    return "Names may be treated as files in certain cases, and must not resolve to other names"
        + " when treated as such. This name would resolve to "
        + Quoting.repr(Quoting.normalPath(name));
  }

  static String tagKey(String key) {
    if (!key.codePoints().allMatch(RegistryNames::isKeyCharacter)) {
      throw bad(
          "key",
          key,
          "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
              + " spaces ( ), colon(:) and slashes (/).");
    }
    if (resolves(key)) {
      throw bad("key", key, resolvingMessage(key));
    }
    return key;
  }

  private static boolean isKeyCharacter(int c) {
    return Character.isLetterOrDigit(c) || "_-./: ".indexOf(c) >= 0;
  }

  static void modelTag(String key, String value) {
    tagKey(key);
    atMost("key", KEY_LENGTH, key);
    atMost("value", VALUE_LENGTH, value);
  }

  static void versionTag(String key, String value) {
    tagKey(key);
    atMost("key", KEY_LENGTH, key);
    if (key.equals(PROMPT_TEXT) && value.codePointCount(0, value.length()) > VALUE_LENGTH) {
      throw TrackingException.invalid(
          "Prompt text exceeds max length of " + VALUE_LENGTH + " characters.");
    }
    atMost("value", VALUE_LENGTH, value);
  }

  /** The number that a version is given by. */
  static long version(String text) {
    String stripped = text.strip();
    String digits =
        stripped.startsWith("-") || stripped.startsWith("+") ? stripped.substring(1) : stripped;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw TrackingException.invalid(
          "Parameter 'version' must be an integer, got '%s'.".formatted(Quoting.plain(text)));
    }
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(stripped);
  }

  static String alias(String alias) {
    if (alias.isEmpty()) {
      throw TrackingException.invalid("Registered model alias name cannot be empty.");
    }
    if (!alias.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
      throw TrackingException.invalid(
          "Invalid alias name: '%s'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
              .formatted(Quoting.plain(alias)));
    }
    atMost("Registered model alias name", ALIAS_LENGTH, alias);
    return alias;
  }

  /** An alias that may be set. */
  static String newAlias(String alias) {
    alias(alias);
    if (alias.toLowerCase(Locale.ROOT).equals(LATEST)) {
      throw TrackingException.invalid("'latest' alias name (case insensitive) is reserved.");
    }
    if (alias.length() > 1
        && (alias.charAt(0) == 'v' || alias.charAt(0) == 'V')
        && alias.chars().skip(1).allMatch(Character::isDigit)) {
      throw TrackingException.invalid("Version alias name '%s' is reserved.".formatted(alias));
    }
    return alias;
  }
}
