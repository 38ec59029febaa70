package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.RunProjection;
import io.headrace.sql.Sql;
import io.headrace.sql.SqlPart;
import io.headrace.sql.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The engine's records: each run's events, the results that may be given again, and why each step
 * was run.
 *
 * <p>Thread-safe. An event and all that follows from it (the run's state, the result, the
 * projections) are written in one transaction; when the future that an append gives completes, they
 * are durable.
 */
public final class Ledger {
  private static final List<List<String>> TABLES =
      List.of(
          List.of(
              """
              CREATE TABLE run (
                run_id TEXT PRIMARY KEY,
                created_ms BIGINT NOT NULL,
                ended_ms BIGINT,
                status TEXT NOT NULL,
                display_name TEXT NOT NULL,
                experiment TEXT NOT NULL,
                source TEXT NOT NULL,
                plan TEXT NOT NULL,
                message TEXT NOT NULL)
              """,
              "CREATE INDEX run_by_time ON run (created_ms, run_id)",
              "CREATE INDEX run_open ON run (status, source)",
              """
              CREATE TABLE run_event (
                run_id TEXT NOT NULL,
                seq BIGINT NOT NULL,
                at_ms BIGINT NOT NULL,
                type TEXT NOT NULL,
                step TEXT,
                body TEXT NOT NULL,
                PRIMARY KEY (run_id, seq))
              """,
              """
              CREATE TABLE step_result (
                step_key TEXT PRIMARY KEY,
                child_id TEXT NOT NULL,
                outputs TEXT NOT NULL)
              """,
              "CREATE TABLE step_recipe (step_key TEXT PRIMARY KEY, recipe TEXT NOT NULL)",
              """
              CREATE TABLE step_last (
                source TEXT NOT NULL,
                step TEXT NOT NULL,
                step_key TEXT NOT NULL,
                PRIMARY KEY (source, step))
              """,
              """
              CREATE TABLE step_decision (
                run_id TEXT NOT NULL,
                step TEXT NOT NULL,
                reason TEXT NOT NULL,
                step_key TEXT NOT NULL,
                previous_key TEXT,
                from_child TEXT,
                PRIMARY KEY (run_id, step))
              """));

  private final MetadataStore records;
  private final List<RunProjection> projections;

  /**
   * Opens the records, making their tables when they are not there.
   *
   * @param projections told each event within the transaction that writes it, in this order
   */
  public Ledger(MetadataStore records, List<RunProjection> projections) {
    this.records = records;
    this.projections = List.copyOf(projections);
    records.migrate("engine", TABLES);
  }

  /** What to write beside an event about a step. */
  record StepNote(String source, StepId step, Decision decision, String recipe) {}

  /**
   * Appends one event. {@code seq} counts a run's events from 0 without gaps; its one engine keeps
   * the count.
   */
  CompletableFuture<RunEvent> append(long seq, RunEvent event) {
    return records.write(connection -> {
      write(connection, seq, event);
      return event;
    });
  }

  /** Appends a run's first event, and tells the projections what it is to do. */
  CompletableFuture<RunEvent> append(RunEvent.Created event, io.headrace.plan.Plan plan) {
    return records.write(connection -> {
      write(connection, 0, event);
      for (var projection : projections) {
        projection.planned(connection, event.run(), plan);
      }
      return event;
    });
  }

  /** Why the outputs of a step may not count, when a projection objects. */
  Optional<String> objection(
      RunId run, StepId step, Map<String, io.headrace.run.OutputData> outputs) {
    return records.read(connection -> {
      for (var projection : projections) {
        var objection = projection.objection(connection, run, step, outputs);
        if (objection.isPresent()) {
          return objection;
        }
      }
      return Optional.<String>empty();
    });
  }

  /** Appends the events that say what became of a step, with the reason. */
  CompletableFuture<RunEvent> append(long seq, RunEvent event, StepNote note) {
    return records.write(connection -> {
      write(connection, seq, event);
      note(connection, event.run(), note);
      return event;
    });
  }

