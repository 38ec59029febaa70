package io.headrace.cli;

import io.headrace.engine.RunOptions;
import io.headrace.plan.Plan;
import io.headrace.planner.Planned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace run FILE}: plan, run, show. */
@Command(
    name = "run",
    header = "Run a pipeline or command job to its end.",
    description = {
      "",
      "Steps whose work was done before are reused: same command, code, environment, inputs and parameters.",
      "If the same run was interrupted before, it is taken up where it was.",
      "`headrace run list` and `headrace run show RUN` look at runs.",
      ""
    })
final class RunCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "An Azure ML v2 job YAML.")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Override one value or more, as az ml takes it, such as --set inputs.rate=0.1",
      arity = "1..*")
  List<String> sets = new ArrayList<>();

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The run's name (default: the YAML's, else a new one).")
  @Nullable String name;

  @Option(
      names = {"-j", "--parallel"},
      paramLabel = "N",
      description =
          "How many steps run at once (default: HEADRACE_PARALLEL, else the machine's cores).")
  @Nullable Integer parallel;

  @Option(
      names = "--no-reuse",
      paramLabel = "STEP",
      arity = "0..1",
      fallbackValue = "*",
      description =
          "Give no earlier result to any step, or with =STEP to that one (may be repeated).")
  List<String> noReuse = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "HEADRACE_SEED and PYTHONHASHSEED of every step (default: the variable HEADRACE_SEED, else 0).")
  @Nullable Long seed;

  @Mixin EnvironmentOptions environments = new EnvironmentOptions();

  @Mixin OutputOptions output = OutputOptions.text();

  @Option(
      names = "--dry-run",
      description = "Only say what would run: the same as `headrace plan`.")
  boolean dryRun;

  private final Context context;

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var from = Arguments.file(context, Optional.ofNullable(file), "headrace run");
    var settings =
        new RunSettings(
            from,
            sets,
            Optional.ofNullable(name),
            Arguments.parallel(context, Optional.ofNullable(parallel)),
            noReuse,
            Arguments.seed(context, Optional.ofNullable(seed)),
            environments);
    if (dryRun) {
      return PlanCommand.plan(context, settings, output);
    }
    return new RunSession(context, output, settings.parallel()).run(settings);
  }

  /** What `headrace run`, `plan` and `job create` were asked for. */
  record RunSettings(
      Path file,
      List<String> sets,
      Optional<String> name,
      int parallel,
      List<String> noReuse,
      long seed,
      EnvironmentOptions environments) {

    RunOptions options(Context context) {
      return new RunOptions(
          parallel, new HashSet<>(noReuse), seed, file.toString(), context.user());
    }

    /** The plan, under the name that was asked for. */
    Plan named(Planned planned) {
      var plan = planned.plan();
      return plan.named(name.or(plan::name));
    }
  }
}
