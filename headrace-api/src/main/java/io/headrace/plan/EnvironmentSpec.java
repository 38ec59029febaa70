package io.headrace.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The software that a step needs, as asked for.
 *
 * @param name for people, such as {@code sklearn:3}; empty when anonymous
 * @param image a container image
 * @param condaFile the text of a conda environment file (YAML), whether it was inline or in a file
 * @param build a container build
 * @param packages pip's requirements that the step needs whatever the definition says: each is
 *     added where the definition does not name that package
 */
public record EnvironmentSpec(
    Optional<String> name,
    Optional<String> image,
    Optional<String> condaFile,
    Optional<Build> build,
    List<String> packages) {

  public EnvironmentSpec {
    packages = List.copyOf(packages);
  }

  public EnvironmentSpec(
      Optional<String> name,
      Optional<String> image,
      Optional<String> condaFile,
      Optional<Build> build) {
    this(name, image, condaFile, build, List.of());
  }

  /**
   * A container build.
   *
   * @param context absolute path of the folder, or a URL
   * @param dockerfile relative to the context
   */
  public record Build(String context, String dockerfile) {}

  /** Asked for by name only, to be looked up in the map of environments. */
  public static EnvironmentSpec named(String reference) {
    return new EnvironmentSpec(
        Optional.of(reference), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, with these packages where they are not named in it. */
  public EnvironmentSpec withPackages(List<String> added) {
    return new EnvironmentSpec(name, image, condaFile, build, added);
  }

  /**
   * Whether only a name is known, such as {@code AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest}.
   */
  public boolean isReference() {
    return image.isEmpty() && condaFile.isEmpty() && build.isEmpty();
  }

  /** The folder of the build context when it is local. */
  public Optional<Path> localContext() {
    return build.map(Build::context).filter(c -> !c.contains("://")).map(Path::of);
  }
}
