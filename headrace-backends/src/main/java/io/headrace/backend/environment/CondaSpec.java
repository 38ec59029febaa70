package io.headrace.backend.environment;

/**
 * One line of a conda file's {@code dependencies}: {@code conda-forge::numpy=1.21=py38_0}.
 *
 * @param name as conda names the package, lower case
 * @param extras with their brackets, or empty; conda knows none, but people write them
 * @param version without the build
 */
record CondaSpec(String name, String extras, VersionRange version) {
  /**
   * Reads a line. The channel and the build are left out: outside conda they mean nothing.
   *
   * @throws IllegalArgumentException when it cannot be read; the message says why
   */
  static CondaSpec parse(String line) {
    String text = line.strip();
    int channel = text.indexOf("::");
    if (channel >= 0) {
      text = text.substring(channel + 2);
    }
    String bracket = "";
    int open = text.indexOf('[');
    if (open >= 0) {
      int close = text.indexOf(']', open);
      if (close < 0) {
        throw new IllegalArgumentException("'[' is not closed");
      }
      bracket = text.substring(open + 1, close);
      text = text.substring(0, open) + text.substring(close + 1);
    }
    int end = 0;
    while (end < text.length() && " =<>!~\t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String name = text.substring(0, end).toLowerCase(java.util.Locale.ROOT);
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is not a package's name");
    }
    String version = withoutBuild(text.substring(end).strip());
    if (bracket.indexOf('=') >= 0) {
      String inBrackets = value(bracket, "version");
      version = inBrackets.isEmpty() ? version : inBrackets;
      bracket = "";
    }
    return new CondaSpec(
        name, bracket.isBlank() ? "" : "[" + bracket.strip() + "]", VersionRange.ofConda(version));
  }

  private static boolean isName(String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int at = 0; at < name.length(); at++) {
      char c = name.charAt(at);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0)) {
        return false;
      }
    }
    return true;
  }

  /** {@code =1.21=py38_0}, {@code 1.21 py38_0} and {@code >=1.21=py38_0} lose {@code py38_0}. */
  private static String withoutBuild(String text) {
    StringBuilder version = new StringBuilder();
    boolean seenVersion = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t') {
        // A blank ends a bare version; behind an operator or a comma it means nothing.
        if (seenVersion && !continues(text, at)) {
          break;
        }
      } else if (c == '=' && seenVersion) {
        break;
      } else {
        seenVersion = "=<>!~,|".indexOf(c) < 0;
        version.append(c);
      }
    }
    return version.toString();
  }

  private static boolean continues(String text, int blank) {
    String rest = text.substring(blank).strip();
    return rest.startsWith(",") || rest.startsWith("|");
  }

  /** Of {@code version='>=1',build=x}, the value of a key; empty when it is not there. */
  private static String value(String bracket, String key) {
    int at = bracket.indexOf(key + "=");
    if (at < 0) {
      return "";
    }
    int start = at + key.length() + 1;
    char quote = start < bracket.length() ? bracket.charAt(start) : ' ';
    if (quote == '\'' || quote == '"') {
      int end = bracket.indexOf(quote, start + 1);
      return end < 0 ? "" : bracket.substring(start + 1, end);
    }
    int end = bracket.indexOf(',', start);
    return bracket.substring(start, end < 0 ? bracket.length() : end);
  }
}
