package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.run.JobStatus;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import io.headrace.spi.RunProjection;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Shows what the engine does as MLflow runs: a pipeline is a parent, each step that began is a
 * child of it. The same event twice changes nothing more. Thread-safe.
 *
 * <p>A reused step is a run of its own that shows the params and latest metrics of the run whose
 * result was given, and its artifacts; the tag {@code headrace.reused_from} names that run.
 */
public final class RunTracking implements RunProjection {
  @Override
  public void apply(Connection connection, RunEvent event) throws SQLException {
    switch (event) {
      case RunEvent.Created created -> create(connection, created);
      case RunEvent.StepStarted started -> start(connection, started);
      case RunEvent.StepReused reused -> reuse(connection, reused);
      case RunEvent.StepSucceeded it -> succeed(connection, it);
      case RunEvent.StepFailed failed -> fail(connection, failed);
      case RunEvent.StepCanceled canceled ->
          end(connection, canceled.child(), Status.KILLED, canceled.at(), Optional.empty());
      case RunEvent.StepSkipped _ -> {
        // It never began: there is no run to show.
      }
      case RunEvent.GroupOpened opened ->
          child(
              connection,
              opened,
              opened.child(),
              opened.parent(),
              opened.displayName(),
              Map.of(Tags.STEP, opened.step().value()),
              Map.of());
      case RunEvent.GroupClosed closed ->
          end(connection, closed.child(), status(closed.state()), closed.at(), Optional.empty());
      case RunEvent.Ended ended ->
          end(connection, ended.run(), status(ended.status()), ended.at(), Optional.empty());
    }
  }

  private static Status status(RunStatus status) {
    return switch (status) {
      case RUNNING -> Status.RUNNING;
      case COMPLETED -> Status.FINISHED;
      case FAILED -> Status.FAILED;
      case CANCELED -> Status.KILLED;
    };
  }

  private static Status status(StepState state) {
    return switch (state) {
      case PLANNED, RUNNING -> Status.RUNNING;
      case SUCCEEDED, REUSED -> Status.FINISHED;
      case FAILED -> Status.FAILED;
      case CANCELED, SKIPPED -> Status.KILLED;
    };
  }

  private static void create(Connection connection, RunEvent.Created created) throws SQLException {
    long now = created.at().toEpochMilli();
    long experiment = Experiments.demand(connection, created.experiment(), now);
    long number = Sql.next(connection, "tracking_runs", "number");
    String name = created.displayName().isEmpty() ? created.run().value() : created.displayName();
    if (!Runs.insert(
        connection,
        number,
        created.run().value(),
        experiment,
        "",
        Names.cut(name, Names.KEY_LENGTH),
        created.user(),
        now)) {
      return;
    }
    Map<String, String> tags = new LinkedHashMap<>(created.tags());
    putIfTold(tags, Tags.USER, created.user());
    putIfTold(tags, Tags.SOURCE_NAME, created.source());
    putIfTold(tags, Tags.SOURCE_TYPE, "JOB");
    putIfTold(tags, Tags.NOTE, created.description());
    putTags(connection, number, tags);
    giveParams(connection, number, created.parameters());
  }

  private static void putIfTold(Map<String, String> tags, String key, String value) {
    if (!value.isEmpty()) {
      tags.putIfAbsent(key, value);
    }
  }

  /** The user's own keys were accepted with the job: they are kept even where MLflow's differ. */
  private static void putTags(Connection connection, long run, Map<String, String> tags)
      throws SQLException {
    putPairs(
        connection,
        "insert into tracking_tags (run, name, value) values (?, ?, ?) on conflict do nothing",
        run,
        tags,
        Names.TAG_LENGTH);
  }

  /** The step's inputs as params, until it logs some of them itself. */
  private static void giveParams(Connection connection, long run, Map<String, String> params)
      throws SQLException {
    putPairs(
        connection,
        "insert into tracking_params (run, name, value, given) values (?, ?, ?, 1)"
            + " on conflict do nothing",
        run,
        params,
        Names.PARAM_LENGTH);
  }

