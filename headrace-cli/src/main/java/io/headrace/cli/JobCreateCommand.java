package io.headrace.cli;

import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.json.ValueJson;
import io.headrace.json.ValueYaml;
import io.headrace.name.RunId;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job create -f FILE}. */
@Command(
    name = "create",
    header = "Create a job: it runs in the background, or in the foreground with --stream.",
    description = "")
final class JobCreateCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The job's YAML.")
  @Nullable Path file;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The job's name (default: the YAML's, else a new one).")
  @Nullable String name;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "As in `headrace run`.")
  List<String> sets = new ArrayList<>();

  @Option(
      names = {"-s", "--stream"},
      description = "Follow the job until it ends.")
  boolean stream;

  @Option(
      names = {"-a", "--save-as"},
      paramLabel = "FILE",
      description = "Write what is said of the created job into this file, as YAML.")
  @Nullable Path saveAs;

  @Option(names = "--web", hidden = true)
  boolean web;

  @Option(names = "--skip-validation", hidden = true)
  boolean skipValidation;

  @Option(
      names = {"-j", "--parallel"},
      paramLabel = "N",
      description = "As in `headrace run`.")
  @Nullable Integer parallel;

  @Mixin EnvironmentOptions environments = new EnvironmentOptions();

  @Mixin OutputOptions output = OutputOptions.json();

  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobCreateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var settings =
        new RunSettings(
            Arguments.file(context, Optional.ofNullable(file), "headrace job create -f"),
            sets,
            Optional.ofNullable(name),
            Arguments.parallel(context, Optional.ofNullable(parallel)),
            List.of(),
            Arguments.seed(context, Optional.empty()),
            environments);
    if (stream && saveAs != null) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "give --stream or --save-as, not both")
          .fix("`headrace job stream -n NAME` follows a job that was created with --save-as")
          .asException();
    }
    if (stream) {
      return new RunSession(context, output, settings.parallel()).run(settings);
    }
    return new Background(context, settings, output).start(this::save);
  }

  /** Writes what {@code job show} says. */
  private void save(RunId run) throws IOException {
    if (saveAs == null) {
      return;
    }
    var file = context.resolve(saveAs);
    try (var wiring = context.wiring()) {
      Files.writeString(file, ValueYaml.text(ValueJson.read(RunTables.json(wiring, run))));
    } catch (IOException e) {
      throw DiskProblem.writing(file, e);
    }
  }
}
