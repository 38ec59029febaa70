package io.headrace.cli;

import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.json.ValueJson;
import io.headrace.name.RunId;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a schedule names under {@code import_data}, or {@code create_job}: a job's file, the work of
 * an earlier job, or the former with some of it set anew.
 *
 * @param job the absolute path of a file, or {@code azureml:NAME}
 * @param sets as `--set` takes them
 */
record ScheduledWork(String job, List<String> sets) {
  private static final String STORED = "azureml:";

  /** Fields of {@code create_job} that say which job is meant, not what is set anew. */
  private static final Set<String> NOT_SET = Set.of("job", "type", "$schema", "name");

  /**
   * Reads it of a schedule's body.
   *
   * @throws io.headrace.problem.ProblemException NOT_SUPPORTED when it names no job
   */
  static ScheduledWork of(String schedule, Value.Table body) {
    if (body.entries().get("import_data") instanceof Value.Text(String dataImport)) {
      return new ScheduledWork(dataImport, List.of());
    }
    return switch (body.entries().get("create_job")) {
      case Value.Text(String job) -> new ScheduledWork(job, List.of());
      case Value.Table(Map<String, Value> fields)
          when fields.get("job") instanceof Value.Text(String job) -> {
        var sets = new ArrayList<String>();
        fields.forEach((name, value) -> {
          if (!NOT_SET.contains(name)) {
            sets(escaped(name), value, sets);
          }
        });
        yield new ScheduledWork(job, sets);
      }
      case null, default ->
          throw Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "schedule "
                      + schedule
                      + " has no 'create_job' that names a job, and no 'import_data' that names a"
                      + " file")
              .fix("monitors are kept, and not started by Headrace")
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

  /** Whether it is a file, which can be looked at before the time comes. */
  boolean isFile() {
    return !job.startsWith(STORED);
  }

  Plan plan(Context context, Wiring wiring) throws IOException {
    if (isFile()) {
      return wiring.plan(settings(context)).plan();
    }
    if (!sets.isEmpty()) {
      throw Problem.of(
              ErrorCode.NOT_SUPPORTED,
              "nothing of an earlier job can be set anew: its plan is made")
          .fix("name the job's file instead of " + job)
          .asException();
    }
    var engine = wiring.engine();
    var earlier = engine.state(new RunId(job.substring(STORED.length())));
    return engine.again(engine.plan(earlier.created().orElseThrow().plan()));
  }

  RunSettings settings(Context context) {
    return new RunSettings(
        Path.of(job),
        sets,
        Optional.empty(),
        Arguments.parallel(context, Optional.empty()),
        List.of(),
        Arguments.seed(context, Optional.empty()),
        new EnvironmentOptions());
  }
}
