package io.headrace.cli;

import io.headrace.job.PlainDocument;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import io.headrace.tracking.RunLog;
import io.headrace.tracking.Runs;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job archive}, {@code restore} and {@code update}. */
@Command(header = "Change what is said of a job, or hide it from lists.")
final class JobChangeCommand implements Callable<Integer> {
  /** What to do. */
  enum Change {
    ARCHIVE,
    RESTORE,
    UPDATE
  }

  /** MLflow's tag for a run's description. */
  static final String NOTE = "mlflow.note.content";

  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "For update: display_name, description or tags.NAME, with a value.")
  List<String> sets = new ArrayList<>();

  @Option(names = "--web", hidden = true)
  boolean web;

  @Mixin OutputOptions output = OutputOptions.json();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;
  private final Change change;

  JobChangeCommand(Context context, Change change) {
    this.context = context;
    this.change = change;
  }

  @Override
  public Integer call() throws Exception {
    var run = new RunId(Objects.requireNonNull(name));
    try (var wiring = context.wiring()) {
      wiring.engine().state(run); // a job that is not there is told as everywhere
      var tracking = wiring.tracking();
      switch (change) {
        case ARCHIVE -> tracking.runs().delete(run.value());
        case RESTORE -> tracking.runs().restore(run.value());
        case UPDATE -> update(tracking, run);
      }
    } catch (TrackingException e) {
      throw Problem.of(ErrorCode.CONFLICT, String.valueOf(e.getMessage()))
          .fix("an archived job is changed after `headrace job restore -n " + run + "`")
          .asException(e);
    }
    return change == Change.UPDATE ? RunTables.show(context, run, output) : CommandLineProgram.DONE;
  }

  private void update(Tracking tracking, RunId run) {
    if (!(PlainDocument.value(PlainDocument.of(sets)) instanceof Value.Table(var fields))) {
      return;
    }
    var tags = new ArrayList<RunLog.Pair>();
    fields.forEach((field, value) -> {
      switch (field) {
        case "display_name" ->
            tracking
                .runs()
                .update(
                    run.value(),
                    new Runs.Change(
                        Optional.empty(), OptionalLong.empty(), Optional.of(single(value))));
        case "description" -> tags.add(new RunLog.Pair(NOTE, single(value)));
        case "tags" -> tags.addAll(pairs(value));
        default ->
            throw Problem.of(ErrorCode.BAD_ARGUMENT, "a job's '" + field + "' cannot be changed")
                .fix("display_name, description and tags can")
                .asException();
      }
    });
    if (!tags.isEmpty()) {
      tracking.log().log(run.value(), List.of(), List.of(), tags);
    }
  }

  private static List<RunLog.Pair> pairs(Value value) {
    return value instanceof Value.Table(Map<String, Value> entries)
        ? entries.entrySet().stream()
            .map(it -> new RunLog.Pair(it.getKey(), single(it.getValue())))
            .toList()
        : List.of();
  }

  private static String single(Value value) {
    return value instanceof Value.Text(String text)
        ? text
        : io.headrace.json.ValueJson.compact(value);
  }
}
