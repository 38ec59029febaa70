package io.headrace.cli;

import io.headrace.kfp.KubeflowPipelines;
import io.headrace.planner.Documents;
import io.headrace.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace validate FILE...}. */
@Command(
    name = "validate",
    header = "Check documents: all problems at once, each with its place and how to mend it.",
    description = {
      "",
      "Nothing is run, resolved or fetched. Exit code 0 when there is no error, else 2.",
      ""
    })
final class ValidateCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Azure ML v2 YAML documents.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "As in `headrace run`.")
  List<String> sets = new ArrayList<>();

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  ValidateCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var found = new LinkedHashMap<String, List<Problem>>();
    for (var file : files) {
      var path = Arguments.file(context, Optional.of(file), "headrace validate");
      var here = context.around().here();
      found.put(
          file.toString(),
          KubeflowPipelines.isOne(path)
              ? KubeflowPipelines.validate(path, sets, here)
              : Documents.validate(path, sets, here));
    }
    if (!output.forPeople()) {
      output.print(
          context.out(), JsonText.list(List.copyOf(found.entrySet()), ValidateCommand::write));
    } else {
      found.forEach(this::print);
    }
    boolean bad = found.values().stream().flatMap(List::stream).anyMatch(Problem::isError);
    return bad ? CommandLineProgram.REQUEST_WRONG : CommandLineProgram.DONE;
  }

  private void print(String file, List<Problem> problems) {
    problems.forEach(problem -> context.err().println(problem));
    long errors = problems.stream().filter(Problem::isError).count();
    if (errors == 0) {
      context.out().println(file + ": ok" + (problems.isEmpty() ? "" : ", with warnings"));
    } else {
      context.out().println(file + ": " + errors + (errors == 1 ? " error" : " errors"));
    }
  }

  private static void write(Map.Entry<String, List<Problem>> entry, JsonText.Body out) {
    out.text("file", entry.getKey());
    out.flag("valid", entry.getValue().stream().noneMatch(Problem::isError));
    out.list("problems", entry.getValue(), ValidateCommand::write);
  }

  private static void write(Problem problem, JsonText.Body out) {
    out.text("code", problem.code().id());
    out.text("severity", problem.isError() ? "error" : "warning");
    out.text("message", problem.message());
    problem
        .where()
        .ifPresent(where -> {
          out.text("file", where.file());
          out.number("line", where.line());
          out.number("column", where.column());
        });
    problem.fix().ifPresent(fix -> out.text("fix", fix));
  }
}
