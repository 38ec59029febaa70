package io.headrace.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every {@code az ml} command takes and that mean nothing on one machine. */
final class AzureOptions {
  @Option(
      names = {"-w", "--workspace-name"},
      hidden = true)
  @Nullable String workspaceName;

  @Option(
      names = {"-g", "--resource-group"},
      hidden = true)
  @Nullable String resourceGroup;

  @Option(names = "--subscription", hidden = true)
  @Nullable String subscription;

  @Option(names = "--only-show-errors", hidden = true)
  boolean onlyShowErrors;

  @Option(names = "--debug", hidden = true)
  boolean debug;

  @Option(names = "--verbose", hidden = true)
  boolean verbose;
}
