package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec.Build;
import io.headrace.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a definition will be met on this machine; all decided, nothing built yet. */
sealed interface Recipe {
  /** Names the environment to people. */
  String label();

  /** Of the definition and of all that was chosen. No path of this machine goes into it. */
  Digest identity();

  /** What is not as it was asked for. */
  List<Problem> warnings();

  /**
   * A virtual environment.
   *
   * @param uv when it is there and can serve this Python
   * @param substituted what was asked for instead of {@code python}; empty when it is what was
   */
  record Venv(
      String label,
      Digest identity,
      List<Problem> warnings,
      Interpreter python,
      Optional<Path> uv,
      List<String> requirements,
      Map<String, String> variables,
      Optional<String> substituted)
      implements Recipe {}

  /** An environment that conda, mamba or micromamba makes. */
  record Conda(String label, Digest identity, List<Problem> warnings, Path program, CondaFile file)
      implements Recipe {}

  /** A container image, with a conda environment laid over it when there is a conda file. */
  record Image(
      String label,
      Digest identity,
      List<Problem> warnings,
      Path engine,
      String image,
      Optional<CondaFile> conda)
      implements Recipe {}

  /** An image built from a folder or an address. */
  record Built(String label, Digest identity, List<Problem> warnings, Path engine, Build build)
      implements Recipe {}

  /**
   * The Python that is here, as it is.
   *
   * @param python empty when there is none; commands that need none still run
   */
  record Here(String label, Digest identity, List<Problem> warnings, Optional<Interpreter> python)
      implements Recipe {}
}
