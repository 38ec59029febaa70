package io.headrace.cli;

import io.headrace.name.RunId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job download -n NAME}. */
@Command(
    name = "download",
    header = "Copy a job's outputs and artifacts into a folder.",
    description = {
      "",
      "Outputs go to named-outputs/OUTPUT, what steps left in ./outputs and ./logs and what they",
      "printed to artifacts/. The output `model` of the step `train` is called train.model.",
      ""
    })
final class JobDownloadCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Option(
      names = {"-p", "--download-path"},
      paramLabel = "DIR",
      description = "Where to (default: here).")
  @Nullable Path folder;

  @Option(names = "--output-name", paramLabel = "OUTPUT", description = "Only this output.")
  @Nullable String outputName;

  @Option(names = "--all", description = "The outputs of every step too.")
  boolean all;

  @Mixin OutputOptions output = OutputOptions.text();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobDownloadCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      var to = context.resolve(folder == null ? Path.of("") : folder);
      // Scripts get nothing on the standard output, as from az.
      var said = output.forPeople() ? context.out() : context.err();
      new Download(said, wiring, new RunId(Objects.requireNonNull(name)), to)
          .run(Optional.ofNullable(outputName), all);
      return CommandLineProgram.DONE;
    }
  }
}
