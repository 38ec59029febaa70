package io.headrace.cli;

import io.headrace.mlproject.AzureDocuments;
import io.headrace.mlproject.MlProject;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace import mlproject DIR}. */
@Command(
    name = "mlproject",
    header = "Write an MLflow project's entry point as a component and a job that runs it.",
    description = {
      "",
      "ENTRY.component.yml and ENTRY.job.yml go into the project's folder; `headrace run` runs the job.",
      ""
    })
final class ImportMlprojectCommand implements Callable<Integer> {
  @Parameters(arity = "1", paramLabel = "DIR", description = "The project's folder.")
  String project = ".";

  @Option(
      names = {"-e", "--entry-point"},
      paramLabel = "NAME",
      description = "An entry point, or a .py or .sh file of the folder (default: main).")
  String entryPoint = "main";

  @Option(
      names = {"-P", "--param-list"},
      paramLabel = "NAME=VALUE",
      description = "A parameter's value in the job, over its default (may be repeated).")
  Map<String, String> values = new LinkedHashMap<>();

  @Option(names = "--force", description = "Replace files of these names.")
  boolean force;

  private final Context context;

  ImportMlprojectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (project.contains("://") || project.startsWith("git@")) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, project + " is an address, and a folder is wanted")
          .fix("clone it, and name its folder")
          .asException();
    }
    var folder = Path.of(project);
    var at = context.resolve(folder);
    if (!Files.isDirectory(at)) {
      throw Problem.of(ErrorCode.MISSING_PATH, "there is no folder " + folder).asException();
    }
    var documents = AzureDocuments.of(MlProject.read(at, entryPoint), values);
    if (!force) {
      documents.keySet().forEach(name -> checkFree(at.resolve(name)));
    }
    documents.forEach((name, text) -> {
      write(at.resolve(name), text);
      context.out().println("wrote " + folder.resolve(name).normalize());
    });
    var job = documents.keySet().stream().filter(it -> it.endsWith(".job.yml")).findFirst();
    context.out().println("run it: headrace run " + folder.resolve(job.orElseThrow()).normalize());
    return CommandLineProgram.DONE;
  }

  private static void checkFree(Path file) {
    if (Files.exists(file)) {
      throw Problem.of(ErrorCode.CONFLICT, file + " is there already")
          .fix("--force replaces it")
          .asException();
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw DiskProblem.writing(file, e);
    }
  }
}
