package io.headrace.backend.environment;

import io.headrace.plan.EnvironmentSpec.Build;
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
  static Definition here(String label) {
    return new Definition(label, Optional.empty(), Optional.empty(), Optional.empty(), true);
  }
}
