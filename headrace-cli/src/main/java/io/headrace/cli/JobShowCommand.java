package io.headrace.cli;

import io.headrace.name.RunId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job show -n NAME}. */
@Command(name = "show", header = "Show a job.", description = "")
final class JobShowCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Option(names = "--web", hidden = true)
  boolean web;

  @Mixin OutputOptions output = OutputOptions.json();

  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var id = new RunId(Objects.requireNonNull(name));
    try (var wiring = context.wiring()) {
      return ChildJobs.show(context, wiring, id, output)
          ? CommandLineProgram.DONE
          : RunTables.show(context, wiring, id, output);
    }
  }
}
