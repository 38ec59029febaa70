package io.headrace.cli;

import io.headrace.name.RunId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headrace run show RUN}. */
@Command(
    name = "show",
    header = "Show a run: its steps, parameters, metrics and outputs.",
    description = "")
final class RunShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "The run's name.")
  @Nullable String run;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  RunShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    return RunTables.show(context, new RunId(Objects.requireNonNull(run)), output);
  }
}
