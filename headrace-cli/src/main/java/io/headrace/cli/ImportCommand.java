package io.headrace.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace import}: what other tools have, as Azure ML documents. */
@Command(
    name = "import",
    header = "Turn another tool's project into Azure ML documents.",
    description = "",
    synopsisSubcommandLabel = "COMMAND")
final class ImportCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  /** Without a command: who types that wants to know what there is. */
  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getErr());
    return CommandLineProgram.REQUEST_WRONG;
  }
}
