package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
    for (int i = 0; i < metrics.size(); i++) {
      check("metrics[" + i + "].", metrics.get(i));
    }
    write(runId, metrics, params(params), tags(tags));
  }

  private void write(
      String runId, List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      Map<String, String> others = putParams(connection, run, params);
      if (!others.isEmpty()) {
        throw changed(runId, params, others);
      }
      MetricWriter.write(connection, run, runId, metrics);
      putTags(connection, run, tags);
      return run;
    });
  }

  /** As {@link #log}, for the one metric that most calls bring. */
  public void metric(String runId, Metric metric) {
    check("", metric);
    write(runId, List.of(metric), Map.of(), Map.of());
  }

  /** As {@link #log}, for one param. */
  public void param(String runId, Pair param) {
    String key = Names.key("key", "Param key", param.key());
    String value = Names.cut(param.value(), Names.PARAM_LENGTH);
    Names.runId(runId);
    store.writeNow(connection -> {
      long run = RunRow.requireActive(connection, runId);
      Map<String, String> others = putParams(connection, run, Map.of(key, value));
      if (!others.isEmpty()) {
        throw TrackingException.invalid(
            "Changing param values is not allowed. Param with key='%s' was already logged with value='%s'"
                    .formatted(key, others.get(key))
                + " for run ID='%s'. Attempted logging new value '%s'.".formatted(runId, value));
      }
      return run;
    });
  }

  /** As {@link #log}, for one tag. */
  public void tag(String runId, Pair tag) {
    String value = Names.cut(tag.value(), Names.TAG_LENGTH);
    write(runId, List.of(), Map.of(), Map.of(Names.key("key", "key", tag.key()), value));
  }

  /**
   * What MLflow's store would not keep.
   *
   * @param path put before the name of a field that is wrong
   */
  private static void check(String path, Metric metric) {
    Names.key(path + "name", "Metric name", metric.key());
    if (metric.timestamp() < 0) {
      throw TrackingException.invalid(
          "Invalid value %d for parameter '%stimestamp' supplied: metric '%s' (value=%s). Timestamp must be a nonnegative long (64-bit integer) "
              .formatted(metric.timestamp(), path, metric.key(), metric.value()));
    }
  }

  private static Map<String, String> params(List<Pair> params) {
    Map<String, String> byKey = new LinkedHashMap<>();
    Set<String> twice = new LinkedHashSet<>();
    for (int i = 0; i < params.size(); i++) {
      String key = Names.key("params[" + i + "].key", "Param key", params.get(i).key());
      String value = Names.cut(params.get(i).value(), Names.PARAM_LENGTH);
      if (byKey.putIfAbsent(key, value) != null) {
        twice.add(key);
      }
    }
    if (!twice.isEmpty()) {
      throw TrackingException.invalid(
          "Duplicate parameter keys have been submitted: ['%s']. Please ensure the request contains"
                  .formatted(String.join("', '", twice))
              + " only one param value per param key.");
    }
    return byKey;
  }

  /** Of a key that comes twice, the last. */
  private static Map<String, String> tags(List<Pair> tags) {
    Map<String, String> byKey = new LinkedHashMap<>();
    for (int i = 0; i < tags.size(); i++) {
      String path = "tags[" + i + "].key";
      byKey.put(
          Names.key(path, path, tags.get(i).key()),
          Names.cut(tags.get(i).value(), Names.TAG_LENGTH));
    }
    return byKey;
  }

  /**
   * The engine's word for a step's input gives way to the step's own: 1e-3 and 0.001 are one. Gives
   * those that have another value already, with that value.
   */
  private static Map<String, String> putParams(
      Connection connection, long run, Map<String, String> params) throws SQLException {
    Map<String, String> others = new LinkedHashMap<>();
    if (params.isEmpty()) {
      return others;
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
          String present = present(connection, run, param.getKey());
          if (!present.equals(param.getValue())) {
            others.put(param.getKey(), present);
          }
        }
      }
    }
    return others;
  }

  private static String present(Connection connection, long run, String key) throws SQLException {
    return Sql.first(
            connection,
            "select value from tracking_params where run = ? and name = ?",
            row -> row.getString(1),
            run,
            key)
        .orElseThrow();
  }

  private static TrackingException changed(
      String runId, Map<String, String> params, Map<String, String> present) {
    String all =
        present.entrySet().stream()
            .limit(20)
            .map(it ->
                "{'key': '%s', 'old_value': '%s', 'new_value': '%s'}"
                    .formatted(it.getKey(), it.getValue(), params.get(it.getKey())))
            .collect(Collectors.joining(", "));
    return TrackingException.invalid(
        "Changing param values is not allowed. Params were already logged='[%s]' for run ID='%s'."
            .formatted(all, runId));
  }

  /** Writes tags, where the two that are columns of the run go. */
  static void putTags(Connection connection, long run, Map<String, String> tags)
      throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      String key = Names.key("key", "key", tag.getKey());
      String value = Names.cut(tag.getValue(), Names.TAG_LENGTH);
      switch (key) {
        case Tags.RUN_NAME -> {
          if (!value.isEmpty()) {
            rename(connection, run, value);
          }
        }
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
