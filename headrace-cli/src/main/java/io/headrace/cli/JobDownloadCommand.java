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
      "Outputs go to named-outputs/NAME, artifacts to artifacts/. An output of one step is called STEP.OUTPUT.",
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

  @Option(names = "--all", description = "All outputs of all steps, and all artifacts and logs.")
  boolean all;

  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobDownloadCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      var to = context.resolve(folder == null ? Path.of("") : folder);
      new Download(context, wiring, new RunId(Objects.requireNonNull(name)), to)
          .run(Optional.ofNullable(outputName), all);
      return CommandLineProgram.DONE;
    }
  }
}
