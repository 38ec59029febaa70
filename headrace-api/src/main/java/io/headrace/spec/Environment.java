package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Map;
import java.util.Optional;

/**
 * The definition of an environment.
 *
 * @param condaFile the text of a conda environment file, read if it was a file
 * @param inferenceConfig kept for deployments
 */
public record Environment(
    Optional<String> name,
    Optional<String> version,
    Optional<String> description,
    Map<String, Value> tags,
    Optional<String> image,
    Optional<CondaFile> condaFile,
    Optional<Build> build,
    Optional<Value> inferenceConfig,
    Optional<String> osType,
    Optional<String> datastore,
    Where where)
    implements Document {
  public Environment {
    tags = Ordered.copy(tags);
  }

  /**
   * A conda environment file.
   *
   * @param text YAML
   * @param path the file it came from; absent when inline
   */
  public record CondaFile(String text, Optional<LocalPath> path) {}

  /**
   * A container build.
   *
   * @param context an absolute path, or a URL
   * @param dockerfile relative to the context
   */
  public record Build(Optional<String> context, String dockerfile) {}
}
