package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The models that runs wrote down. A deleted one is found no more. Thread-safe. */
public final class LoggedModels {
  static final String COLUMNS =
      """
      select m.number, m.model_id, m.experiment, m.name, m.model_type, m.source_run, m.status,
             m.status_message, m.created, m.updated, e.location
      from tracking_models m join tracking_experiments e on e.id = m.experiment
      """;

  private static final String VERSIONS_TAG = "mlflow.modelVersions";

  private final MetadataStore store;
  private final InstantSource clock;

  LoggedModels(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What a new model is to be.
   *
   * @param name empty for a random one
   */
  public record NewModel(
      String experimentId,
      String name,
      String type,
      String sourceRunId,
      Map<String, String> params,
      Map<String, String> tags) {}

  /** Makes a model that is PENDING. Not idempotent. */
  public LoggedModel create(NewModel wanted) {
    long experiment = Names.experimentId(wanted.experimentId());
    String name = wanted.name().isEmpty() ? RandomName.next() : Names.modelName(wanted.name());
    String id = "m-" + UUID.randomUUID().toString().replace("-", "");
    long now = clock.millis();
    return store.writeNow(connection -> {
      Experiments.requireActive(connection, experiment);
      long number = Sql.next(connection, "tracking_models", "number");
      Sql.update(
          connection,
          "insert into tracking_models values (?, ?, ?, ?, ?, ?, 'PENDING', '', ?, ?, 'active')",
          number,
          id,
          experiment,
          name,
          Names.atMost("model_type", wanted.type(), 500),
          wanted.sourceRunId().isEmpty() ? "" : Names.runId(wanted.sourceRunId()),
          now,
          now);
      putParams(connection, number, wanted.params());
      putTags(connection, number, wanted.tags());
      return find(connection, id);
    });
  }

  /**
   * Notes in the tag {@code mlflow.modelVersions}, a JSON list, that a model was registered, within
   * the transaction that registers it.
   */
  public static void noteVersion(Connection connection, String id, String name, long version)
      throws SQLException {
    long number = require(connection, id);
    String noted =
        Sql.first(
                connection,
                "select value from tracking_model_tags where model = ? and name = ?",
                row -> row.getString(1),
                number,
                VERSIONS_TAG)
            .filter(it -> it.startsWith("[{") && it.endsWith("}]"))
            .map(it -> it.substring(0, it.length() - 1) + ", ")
            .orElse("[");
    String one =
        "{\"name\": \"%s\", \"version\": %d}]"
            .formatted(name.replace("\\", "\\\\").replace("\"", "\\\""), version);
    putTags(connection, number, Map.of(VERSIONS_TAG, noted + one));
  }

  public LoggedModel get(String id) {
    return store.read(connection -> find(connection, id));
  }

  /** As {@link #get}, but also finds one that was deleted. */
  public LoggedModel getEvenDeleted(String id) {
    return store.read(connection ->
        Sql.first(connection, COLUMNS + "where m.model_id = ?", row -> whole(connection, row), id)
            .orElseThrow(() -> missing(id)));
  }

  /** Says whether the model's files are all there. */
  public LoggedModel finish(String id, LoggedModel.State state) {
    return change(
        id,
        (connection, number) ->
            Sql.update(
                connection,
                "update tracking_models set status = ? where number = ?",
                state.name(),
                number));
  }

  /** Adds params; one that is there keeps its value. */
  public void addParams(String id, Map<String, String> params) {
    change(id, (connection, number) -> putParams(connection, number, params));
  }

  public LoggedModel setTags(String id, Map<String, String> tags) {
    return change(id, (connection, number) -> putTags(connection, number, tags));
  }

  public LoggedModel deleteTag(String id, String key) {
    return change(
        id,
        (connection, number) -> {
          int gone =
              Sql.update(
                  connection,
                  "delete from tracking_model_tags where model = ? and name = ?",
                  number,
                  key);
          if (gone == 0) {
            throw TrackingException.notFound(
                "No tag with key '%s' found for model with ID '%s'."
                    .formatted(Names.visible(key), id));
          }
        });
  }

  /** Puts a model aside; again changes nothing. */
  public void delete(String id) {
    long now = clock.millis();
    store.writeNow(connection -> {
      int found =
          Sql.update(
              connection,
              """
              update tracking_models set lifecycle = 'deleted',
                updated = case when lifecycle = 'deleted' then updated else ? end
              where model_id = ?\
              """,
              now,
              id);
      if (found == 0) {
        throw missing(id);
      }
      return found;
    });
  }

  /** A write to one model. */
  @FunctionalInterface
  private interface ModelChange {
    void apply(Connection connection, long number) throws SQLException;
  }

  private LoggedModel change(String id, ModelChange what) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      long number = require(connection, id);
      what.apply(connection, number);
      Sql.update(
          connection, "update tracking_models set updated = ? where number = ?", now, number);
      return find(connection, id);
    });
  }

  private static void putParams(Connection connection, long number, Map<String, String> params)
      throws SQLException {
    for (Map.Entry<String, String> param : params.entrySet()) {
      Sql.update(
          connection,
          "insert into tracking_model_params values (?, ?, ?) on conflict do nothing",
          number,
          Names.atMost("param_key", param.getKey(), Names.MODEL_KEY_LENGTH),
          Names.cut(param.getValue(), Names.PARAM_LENGTH));
    }
  }

  private static void putTags(Connection connection, long number, Map<String, String> tags)
      throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      Sql.update(
          connection,
          "insert into tracking_model_tags values (?, ?, ?)"
              + " on conflict (model, name) do update set value = excluded.value",
          number,
          Names.atMost("tag_key", tag.getKey(), Names.MODEL_KEY_LENGTH),
          Names.cut(tag.getValue(), Names.TAG_LENGTH));
    }
  }

  /** The number of a model that is not deleted. */
  static long require(Connection connection, String id) throws SQLException {
    return Sql.first(
            connection,
            "select number from tracking_models where model_id = ? and lifecycle = 'active'",
            row -> row.getLong(1),
            id)
        .orElseThrow(() -> missing(id));
  }

  private static TrackingException missing(String id) {
    return TrackingException.notFound(
        "Logged model with ID '" + Names.visible(Names.cut(id, 250)) + "' not found.");
  }

  private static LoggedModel find(Connection connection, String id) throws SQLException {
    return Sql.first(
            connection,
            COLUMNS + "where m.model_id = ? and m.lifecycle = 'active'",
            row -> whole(connection, row),
            id)
        .orElseThrow(() -> missing(id));
  }

  /** The model in the row, with what was logged to it. */
  static LoggedModel whole(Connection connection, ResultSet row) throws SQLException {
    long number = row.getLong(1);
    Map<String, String> params = new LinkedHashMap<>();
    Map<String, String> tags = new LinkedHashMap<>();
    List<LoggedModel.Measured> metrics = new ArrayList<>();
    Sql.each(
        connection,
        "select name, value from tracking_model_params where model = ? order by name",
        param -> params.put(param.getString(1), param.getString(2)),
        number);
    Sql.each(
        connection,
        "select name, value from tracking_model_tags where model = ? order by name",
        tag -> tags.put(tag.getString(1), tag.getString(2)),
        number);
    String id = row.getString(2);
    Sql.each(
        connection,
        "select run_id, name, value, is_nan, logged_at, step, dataset_name, dataset_digest"
            + " from tracking_model_metrics where model = ? order by name, run_id, dataset_name",
        metric -> metrics.add(measured(id, metric)),
        number);
    return new LoggedModel(
        id,
        Long.toString(row.getLong(3)),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        LoggedModel.State.valueOf(row.getString(7)),
        row.getString(8),
        RunRow.join(row.getString(11), "models/" + id + "/artifacts"),
        row.getLong(9),
        row.getLong(10),
        params,
        tags,
        metrics);
  }

  private static LoggedModel.Measured measured(String id, ResultSet row) throws SQLException {
    Metric point = RunReader.metric(row);
    Metric.Subject subject = new Metric.Subject(id, row.getString(7), row.getString(8));
    return new LoggedModel.Measured(
        new Metric(
            point.key(),
            point.value(),
            point.timestamp(),
            point.step(),
            java.util.Optional.of(subject)),
        row.getString(1));
  }
}
