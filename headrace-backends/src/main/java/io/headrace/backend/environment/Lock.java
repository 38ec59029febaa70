package io.headrace.backend.environment;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The resolved versions of an environment, as a text for people and for building it again. The
 * first line says of which kind: then follow a requirements file (venv), a conda environment file
 * (conda) or an image's name (container).
 */
final class Lock {
  private static final String MARK = "# headrace lock 1: ";

  private Lock() {}

  static String venvHeader(PythonVersion python) {
    return MARK + "venv, Python " + python + "\n";
  }

  static String conda(String file) {
    StringBuilder text = new StringBuilder(MARK + "conda\n");
    for (String line : file.lines().toList()) {
      if (!line.startsWith("prefix:") && !line.startsWith("name:")) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  static String container(String image) {
    return MARK + "container\n" + image + "\n";
  }

  /** Installers print notes, too. */
  static boolean isRequirement(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      return false;
    }
    return line.startsWith("-e ") || line.contains("==") || line.contains(" @ ");
  }

  /**
   * A definition that builds the same again.
   *
   * @throws io.headrace.problem.ProblemException when the text is not a lock
   */
  static EnvironmentSpec spec(String lock) {
    List<String> lines = lock.lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    if (!first.startsWith(MARK)) {
      throw Problem.of(ErrorCode.ENVIRONMENT_WRONG, "this is not the lock of an environment")
          .fix("its first line begins with '" + MARK.strip() + "'")
          .asException();
    }
    String kind = first.substring(MARK.length());
    if (kind.equals("container") && lines.size() > 1) {
      return new EnvironmentSpec(
          Optional.of("locked"), Optional.of(lines.get(1)), Optional.empty(), Optional.empty());
    }
    String conda = kind.equals("conda") ? lock : condaFile(kind, lines);
    return new EnvironmentSpec(
        Optional.of("locked"), Optional.empty(), Optional.of(conda), Optional.empty());
  }

  private static String condaFile(String kind, List<String> lines) {
    String python = kind.substring(kind.lastIndexOf(' ') + 1);
    List<String> pip = new ArrayList<>();
    for (String line : lines) {
      if (isRequirement(line) && !line.startsWith("pip==")) {
        pip.add(line);
      }
    }
    return new CondaFile(List.of(), List.of("python=" + python), pip, java.util.Map.of())
        .canonical();
  }
}
