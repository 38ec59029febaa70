package io.headrace.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: what every command understands. */
@Command(
    name = "headrace",
    synopsisSubcommandLabel = "COMMAND",
    header = "Runs Azure ML v2 pipelines on this machine, without a cloud account.",
    description = {
      "",
      "Give it the YAML that `az ml job create -f` takes. Steps whose work was done before are reused;",
      "a run that was interrupted is taken up where it was.",
      ""
    },
    footer = {
      "",
      "Begin with:",
      "  headrace validate pipeline.yml     what is wrong with it, if anything",
      "  headrace plan pipeline.yml         what would run, and why",
      "  headrace run pipeline.yml          run it",
      "  headrace run list                  what has run here",
      "  headrace COMMAND --help            more about a command",
      "",
      "Exit codes: 0 done, 1 the work failed, 2 the request was wrong, 3 Headrace or the machine failed."
    },
    versionProvider = Version.class)
final class HeadraceCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "Where records and data are kept (default: HEADRACE_WORKSPACE, else the nearest .headrace folder).")
  @Nullable Path workspace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this and exit.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  boolean version;

  /** Without a command: who types that wants to know what there is. */
  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getErr());
    return CommandLineProgram.REQUEST_WRONG;
  }

  Optional<Path> workspace() {
    return Optional.ofNullable(workspace);
  }
}
