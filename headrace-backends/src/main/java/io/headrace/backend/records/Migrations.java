package io.headrace.backend.records;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers which steps of which room's tables have been applied. Thread-safe. */
final class Migrations {
  private static final String NAME = "headrace_migration";
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS "
          + NAME
          + " (room TEXT NOT NULL, step INTEGER NOT NULL, applied_at TEXT NOT NULL, "
          + "PRIMARY KEY (room, step))";

  private final Database database;
  private final MetadataStore store;

  /** The last step of each room, read once for all of them; steps are never taken back. */
  private volatile @Nullable Map<String, Integer> known;

  Migrations(Database database, MetadataStore store) {
    this.database = database;
    this.store = store;
  }

  void migrate(String room, List<List<String>> steps) {
    var applied = known;
    if (applied == null) {
      applied = store.read(this::appliedToAll);
      known = applied;
    }
    int last = applied.getOrDefault(room, 0);
    if (last < steps.size()) {
      // Another process may do the same: they take turns, and the second finds it done.
      store.writeNow(connection -> bringUpToDate(connection, room, steps));
    } else if (last > steps.size()) {
      throw newer(room, last, steps.size());
    }
  }

  private boolean bringUpToDate(Connection connection, String room, List<List<String>> steps)
      throws SQLException {
    if (!database.hasTable(connection, NAME)) {
      database.define(connection, TABLE);
    }
    int last = appliedTo(connection, room);
    if (last > steps.size()) {
      throw newer(room, last, steps.size());
    }
    for (int step = last + 1; step <= steps.size(); step++) {
      for (var sql : steps.get(step - 1)) {
        database.define(connection, sql);
      }
      remember(connection, room, step);
    }
    return last < steps.size();
  }

  private static void remember(Connection connection, String room, int step) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO headrace_migration (room, step, applied_at) VALUES (?, ?, ?)")) {
      insert.setString(1, room);
      insert.setInt(2, step);
      insert.setString(3, Instant.now().toString());
      insert.executeUpdate();
    }
  }

  private static int appliedTo(Connection connection, String room) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT COALESCE(MAX(step), 0) FROM headrace_migration WHERE room = ?")) {
      select.setString(1, room);
      try (var rows = select.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  private Map<String, Integer> appliedToAll(Connection connection) throws SQLException {
    var last = new HashMap<String, Integer>();
    if (!database.hasTable(connection, NAME)) {
      return last;
    }
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT room, MAX(step) FROM headrace_migration GROUP BY room")) {
      while (rows.next()) {
        last.put(rows.getString(1), rows.getInt(2));
      }
    }
    return last;
  }

  private ProblemException newer(String room, int theirs, int ours) {
    return Problem.of(
            ErrorCode.RECORDS,
            database.title()
                + " were written by a newer Headrace: its '"
                + room
                + "' tables are at step "
                + theirs
                + ", this one knows "
                + ours)
        .fix("use that newer version, or another workspace (--workspace DIR)")
        .asException();
  }
}
