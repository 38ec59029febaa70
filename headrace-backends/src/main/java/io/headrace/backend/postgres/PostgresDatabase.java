package io.headrace.backend.postgres;

import io.headrace.backend.records.Database;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** PostgreSQL, as the writer and the readers see it. */
record PostgresDatabase(PostgresServer server) implements Database {
  /**
   * All who write to a schema take this lock first and hold it to the end of their transaction, so
   * that writes come one at a time over all processes, as they do in SQLite. The transaction's
   * number, by which its fate can be asked, comes with the same exchange.
   */
  private static final String BEGIN =
      """
      begin isolation level read committed;
      select pg_advisory_xact_lock(%d, hashtext(current_schema()));
      select pg_current_xact_id()::text\
      """
          .formatted(0x48445243);

  /** A column's name and the type that differs. */
  private static final Pattern TYPE =
      Pattern.compile("(?i)(\\b\\w+\\s+)(text|integer|blob|real)\\b");

  @Override
  public String title() {
    return "the records in " + server.address();
  }

  @Override
  public Connection forWriting() throws SQLException {
    return server.forWriting();
  }

  @Override
  public Connection forReading() throws SQLException {
    return server.forReading();
  }

  @Override
  public String begin(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(BEGIN);
      statement.getMoreResults();
      statement.getMoreResults();
      try (var row = statement.getResultSet()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Override
  public void beginReading(Connection connection) throws SQLException {
    PostgresServer.run(connection, "select 1"); // the driver begins; whether it can, is seen here
  }

  @Override
  public void endReading(Connection connection) throws SQLException {
    connection.rollback();
  }

  @Override
  public void run(Connection connection, String sql) throws SQLException {
    PostgresServer.run(connection, sql);
  }

  @Override
  public void requireSound(Connection connection) throws SQLException {
    if (connection instanceof BaseConnection it
        && it.getTransactionState() == TransactionState.FAILED) {
      throw new SQLException("a statement failed, and the work went on", "25P02");
    }
  }

  @Override
  public Optional<ProblemException> fault(SQLException e) {
    return PostgresFaults.of(server.address(), e);
  }

  @Override
  public ProblemException ofRead(SQLException e) {
    return "25006".equals(e.getSQLState())
        ? refused(e) // a read that tried to write
        : fault(e).orElseGet(() -> refused(e));
  }

  @Override
  public ProblemException refused(SQLException e) {
    return PostgresFaults.refused(e);
  }

  @Override
  public boolean isLost(SQLException e) {
    return PostgresFaults.isLost(e);
  }

  @Override
  public boolean hasCommitted(Connection connection, String transaction) throws SQLException {
    try (var select =
        connection.prepareStatement("select pg_xact_status(cast(? as xid8)) = 'committed'")) {
      select.setString(1, transaction);
      try (var row = select.executeQuery()) {
        row.next();
        boolean committed = row.getBoolean(1);
        if (row.wasNull()) {
          throw new SQLException("the database has forgotten transaction " + transaction);
        }
        return committed;
      }
    }
  }

  @Override
  public boolean hasTable(Connection connection, String name) throws SQLException {
    try (var select =
        connection.prepareStatement(
            "select 1 from pg_tables where schemaname = current_schema() and tablename = ?")) {
      select.setString(1, name);
      try (var rows = select.executeQuery()) {
        return rows.next();
      }
    }
  }

  @Override
  public void define(Connection connection, String sql) throws SQLException {
    PostgresServer.run(connection, "set local statement_timeout = 0");
    connection.setNetworkTimeout(Runnable::run, 0);
    PostgresServer.run(connection, translated(sql));
  }

  /** Text is ordered by its bytes, as in SQLite, so that pages begin where others ended. */
  static String translated(String sql) {
    var begin = sql.stripLeading().toLowerCase(java.util.Locale.ROOT);
    if (!begin.startsWith("create table") && !begin.startsWith("alter table")) {
      return sql;
    }
    return TYPE.matcher(sql)
        .replaceAll(found ->
            found.group(1)
                + switch (found.group(2).toLowerCase(java.util.Locale.ROOT)) {
                  case "text" -> "text collate \"C\"";
                  case "blob" -> "bytea";
                  case "real" -> "double precision";
                  default -> "bigint";
                });
  }

  @Override
  public void erase() {
    try (var connection = server.connect()) {
      connection.setNetworkTimeout(Runnable::run, 0);
      PostgresServer.run(connection, "set lock_timeout = '" + PostgresServer.PATIENCE + "'");
      var tables = new ArrayList<String>();
      try (var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "select format('%I.%I', schemaname, tablename) from pg_tables"
                      + " where schemaname = current_schema() and tableowner = current_user")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (var table : tables) {
        PostgresServer.run(connection, "vacuum (full) " + table);
      }
    } catch (SQLException e) {
      throw fault(e).orElseGet(() -> refused(e));
    }
  }

  @Override
  public void snapshot(Path file) {
    throw Problem.of(
            ErrorCode.NOT_SUPPORTED,
            title() + " are not copied from here: the database has its own means")
        .fix("use pg_dump for them, and copy the workspace's folder for the rest")
        .asException();
  }
}
