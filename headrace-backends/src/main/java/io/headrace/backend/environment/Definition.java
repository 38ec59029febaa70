package io.headrace.backend.environment;

import io.headrace.plan.EnvironmentSpec.Build;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a step's environment is to be, names looked up and files read.
 *
 * @param label names it to people: {@code environment 'sklearn-1.5'}
 * @param here whether the Python that is here is meant; all else is then empty
 */
record Definition(
    String label,
    Optional<String> image,
    Optional<CondaFile> conda,
    Optional<Build> build,
    boolean here) {
  private static final CondaFile EMPTY = new CondaFile(List.of(), List.of(), List.of(), Map.of());

  static Definition here(String label) {
    return new Definition(label, Optional.empty(), Optional.empty(), Optional.empty(), true);
  }

  /**
   * The same, with these requirements where their packages are not named. What is built from a
   * Dockerfile, and the Python that is here, are taken as they are.
   */
  Definition with(List<String> packages) {
    if (packages.isEmpty() || here || build.isPresent()) {
      return this;
    }
    return new Definition(
        label, image, Optional.of(conda.orElse(EMPTY).withPackages(packages)), build, false);
  }
}
