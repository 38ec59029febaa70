package io.headrace.cli;

import io.headrace.asset.AssetReference.Wanted;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which asset, as {@code az ml} asks for one. */
final class AssetName {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "Its name.")
  @Nullable String name;

  @Option(
      names = {"-v", "--version"},
      paramLabel = "VERSION",
      description = "Its version.")
  @Nullable String version;

  @Option(
      names = {"-l", "--label"},
      paramLabel = "LABEL",
      description = "The label of a version, such as latest.")
  @Nullable String label;

  @Option(names = "--registry-name", hidden = true)
  @Nullable String registry;

  String name() {
    refuse(registry);
    return Objects.requireNonNull(name);
  }

  /** Says so when a registry was named. */
  static void refuse(@Nullable String registry) {
    if (registry != null) {
      throw Problem.of(ErrorCode.NOT_SUPPORTED, "--registry-name: there are no registries here")
          .fix("leave it out: all that is registered is in the workspace")
          .asException();
    }
  }

  Optional<String> version() {
    return Optional.ofNullable(version);
  }

  Wanted wanted() {
    if (version != null && label != null) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "give --version or --label, not both").asException();
    }
    return version != null
        ? new Wanted.Version(version)
        : label != null ? new Wanted.Label(label) : new Wanted.Newest();
  }
}
