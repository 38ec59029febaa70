package io.headrace.cli;

import io.headrace.backend.environment.EnvironmentSettings;
import io.headrace.backend.environment.ProviderChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the software of steps is chosen. */
final class EnvironmentOptions {
  @Option(
      names = "--environments",
      paramLabel = "KIND",
      description =
          "Which kind to use: auto, container, conda, venv or here (default:"
              + " HEADRACE_ENVIRONMENTS, else auto).")
  @Nullable String kind;

  @Option(
      names = "--strict",
      description =
          "Fail where a wanted Python or image would be replaced by the nearest there is.")
  boolean strict;

  EnvironmentSettings over(EnvironmentSettings settings) {
    var chosen = kind == null ? settings : settings.provider(ProviderChoice.parse(kind));
    return chosen.strict(strict);
  }

  /** As arguments for another process. */
  java.util.List<String> arguments() {
    var arguments = new java.util.ArrayList<String>();
    if (kind != null) {
      arguments.add("--environments=" + kind);
    }
    if (strict) {
      arguments.add("--strict");
    }
    return arguments;
  }
}
