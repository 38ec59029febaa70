package io.headrace.backend.sqlite;

import io.headrace.backend.records.Database;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** SQLite, as the writer and the readers see it. The connection cannot be lost: it is a file. */
record SqliteDatabase(SqliteFile file) implements Database {
  @Override
  public String title() {
    return "the records in " + file.path();
  }

  @Override
  public Connection forWriting() throws SQLException {
    return inTurn(file::forWriting); // a file that another makes just now is locked too
  }

  @Override
  public Connection forReading() throws SQLException {
    return file.forReading();
  }

  @Override
  public String begin(Connection connection) throws SQLException {
    return inTurn(() -> {
      SqliteFile.run(connection, "BEGIN IMMEDIATE");
      return "";
    });
  }

  /** What another process may hold up. */
  @FunctionalInterface
  private interface Turn<T> {
    T take() throws SQLException;
  }

  private static <T> T inTurn(Turn<T> turn) throws SQLException {
    long deadline = System.nanoTime() + SqliteFile.PATIENCE.toNanos();
    while (true) {
      try {
        return turn.take();
      } catch (SQLException e) {
        if (!SqliteFile.isBusy(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
    }
  }

  @Override
  public void beginReading(Connection connection) throws SQLException {
    SqliteFile.run(connection, "BEGIN");
  }

  @Override
  public void endReading(Connection connection) throws SQLException {
    SqliteFile.run(connection, "ROLLBACK");
  }

  @Override
  public void run(Connection connection, String sql) throws SQLException {
    SqliteFile.run(connection, sql);
  }

  @Override
  public void requireSound(Connection connection) {
    // A failed statement is undone by itself.
  }

  @Override
  public Optional<ProblemException> fault(SQLException e) {
    return SqliteFaults.of(file, e);
  }

  @Override
  public ProblemException ofRead(SQLException e) {
    return SqliteFaults.ofRead(file, e);
  }

  @Override
  public ProblemException refused(SQLException e) {
    return SqliteFaults.refused(e);
  }

  @Override
  public boolean isLost(SQLException e) {
    return false;
  }

  @Override
  public boolean hasCommitted(Connection connection, String transaction) {
    throw new IllegalStateException("a commit to a file is always answered");
  }

  @Override
  public boolean hasTable(Connection connection, String name) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")) {
      select.setString(1, name);
      try (var rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  @Override
  public void define(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Override
  public void erase() {
    SqliteErasure.of(file);
  }

  @Override
  public void snapshot(Path target) {
    SqliteSnapshot.of(file, target);
  }
}
