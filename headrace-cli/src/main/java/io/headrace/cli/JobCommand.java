package io.headrace.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code headrace job}: the words of {@code az ml job}. */
@Command(
    name = "job",
    header = "Create, show, list, stream, cancel and download jobs, with the flags of az ml job.",
    description = {
      "",
      "Options that name a cloud workspace (-w, -g, --subscription) are taken and mean nothing here.",
      "`headrace run` is the shorter way to run a file and look on.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND")
final class JobCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  /** Without a command: who types that wants to know what there is. */
  @Override
  public Integer call() {
    var line = Objects.requireNonNull(spec).commandLine();
    line.usage(line.getErr());
    return CommandLineProgram.REQUEST_WRONG;
  }
}