  private void write(Connection connection, long seq, RunEvent event) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO run_event (run_id, seq, at_ms, type, step, body) VALUES (?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, event.run().value());
      insert.setLong(2, seq);
      insert.setLong(3, event.at().toEpochMilli());
      insert.setString(4, EventText.type(event));
      insert.setString(5, event instanceof RunEvent.StepEvent about ? about.step().value() : null);
      insert.setString(6, EventText.body(event));
      insert.executeUpdate();
    }
    switch (event) {
      case RunEvent.Created it -> insertRun(connection, it);
      case RunEvent.Ended it -> endRun(connection, it);
      case RunEvent.StepSucceeded it -> keepResult(connection, it);
      case RunEvent.StepStarted _,
          RunEvent.StepReused _,
          RunEvent.StepFailed _,
          RunEvent.StepCanceled _,
          RunEvent.StepSkipped _,
          RunEvent.GroupOpened _,
          RunEvent.GroupClosed _ -> {}
    }
    for (var projection : projections) {
      projection.apply(connection, event);
    }
  }

  private static void insertRun(Connection connection, RunEvent.Created run) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO run (run_id, created_ms, status, display_name, experiment, source, plan, message)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, '')")) {
      insert.setString(1, run.run().value());
      insert.setLong(2, run.at().toEpochMilli());
      insert.setString(3, RunStatus.RUNNING.name());
      insert.setString(4, run.displayName());
      insert.setString(5, run.experiment());
      insert.setString(6, run.source());
      insert.setString(7, run.plan().hex());
      insert.executeUpdate();
    }
  }

  private static void endRun(Connection connection, RunEvent.Ended end) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE run SET status = ?, ended_ms = ?, message = ? WHERE run_id = ?")) {
      update.setString(1, end.status().name());
      update.setLong(2, end.at().toEpochMilli());
      update.setString(3, end.message());
      update.setString(4, end.run().value());
      update.executeUpdate();
    }
  }

  private static void keepResult(Connection connection, RunEvent.StepSucceeded step)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO step_result (step_key, child_id, outputs) VALUES (?, ?, ?)"
                + " ON CONFLICT (step_key) DO UPDATE SET"
                + " child_id = excluded.child_id, outputs = excluded.outputs")) {
      insert.setString(1, step.key().hex());
      insert.setString(2, step.child().value());
      insert.setString(3, EventText.outputsText(step.outputs()));
      insert.executeUpdate();
    }
  }

  private static void note(Connection connection, RunId run, StepNote note) throws SQLException {
    var decision = note.decision();
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO step_decision (run_id, step, reason, step_key, previous_key, from_child)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, step) DO NOTHING")) {
      insert.setString(1, run.value());
      insert.setString(2, note.step().value());
      insert.setString(3, decision.reason().text());
      insert.setString(4, decision.key().hex());
      insert.setString(5, decision.previous().map(Digest::hex).orElse(null));
      insert.setString(6, decision.from().map(RunId::value).orElse(null));
      insert.executeUpdate();
    }
    if (decision.previous().isPresent() && decision.previous().get().equals(decision.key())) {
      return;
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO step_recipe (step_key, recipe) VALUES (?, ?)"
                + " ON CONFLICT (step_key) DO NOTHING")) {
      insert.setString(1, decision.key().hex());
      insert.setString(2, note.recipe());
      insert.executeUpdate();
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO step_last (source, step, step_key) VALUES (?, ?, ?)"
                + " ON CONFLICT (source, step) DO UPDATE SET step_key = excluded.step_key")) {
      insert.setString(1, note.source());
      insert.setString(2, note.step().value());
      insert.setString(3, decision.key().hex());
      insert.executeUpdate();
    }
  }

  /** The results there are for these keys. */
  Map<Digest, Result> results(Collection<Digest> keys) {
    return records.read(connection -> {
      var found = new HashMap<Digest, Result>();
      try (var select =
          connection.prepareStatement(
              "SELECT child_id, outputs FROM step_result WHERE step_key = ?")) {
        for (var key : keys) {
          select.setString(1, key.hex());
          try (var rows = select.executeQuery()) {
            if (rows.next()) {
              found.put(
                  key,
                  new Result(
                      new RunId(rows.getString(1)), EventText.parseOutputs(rows.getString(2))));
            }
          }
        }
      }
      return found;
    });
  }

  /** The keys that the steps of a file had the last time they were looked at. */
  Map<StepId, Digest> lastKeys(String source) {
    return records.read(connection -> {
      var keys = new HashMap<StepId, Digest>();
      try (var select =
          connection.prepareStatement("SELECT step, step_key FROM step_last WHERE source = ?")) {
        select.setString(1, source);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            keys.put(new StepId(rows.getString(1)), new Digest(rows.getString(2)));
          }
        }
      }
      return keys;
    });
  }

  /** The recipe behind a key, when it is known. */
  Optional<StepRecipe> recipe(Digest key) {
    return records.read(connection -> {
      try (var select =
          connection.prepareStatement("SELECT recipe FROM step_recipe WHERE step_key = ?")) {
        select.setString(1, key.hex());
        try (var rows = select.executeQuery()) {
          return rows.next()
              ? Optional.of(StepRecipe.parse(rows.getString(1)))
              : Optional.<StepRecipe>empty();
        }
      }
    });
  }

  /** Why a step of a run was run or not. */
  Optional<Decision> decision(RunId run, StepId step) {
    return records.read(connection -> {
      try (var select =
          connection.prepareStatement(
              "SELECT reason, step_key, previous_key, from_child FROM step_decision"
                  + " WHERE run_id = ? AND step = ?")) {
        select.setString(1, run.value());
        select.setString(2, step.value());
        try (var rows = select.executeQuery()) {
          return rows.next() ? Optional.of(decision(rows)) : Optional.<Decision>empty();
        }
      }
    });
  }

  private static Decision decision(ResultSet rows) throws SQLException {
    var previous = rows.getString(3);
    var from = rows.getString(4);
    return new Decision(
        Decision.Reason.parse(rows.getString(1)),
        new Digest(rows.getString(2)),
        previous == null ? Optional.empty() : Optional.of(new Digest(previous)),
        from == null ? Optional.empty() : Optional.of(new RunId(from)));
  }

  /**
   * A run's row.
   *
   * @param ended empty while it is not known to have ended
   */
  public record RunRow(
      RunId id,
      Instant created,
      Optional<Instant> ended,
      RunStatus status,
      String displayName,
      String experiment,
      String source,
      Digest plan,
      String message) {}

  private static final String RUN_COLUMNS =
      "SELECT run_id, created_ms, ended_ms, status, display_name, experiment, source, plan, message"
          + " FROM run ";

  /** One run. */
  public Optional<RunRow> run(RunId id) {
    return records.read(connection -> {
      try (var select = connection.prepareStatement(RUN_COLUMNS + "WHERE run_id = ?")) {
        select.setString(1, id.value());
        return rows(select).stream().findFirst();
      }
    });
  }

  /**
   * The newest runs.
   *
   * @param before gives those that come after it, for a next page
   * @param among a question whose answers are the ids of the runs that may be seen; empty for all
   */
  public List<RunRow> runs(int most, Optional<RunRow> before, Optional<SqlPart> among) {
    return records.read(connection -> {
      var query = new SqlText(connection);
      query.add(RUN_COLUMNS + "WHERE 1 = 1");
      before.ifPresent(row ->
          query.add(
              " AND (created_ms < ? OR (created_ms = ? AND run_id < ?))",
              row.created().toEpochMilli(),
              row.created().toEpochMilli(),
              row.id().value()));
      among.ifPresent(
          part -> query.add(" AND run_id IN (" + part.sql() + ")", part.values().toArray()));
      query.add(" ORDER BY created_ms DESC, run_id DESC LIMIT ?", (long) most);
      try (var select = connection.prepareStatement(query.sql())) {
        Sql.bind(select, query.values());
        return rows(select);
      }
    });
  }

  /** The newest of all runs. */
  public List<RunRow> runs(int most, Optional<RunRow> before) {
    return runs(most, before, Optional.empty());
  }

  /** How many runs there are in each state. */
  public Map<RunStatus, Long> counts() {
    return records.read(connection -> {
      var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
      Sql.each(
          connection,
          "SELECT status, COUNT(*) FROM run GROUP BY status",
          row -> counts.put(RunStatus.valueOf(row.getString(1)), row.getLong(2)));
      return counts;
    });
  }

  /**
   * The runs that have not ended as far as the records say, the newest first; alive or interrupted.
   */
  public List<RunRow> open() {
    return records.read(connection -> {
      try (var select =
          connection.prepareStatement(
              RUN_COLUMNS + "WHERE status = ? ORDER BY created_ms DESC, run_id DESC")) {
        select.setString(1, RunStatus.RUNNING.name());
        return rows(select);
      }
    });
  }

  private static List<RunRow> rows(PreparedStatement select) throws SQLException {
    var found = new ArrayList<RunRow>();
    try (var rows = select.executeQuery()) {
      while (rows.next()) {
        long ended = rows.getLong(3);
        found.add(
            new RunRow(
                new RunId(rows.getString(1)),
                Instant.ofEpochMilli(rows.getLong(2)),
                ended == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                RunStatus.valueOf(rows.getString(4)),
                rows.getString(5),
                rows.getString(6),
                rows.getString(7),
                new Digest(rows.getString(8)),
                rows.getString(9)));
      }
    }
    return found;
  }

  /** A run's events from number {@code from} on, in order. */
  public List<RunEvent> events(RunId run, long from) {
    return records.read(connection -> {
      var events = new ArrayList<RunEvent>();
      try (var select =
          connection.prepareStatement(
              "SELECT at_ms, type, step, body FROM run_event WHERE run_id = ? AND seq >= ?"
                  + " ORDER BY seq")) {
        select.setString(1, run.value());
        select.setLong(2, from);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            var step = rows.getString(3);
            events.add(
                EventText.parse(
                    run,
                    Instant.ofEpochMilli(rows.getLong(1)),
                    rows.getString(2),
                    step == null ? Optional.empty() : Optional.of(new StepId(step)),
                    rows.getString(4)));
          }
        }
      }
      return events;
    });
  }

  /** Every object that a result or an event names, for the checker: what each is, by digest. */
  public Map<Digest, List<String>> dependents() {
    return records.read(connection -> {
      var found = new HashMap<Digest, List<String>>();
      try (var select =
              connection.prepareStatement(
                  "SELECT run_id, at_ms, type, step, body FROM run_event"
                      + " WHERE type IN ('created', 'succeeded')");
          var rows = select.executeQuery()) {
        while (rows.next()) {
          var run = new RunId(rows.getString(1));
          var step = rows.getString(4);
          var event =
              EventText.parse(
                  run,
                  Instant.ofEpochMilli(rows.getLong(2)),
                  rows.getString(3),
                  step == null ? Optional.empty() : Optional.of(new StepId(step)),
                  rows.getString(5));
          dependents(event, found);
        }
      }
      return found;
    });
  }

  private static void dependents(RunEvent event, Map<Digest, List<String>> found) {
    switch (event) {
      case RunEvent.Created it -> add(found, it.plan(), "plan of run " + it.run());
      case RunEvent.StepSucceeded it -> {
        it.outputs()
            .forEach((name, data) ->
                add(
                    found,
                    data.digest(),
                    "output " + name + " of step " + it.step() + ", run " + it.run()));
        it.artifacts()
            .ifPresent(d -> add(found, d, "artifacts of step " + it.step() + ", run " + it.run()));
      }
      case RunEvent.GroupClosed it ->
          it.outputs()
              .forEach((name, data) ->
                  add(
                      found,
                      data.digest(),
                      "output " + name + " of " + it.step() + ", run " + it.run()));
      case RunEvent.StepStarted _,
          RunEvent.StepReused _,
          RunEvent.StepFailed _,
          RunEvent.StepCanceled _,
          RunEvent.StepSkipped _,
          RunEvent.GroupOpened _,
          RunEvent.Ended _ -> {}
    }
  }

  private static void add(Map<Digest, List<String>> found, Digest digest, String what) {
    found.computeIfAbsent(digest, _ -> new ArrayList<>()).add(what);
  }

  /** Waits for all that was appended before. */
  public void sync() {
    records.writeNow(_ -> true);
  }
}
