package io.headrace.cli;

import io.headrace.name.RunId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job stream -n NAME}. */
@Command(
    name = "stream",
    header = "Follow a job until it ends; its exit code tells how.",
    description = "")
final class JobStreamCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Mixin OutputOptions output = OutputOptions.text();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobStreamCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      return new JobStream(context, wiring, new RunId(Objects.requireNonNull(name))).follow();
    }
  }
}
