package io.headrace.backend.environment;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * How environments are chosen.
 *
 * @param provider which kinds may be used
 * @param strict whether what would be a warning (another Python, an image that is not used, a
 *     package left out) is an error
 * @param maps files of names and definitions, the strongest first; those that do not exist count as
 *     empty. Usually {@code .headrace/environments.yml} and one beside the project
 * @param variables of the process: PATH, HOME, PIP_*, HEADRACE_PYTHON
 * @param clock for what is only believed for a while
 */
public record EnvironmentSettings(
    ProviderChoice provider,
    boolean strict,
    List<Path> maps,
    Map<String, String> variables,
    InstantSource clock) {
  public EnvironmentSettings {
    maps = List.copyOf(maps);
    variables = Map.copyOf(variables);
  }

  /** As the variables say: HEADRACE_ENVIRONMENTS; not strict. */
  public static EnvironmentSettings of(
      List<Path> maps, Map<String, String> variables, InstantSource clock) {
    return new EnvironmentSettings(
        ProviderChoice.parse(variables.getOrDefault(ProviderChoice.VARIABLE, "")),
        false,
        maps,
        variables,
        clock);
  }

  public EnvironmentSettings provider(ProviderChoice choice) {
    return new EnvironmentSettings(choice, strict, maps, variables, clock);
  }

  public EnvironmentSettings strict(boolean yes) {
    return new EnvironmentSettings(provider, yes, maps, variables, clock);
  }
}
