package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes params, metrics and tags into runs. Each call is one transaction: all of it is durable
 * when it returns, or nothing of it was written. Thread-safe.
 */
public final class RunLog {
  private final MetadataStore store;

  RunLog(MetadataStore store) {
    this.store = store;
  }

  /** A param or a tag as it came: a key may come twice. */
  public record Pair(String key, String value) {}

  /**
   * Logs a batch. Params are immutable: the same value again changes nothing, another is refused.
   * An exact copy of a metric's point is dropped. A tag is overwritten.
   */
  public void log(String runId, List<Metric> metrics, List<Pair> params, List<Pair> tags) {
    Names.runId(runId);
    metrics.forEach(RunLog::check);
    Map<String, String> newParams = params(params);
    Map<String, String> newTags = tags(tags);
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      putParams(connection, run, runId, newParams);
      MetricWriter.write(connection, run, runId, metrics);
      putTags(connection, run, newTags);
      return run;
    });
  }

  /** As {@link #log}, for the one metric that most calls bring. */
  public void log(String runId, Metric metric) {
    log(runId, List.of(metric), List.of(), List.of());
  }

  private static void check(Metric metric) {
    Names.key("metric", metric.key());
    if (metric.timestamp() < 0) {
      throw TrackingException.invalid(
          "Got invalid timestamp %d for metric '%s'. Timestamp must be a non-negative long."
              .formatted(metric.timestamp(), metric.key()));
    }
  }

  private static Map<String, String> params(List<Pair> params) {
    Map<String, String> byKey = new LinkedHashMap<>();
    for (Pair param : params) {
      String value = Names.cut(param.value(), Names.PARAM_LENGTH);
      String before = byKey.putIfAbsent(Names.key("param", param.key()), value);
      if (before != null && !before.equals(value)) {
        throw TrackingException.invalid(
            "Duplicate parameter keys have been submitted: ['%s']. Please ensure the request contains"
                    .formatted(param.key())
                + " only one param value per param key.");
      }
    }
    return byKey;
  }

  private static Map<String, String> tags(List<Pair> tags) {
    Map<String, String> byKey = new LinkedHashMap<>();
    for (Pair tag : tags) {
      byKey.put(tag.key(), tag.value());
    }
    return byKey;
  }

  /** The engine's word for a step's input gives way to the step's own: 1e-3 and 0.001 are one. */
  static void putParams(Connection connection, long run, String runId, Map<String, String> params)
      throws SQLException {
    if (params.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into tracking_params (run, name, value, given) values (?, ?, ?, 0)
            on conflict (run, name) do update set value = excluded.value, given = 0
            where tracking_params.given = 1\
            """)) {
      for (Map.Entry<String, String> param : params.entrySet()) {
        Sql.bind(insert, run, param.getKey(), param.getValue());
        if (insert.executeUpdate() == 0) {
          requireSame(connection, run, runId, param.getKey(), param.getValue());
        }
      }
    }
  }

  private static void requireSame(
      Connection connection, long run, String runId, String key, String value) throws SQLException {
    String old =
        Sql.first(
                connection,
                "select value from tracking_params where run = ? and name = ?",
                row -> row.getString(1),
                run,
                key)
            .orElseThrow();
    if (!old.equals(value)) {
      throw TrackingException.invalid(
          "Changing param values is not allowed. Param with key='%s' was already logged with value='%s'"
                  .formatted(key, old)
              + " for run ID='%s'. Attempted logging new value '%s'.".formatted(runId, value));
    }
  }

  /** Writes tags, where the two that are columns of the run go. */
  static void putTags(Connection connection, long run, Map<String, String> tags)
      throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String key = Names.key("tag", tag.getKey());
      String value = Names.cut(tag.getValue(), Names.TAG_LENGTH);
      switch (key) {
        case Tags.RUN_NAME -> rename(connection, run, value);
        case Tags.PARENT ->
            Sql.update(
                connection, "update tracking_runs set parent = ? where number = ?", value, run);
        default -> putTag(connection, run, key, value);
      }
    }
  }

  static void putTag(Connection connection, long run, String key, String value)
      throws SQLException {
    Sql.update(
        connection,
        "insert into tracking_tags values (?, ?, ?)"
            + " on conflict (run, name) do update set value = excluded.value",
        run,
        key,
        value);
  }

  static void rename(Connection connection, long run, String name) throws SQLException {
    Sql.update(connection, "update tracking_runs set name = ? where number = ?", name, run);
  }

  public void deleteTag(String runId, String key) {
    Names.runId(runId);
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      if (removeTag(connection, run, key) == 0) {
        throw TrackingException.notFound(
            "No tag with name: %s in run with id %s".formatted(Names.visible(key), runId));
      }
      return run;
    });
  }

  private static int removeTag(Connection connection, long run, String key) throws SQLException {
    return switch (key) {
      case Tags.RUN_NAME ->
          throw TrackingException.invalid(
              "The tag mlflow.runName mirrors the run's name and cannot be deleted.");
      case Tags.PARENT ->
          Sql.update(
              connection,
              "update tracking_runs set parent = '' where number = ? and parent <> ''",
              run);
      default ->
          Sql.update(connection, "delete from tracking_tags where run = ? and name = ?", run, key);
    };
  }

  /**
   * What a tag holds is replaced by what {@code change} makes of it, in one transaction.
   *
   * @param change given the present value, empty when there is none
   */
  public void changeTag(
      String runId, String key, java.util.function.Function<Optional<String>, String> change) {
    Names.runId(runId);
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      Optional<String> present =
          Sql.first(
              connection,
              "select value from tracking_tags where run = ? and name = ?",
              row -> row.getString(1),
              run,
              key);
      putTag(connection, run, key, change.apply(present));
      return run;
    });
  }

  /** Notes what a run read: datasets, which are kept once an experiment, and logged models. */
  public void inputs(String runId, List<DatasetInput> datasets, List<String> models) {
    Names.runId(runId);
    datasets.forEach(Inputs::check);
    store.writeNow(connection -> {
      RunRow row = writable(connection, runId);
      for (DatasetInput input : datasets) {
        Inputs.put(connection, row, input);
      }
      for (String model : models) {
        LoggedModels.require(connection, model);
        Sql.update(
            connection,
            "insert into tracking_model_inputs values (?, ?) on conflict do nothing",
            row.number(),
            model);
      }
      return row.number();
    });
  }

  /** Notes which logged models a run made. */
  public void outputs(String runId, List<Run.ModelOutput> models) {
    Names.runId(runId);
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      for (Run.ModelOutput model : models) {
        LoggedModels.require(connection, model.modelId());
        Sql.update(
            connection,
            "insert into tracking_model_outputs values (?, ?, ?)"
                + " on conflict (run, model_id) do update set step = excluded.step",
            run,
            model.modelId(),
            model.step());
      }
      return run;
    });
  }

  private static RunRow writable(Connection connection, String runId) throws SQLException {
    RunRow.requireActive(connection, runId);
    return RunRow.require(connection, runId);
  }
}
