package io.headrace.backend.environment;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** pip's settings in uv's words. */
final class PipSettings {
  private static final Map<String, String> UV_NAME =
      Map.of(
          "index-url", "UV_DEFAULT_INDEX",
          "extra-index-url", "UV_INDEX",
          "find-links", "UV_FIND_LINKS",
          "cert", "SSL_CERT_FILE");

  private PipSettings() {}

  /**
   * What to set for uv. A setting of uv's own that is there already stays.
   *
   * @param lines of {@code pip config list}: {@code global.index-url='https://…'}; variables appear
   *     as {@code :env:.index-url}
   * @return variables; and {@code no-index} when no index may be asked
   */
  static Map<String, String> forUv(List<String> lines, Surroundings surroundings) {
    Map<String, String> found = new TreeMap<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      int dot = equals < 0 ? -1 : line.lastIndexOf('.', equals);
      if (dot >= 0) {
        put(found, line.substring(dot + 1, equals).strip(), unquoted(line.substring(equals + 1)));
      }
    }
    for (String name : List.of("index-url", "extra-index-url", "find-links", "cert", "no-index")) {
      String variable = "PIP_" + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
      surroundings.get(variable).ifPresent(value -> put(found, name, value));
    }
    found.keySet().removeIf(name -> surroundings.get(name).isPresent());
    return found;
  }

  private static void put(Map<String, String> found, String name, String value) {
    if (name.equals("no-index")) {
      if (List.of("1", "true", "yes", "on").contains(value.toLowerCase(java.util.Locale.ROOT))) {
        found.put(name, value);
      }
      return;
    }
    String uv = UV_NAME.get(name);
    if (uv != null && !value.isEmpty()) {
      // pip parts several by blanks; uv parts folders by commas and indexes by blanks.
      found.put(uv, name.equals("find-links") ? value.strip().replace(' ', ',') : value.strip());
    }
  }

  /** Python shows a text in quotes, and a line break within as \n. */
  private static String unquoted(String text) {
    String bare = text.strip();
    if (bare.length() >= 2 && "'\"".indexOf(bare.charAt(0)) >= 0) {
      bare = bare.substring(1, bare.length() - 1);
    }
    return bare.replace("\\n", " ").strip();
  }
}
