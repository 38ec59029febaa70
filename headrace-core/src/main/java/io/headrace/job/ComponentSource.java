package io.headrace.job;

import java.nio.file.Path;
import java.util.Optional;

/** Knows what component references stand for. */
@FunctionalInterface
public interface ComponentSource {
  /** Knows none. */
  ComponentSource NONE = reference -> Optional.empty();

  /**
   * The YAML file that defines a component.
   *
   * @param reference {@code azureml:name:version}, {@code azureml:name@label}, or a registry's URI
   * @return empty when it is not known here
   */
  Optional<Path> file(String reference);
}
