package io.headrace.cli;

import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace resume [RUN]}. */
@Command(
    name = "resume",
    header = "Take an interrupted run up where it was.",
    description = {
      "",
      "Steps that still run are adopted, those that ended meanwhile count as done. The YAML is not",
      "needed: the run goes on with what it began with. A run that has ended (failed, was cancelled)",
      "is run again from its plan as a new run; what succeeded is reused.",
      ""
    })
final class ResumeCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run's name (default: the one that was interrupted).")
  @Nullable String run;

  @Option(
      names = {"-j", "--parallel"},
      paramLabel = "N",
      description = "As in `headrace run`.")
  @Nullable Integer parallel;

  @Mixin EnvironmentOptions environments = new EnvironmentOptions();

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  ResumeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var session =
        new RunSession(context, output, Arguments.parallel(context, Optional.ofNullable(parallel)));
    return session.resume(run == null ? only() : new RunId(run), environments);
  }

  private RunId only() throws IOException {
    try (var wiring = context.wiring()) {
      var waiting = wiring.engine().interrupted();
      if (waiting.size() == 1) {
        return waiting.getFirst().id();
      }
      throw Problem.of(
              ErrorCode.BAD_ARGUMENT,
              waiting.isEmpty() ? "no run was interrupted" : "several runs were interrupted")
          .fix(
              waiting.isEmpty()
                  ? "`headrace run list` shows the runs"
                  : "name one: "
                      + String.join(", ", waiting.stream().map(it -> it.id().value()).toList()))
          .asException();
    }
  }
}
