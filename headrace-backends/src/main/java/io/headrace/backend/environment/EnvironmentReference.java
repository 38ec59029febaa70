package io.headrace.backend.environment;

import java.util.Optional;

/**
 * A name as a job gives it: {@code azureml:N:V}, {@code azureml:N@latest}, {@code azureml:N},
 * {@code azureml://registries/R/environments/N/versions/V} or {@code …/labels/latest}, the long
 * form of a workspace's resource, or any of them without {@code azureml:}.
 *
 * @param version empty when none or a label is given: then the newest is meant
 * @param label such as {@code latest}
 */
record EnvironmentReference(
    String name, Optional<String> version, Optional<String> label, Optional<String> registry) {
  static EnvironmentReference parse(String text) {
    String rest = text.strip();
    if (rest.startsWith("azureml:")) {
      rest = rest.substring("azureml:".length());
    }
    if (rest.startsWith("/")) {
      return parsePath(rest);
    }
    int at = rest.lastIndexOf('@');
    if (at > 0) {
      return new EnvironmentReference(
          rest.substring(0, at), Optional.empty(), some(rest.substring(at + 1)), Optional.empty());
    }
    int colon = rest.indexOf(':');
    if (colon > 0) {
      return new EnvironmentReference(
          rest.substring(0, colon),
          some(rest.substring(colon + 1)),
          Optional.empty(),
          Optional.empty());
    }
    return new EnvironmentReference(rest, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * {@code //registries/R/environments/N/versions/V}, {@code /subscriptions/…/environments/N/…}.
   */
  private static EnvironmentReference parsePath(String path) {
    String name = path;
    Optional<String> version = Optional.empty();
    Optional<String> label = Optional.empty();
    Optional<String> registry = Optional.empty();
    var parts = VersionRange.split(path, '/');
    for (int i = 0; i + 1 < parts.size(); i++) {
      String value = parts.get(i + 1);
      switch (parts.get(i)) {
        case "environments" -> name = value;
        case "versions" -> version = some(value);
        case "labels" -> label = some(value);
        case "registries" -> registry = some(value);
        default -> {}
      }
    }
    return new EnvironmentReference(name, version, label, registry);
  }

  private static Optional<String> some(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** {@code N:V}, {@code N@label} or {@code N}. */
  String exact() {
    return version
        .map(it -> name + ":" + it)
        .or(() -> label.map(it -> name + "@" + it))
        .orElse(name);
  }
}
