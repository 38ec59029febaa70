package io.headrace.cli;

import io.headrace.planner.Documents;
import io.headrace.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job validate -f FILE}. */
@Command(
    name = "validate",
    header = "Check a job's file, and answer as az ml job validate does.",
    description = {"", "Exit code 0 when there is no error, else 2.", ""})
final class JobValidateCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The job's YAML.")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "As in `headrace run`.")
  List<String> sets = new ArrayList<>();

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobValidateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var path = Arguments.file(context, Optional.ofNullable(file), "headrace job validate -f");
    var problems = Documents.validate(path, sets, context.around().here());
    var errors = problems.stream().filter(Problem::isError).toList();
    output.print(
        context.out(),
        JsonText.of(out -> {
          out.text("result", errors.isEmpty() ? "Succeeded" : "Failed");
          if (!errors.isEmpty()) {
            out.list("errors", errors, JobValidateCommand::write);
          }
          if (problems.size() > errors.size()) {
            out.list(
                "warnings",
                problems.stream().filter(it -> !it.isError()).toList(),
                JobValidateCommand::write);
          }
        }));
    return errors.isEmpty() ? CommandLineProgram.DONE : CommandLineProgram.REQUEST_WRONG;
  }

  private static void write(Problem problem, JsonText.Body out) {
    out.text("message", problem.message());
    out.text("code", problem.code().id());
    problem
        .where()
        .ifPresent(where -> out.text("location", where.file() + "#line " + where.line()));
    problem.fix().ifPresent(fix -> out.text("fix", fix));
  }
}
