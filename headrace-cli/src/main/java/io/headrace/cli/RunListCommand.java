package io.headrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace run list}. */
@Command(
    name = "list",
    header = "List the runs of this workspace, the newest first.",
    description = "")
final class RunListCommand implements Callable<Integer> {
  @Option(
      names = {"-r", "--max-results"},
      paramLabel = "N",
      description = "How many (default: ${DEFAULT-VALUE}).",
      defaultValue = "50")
  int most;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  RunListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return RunTables.list(context, most, RunTables.Archived.NOT, output);
  }
}
