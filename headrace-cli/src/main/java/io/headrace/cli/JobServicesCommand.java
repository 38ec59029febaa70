package io.headrace.cli;

import io.headrace.name.RunId;
import io.headrace.spec.Value;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job show-services -n NAME}. */
@Command(
    name = "show-services",
    header = "Show the services that a job offers while it runs: none are started here.",
    description = "")
final class JobServicesCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Option(
      names = {"-i", "--node-index"},
      hidden = true)
  int node;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobServicesCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (var wiring = context.wiring()) {
      wiring.engine().state(new RunId(Objects.requireNonNull(name)));
      output.print(context.out(), new Value.Table(Map.of()));
      return CommandLineProgram.DONE;
    }
  }
}
