package io.headrace.backend.local;

import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The variables of a job's process: ours, less those that would change what a step does without its
 * key knowing or lead it to another job's records; then those of its software; then its own.
 *
 * <p>Taken away: HEADRACE_, MLFLOW_, AZUREML_ and AZURE_ML_ variables; PYTHONPATH, PYTHONHOME and
 * PYTHONSTARTUP; and what makes bash run something first or otherwise (BASH_ENV, ENV, SHELLOPTS,
 * BASHOPTS, CDPATH, POSIXLY_CORRECT, exported functions). A step that wants one of them says so
 * under {@code environment_variables}.
 */
final class JobEnvironment {
  /** Marks every process of an attempt, to find those that left its process group. */
  static final String MARK = "HEADRACE_ATTEMPT";

  /** The attempts around this one, when a step runs Headrace itself: they end it too. */
  static final String AROUND = "HEADRACE_ATTEMPTS_AROUND";

  private static final List<String> PREFIXES =
      List.of("HEADRACE_", "MLFLOW_", "AZUREML_", "AZURE_ML_", "BASH_FUNC_");
  private static final Set<String> NAMES =
      Set.of(
          "PYTHONPATH",
          "PYTHONHOME",
          "PYTHONSTARTUP",
          "BASH_ENV",
          "ENV",
          "SHELLOPTS",
          "BASHOPTS",
          "CDPATH",
          "POSIXLY_CORRECT");

  private JobEnvironment() {}

  /**
   * @param variables this process's own at first
   */
  static void fill(Map<String, String> variables, JobRequest request) {
    var around = around(variables);
    variables.keySet().removeIf(JobEnvironment::isTakenAway);
    switch (request.software().how()) {
      case How.Host host -> fillHost(variables, host, request);
      case How.Container _ -> ContainerCommand.fillEngine(variables, request);
    }
    variables.put(MARK, request.attempt());
    if (!around.isEmpty()) {
      variables.put(AROUND, around);
    }
  }

  private static void fillHost(Map<String, String> variables, How.Host host, JobRequest request) {
    host.without().forEach(variables::remove);
    variables.putAll(host.variables());
    variables.putAll(request.environment());
    if (!host.path().isEmpty()) {
      var first =
          host.path().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
      variables.merge("PATH", first, (old, added) -> added + File.pathSeparator + old);
    }
  }

  private static String around(Map<String, String> variables) {
    var outer = variables.getOrDefault(AROUND, "");
    var own = variables.getOrDefault(MARK, "");
    return outer.isEmpty() || own.isEmpty() ? outer + own : outer + " " + own;
  }

  private static boolean isTakenAway(String name) {
    return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
  }
}