  private static void putPairs(
      Connection connection, String sql, long run, Map<String, String> pairs, int most)
      throws SQLException {
    if (pairs.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        if (!pair.getKey().equals(Tags.RUN_NAME) && !pair.getKey().equals(Tags.PARENT)) {
          Sql.bind(insert, run, pair.getKey(), Names.cut(pair.getValue(), most));
          insert.executeUpdate();
        }
      }
    }
  }

  private static void start(Connection connection, RunEvent.StepStarted started)
      throws SQLException {
    var tags = new LinkedHashMap<String, String>();
    tags.put(Tags.STEP, started.step().value());
    started.services().forEach((name, endpoint) -> tags.put(Tags.SERVICE + name, endpoint));
    child(
        connection,
        started,
        started.child(),
        started.parent(),
        started.displayName(),
        tags,
        started.parameters());
  }

  /**
   * The step's run, running: made unless it is there, as it is for a job of a single step, which is
   * its own child.
   */
  private static long child(
      Connection connection,
      RunEvent.StepEvent event,
      RunId child,
      RunId parent,
      String displayName,
      Map<String, String> tags,
      Map<String, String> parameters)
      throws SQLException {
    Optional<Long> known = number(connection, child.value());
    long number;
    if (known.isPresent()) {
      number = known.get();
      Sql.update(
          connection,
          "update tracking_runs set status = 'RUNNING', ended = null where number = ?",
          number);
    } else {
      number = insertChild(connection, event, child, parent, displayName);
    }
    putTags(connection, number, tags);
    giveParams(connection, number, parameters);
    return number;
  }

  private static Optional<Long> number(Connection connection, String runId) throws SQLException {
    return Sql.first(
        connection,
        "select number from tracking_runs where run_id = ?",
        row -> row.getLong(1),
        runId);
  }

  private static long insertChild(
      Connection connection,
      RunEvent.StepEvent event,
      RunId child,
      RunId parent,
      String displayName)
      throws SQLException {
    String name = displayName.isEmpty() ? event.step().value() : displayName;
    long number = Sql.next(connection, "tracking_runs", "number");
    Sql.update(
        connection,
        """
        insert into tracking_runs (number, run_id, experiment, parent, name, user_id, status,
          started, ended, lifecycle, with_experiment, manifest, reused_from)
        select ?, ?, p.experiment, p.run_id, ?, p.user_id, 'RUNNING', ?, null, 'active', 0, '', ''
        from tracking_runs p where p.run_id = ?\
        """,
        number,
        child.value(),
        Names.cut(name, Names.KEY_LENGTH),
        event.at().toEpochMilli(),
        parent.value());
    return number;
  }

  private static void reuse(Connection connection, RunEvent.StepReused reused) throws SQLException {
    String from = reused.from().value();
    long number =
        child(
            connection,
            reused,
            reused.child(),
            reused.parent(),
            reused.displayName(),
            Map.of(Tags.STEP, reused.step().value(), Tags.REUSED_FROM, from),
            reused.parameters());
    Optional<RunRow> origin =
        Sql.first(connection, RunRow.COLUMNS + "where r.run_id = ?", RunRow::read, from);
    if (origin.isPresent()) {
      copyLogged(connection, origin.get().number(), number);
      showArtifacts(connection, origin.get(), number);
    }
    end(connection, reused.child(), Status.FINISHED, reused.at(), Optional.empty());
  }

  private static void copyLogged(Connection connection, long from, long to) throws SQLException {
    Sql.update(
        connection,
        """
        insert into tracking_params (run, name, value, given)
        select ?, name, value, given from tracking_params where run = ?
        on conflict (run, name) do update set value = excluded.value, given = excluded.given
        where tracking_params.given = 1\
        """,
        to,
        from);
    if (has(connection, "select 1 from tracking_metrics where run = ?", from)
        && !has(connection, "select 1 from tracking_metrics where run = ?", to)) {
      copyMetrics(connection, from, to);
    }
  }

  private static boolean has(Connection connection, String sql, long run) throws SQLException {
    return Sql.first(connection, sql + " limit 1", row -> row.getLong(1), run).isPresent();
  }

  private static void copyMetrics(Connection connection, long from, long to) throws SQLException {
    long base = Sql.next(connection, "tracking_metrics", "series") - 1;
    Sql.update(
        connection,
        "insert into tracking_metrics (series, run, name, value, is_nan, logged_at, step)"
            + " select ? + row_number() over (order by name), ?, name, value, is_nan, logged_at, step"
            + " from tracking_metrics where run = ?",
        base,
        to,
        from);
    Sql.update(
        connection,
        "insert into tracking_points (series, logged_at, step, value, is_nan)"
            + " select series, logged_at, step, value, is_nan from tracking_metrics where run = ?",
        to);
  }

  /** Where the origin was itself reused, its own origin is named: a list never leads on. */
  private static void showArtifacts(Connection connection, RunRow origin, long to)
      throws SQLException {
    Sql.update(
        connection,
        "update tracking_runs set reused_from = ?, manifest = ? where number = ?",
        origin.reusedFrom().isEmpty() ? origin.info().runId() : origin.reusedFrom(),
        origin.manifest(),
        to);
  }

  private static void succeed(Connection connection, RunEvent.StepSucceeded it)
      throws SQLException {
    String manifest = it.artifacts().map(Digest::hex).orElse("");
    Sql.update(
        connection,
        "update tracking_runs set status = ?, started = ?, ended = ?,"
            + " manifest = case when ? = '' then manifest else ? end where run_id = ?",
        Status.FINISHED.name(),
        it.started().toEpochMilli(),
        it.at().toEpochMilli(),
        manifest,
        manifest,
        it.child().value());
  }

  private static void fail(Connection connection, RunEvent.StepFailed failed) throws SQLException {
    Status status = failed.cause() == JobStatus.Cause.CANCELED ? Status.KILLED : Status.FAILED;
    end(connection, failed.child(), status, failed.at(), failed.artifacts());
    Optional<Long> number = number(connection, failed.child().value());
    if (number.isPresent()) {
      RunLog.putTag(
          connection, number.get(), Tags.MESSAGE, Names.cut(failed.message(), Names.TAG_LENGTH));
    }
  }

  private static void end(
      Connection connection, RunId run, Status status, Instant at, Optional<Digest> artifacts)
      throws SQLException {
    Sql.update(
        connection,
        "update tracking_runs set status = ?, ended = ?,"
            + " manifest = case when ? = '' then manifest else ? end where run_id = ?",
        status.name(),
        at.toEpochMilli(),
        artifacts.map(Digest::hex).orElse(""),
        artifacts.map(Digest::hex).orElse(""),
        run.value());
  }
}
