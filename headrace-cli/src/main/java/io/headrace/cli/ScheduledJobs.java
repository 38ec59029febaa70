package io.headrace.cli;

import io.headrace.asset.Asset;
import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.engine.RunListener;
import io.headrace.json.ValueJson;
import io.headrace.name.RunId;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.service.Keeper;
import io.headrace.service.RunService;
import io.headrace.spec.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Begins what a schedule names under {@code create_job}: a job's file, read as it is at that
 * moment; the work of an earlier job, {@code azureml:NAME}; or either with some of it set anew.
 */
final class ScheduledJobs implements Keeper.Starter {
  private static final String STORED = "azureml:";

  /** Fields of {@code create_job} that say which job is meant, not what is set anew. */
  private static final Set<String> NOT_SET = Set.of("job", "type", "$schema", "name");

  private final Context context;
  private final Wiring wiring;
  private final RunService service;

  ScheduledJobs(Context context, Wiring wiring, RunService service) {
    this.context = context;
    this.wiring = wiring;
    this.service = service;
  }

  @Override
  public void start(Asset schedule, RunId run) throws IOException, InterruptedException {
    var wanted = wanted(schedule);
    var planned = plan(wanted);
    var captured = wiring.newEngine().capture(planned, RunListener.none());
    service.submit(run, captured, settings(wanted).options(context));
  }

  /**
   * What is to be begun.
   *
   * @param job the absolute path of a file, or {@code azureml:NAME}
   * @param sets as `--set` takes them
   */
  private record Wanted(String job, List<String> sets) {}

  private static Wanted wanted(Asset schedule) {
    return switch (schedule.body().entries().get("create_job")) {
      case Value.Text(String job) -> new Wanted(job, List.of());
      case Value.Table(Map<String, Value> fields)
          when fields.get("job") instanceof Value.Text(String job) -> {
        var sets = new ArrayList<String>();
        fields.forEach((name, value) -> {
          if (!NOT_SET.contains(name)) {
            sets(escaped(name), value, sets);
          }
        });
        yield new Wanted(job, sets);
      }
      case null, default ->
          throw Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "schedule " + schedule.name() + " has no 'create_job' that names a job")
              .fix("monitors and imports are not started by Headrace")
              .asException();
    };
  }

  private static void sets(String path, Value value, List<String> into) {
    switch (value) {
      case Value.Table(Map<String, Value> fields) ->
          fields.forEach((name, field) -> sets(path + "." + escaped(name), field, into));
      case Value.Text(String text) -> into.add(path + "=" + text);
      case Value.Nothing _ -> {}
      case Value.Items _, Value.Whole _, Value.Real _, Value.Flag _ ->
          into.add(path + "=" + ValueJson.compact(value));
    }
  }

  private static String escaped(String name) {
    return name.replace(".", "\\.");
  }

  private Plan plan(Wanted wanted) throws IOException {
    if (!wanted.job().startsWith(STORED)) {
      return wiring.plan(settings(wanted)).plan();
    }
    if (!wanted.sets().isEmpty()) {
      throw Problem.of(
              ErrorCode.NOT_SUPPORTED,
              "nothing of an earlier job can be set anew: its plan is made")
          .fix("name the job's file instead of " + wanted.job())
          .asException();
    }
    var engine = wiring.engine();
    var earlier = engine.state(new RunId(wanted.job().substring(STORED.length())));
    return engine.again(engine.plan(earlier.created().orElseThrow().plan()));
  }

  private RunSettings settings(Wanted wanted) {
    return new RunSettings(
        Path.of(wanted.job()),
        wanted.sets(),
        Optional.empty(),
        Arguments.parallel(context, Optional.empty()),
        List.of(),
        Arguments.seed(context, Optional.empty()),
        new EnvironmentOptions());
  }
}
