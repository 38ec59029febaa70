package io.headrace.backend.postgres;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How connections to a database are made and set up.
 *
 * @param variables where {@code PGPASSWORD} and {@code PGUSER} are looked up; without a password
 *     there the driver looks into {@code ~/.pgpass}
 */
record PostgresServer(PostgresAddress address, Map<String, String> variables) {
  /** The oldest version whose maker still mends it. */
  private static final int OLDEST = 14;

  private static final int CONNECT_SECONDS = 5;
  private static final int LOGIN_SECONDS = 10;

  /** No answer for so long, and the connection counts as lost; {@link #OWN_LIMIT} comes before. */
  private static final int ANSWER_SECONDS = 90;

  /** The database itself gives up on a statement after this time. */
  private static final String OWN_LIMIT = "60s";

  /** How long a transaction waits for its turn among processes. */
  static final String PATIENCE = "10s";

  /** So that a long history is not in memory as rows and as points at once. */
  private static final int ROWS_AT_ONCE = 10_000;

  /** A connection in auto-commit mode. */
  Connection forWriting() throws SQLException {
    var connection = connect();
    try {
      requireUsable(connection);
      run(
          connection,
          "set statement_timeout = '" + OWN_LIMIT + "'; set lock_timeout = '" + PATIENCE + "'");
      // Whoever turned it off for the database as a whole did not mean records that are promised.
      run(
          connection,
          "select set_config('synchronous_commit', 'on', false)"
              + " where current_setting('synchronous_commit') = 'off'");
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  /** A connection that refuses to write; each of its transactions sees one state. */
  Connection forReading() throws SQLException {
    var connection = connect();
    try {
      run(connection, "set statement_timeout = '" + OWN_LIMIT + "'");
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  /** A connection without limits of time, for what rewrites tables. */
  Connection connect() throws SQLException {
    var connection =
        new Driver()
            .connect(
                "jdbc:postgresql://"
                    + address.host()
                    + ":"
                    + address.port()
                    + "/"
                    + URLEncoder.encode(address.database(), StandardCharsets.UTF_8),
                settings());
    if (connection == null) {
      throw new SQLException("the driver does not know the address " + address, "08001");
    }
    return connection;
  }

  private Properties settings() {
    var settings = new Properties();
    PGProperty.USER.set(settings, user());
    password().ifPresent(it -> PGProperty.PASSWORD.set(settings, it));
    address
        .options()
        .forEach((name, value) ->
            settings.setProperty(PostgresAddress.OPTIONS.getOrDefault(name, name), value));
    PGProperty.APPLICATION_NAME.set(settings, "Headrace");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(settings, "" + OLDEST);
    PGProperty.CONNECT_TIMEOUT.set(settings, CONNECT_SECONDS);
    PGProperty.LOGIN_TIMEOUT.set(settings, LOGIN_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(settings, ANSWER_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(settings, true);
    PGProperty.DEFAULT_ROW_FETCH_SIZE.set(settings, ROWS_AT_ONCE);
    return settings;
  }

  private String user() {
    return !address.user().isEmpty()
        ? address.user()
        : variables.getOrDefault("PGUSER", System.getProperty("user.name", ""));
  }

  private Optional<String> password() {
    return Optional.ofNullable(variables.get("PGPASSWORD")).filter(it -> !it.isEmpty());
  }

  private void requireUsable(Connection connection) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < OLDEST) {
      throw Problem.of(
              ErrorCode.RECORDS,
              "the PostgreSQL at %s is version %s; Headrace needs %d or newer"
                  .formatted(address, connection.getMetaData().getDatabaseProductVersion(), OLDEST))
          .fix("use a newer one")
          .asException();
    }
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select current_setting('server_encoding')")) {
      if (row.next() && !row.getString(1).equals("UTF8")) {
        throw Problem.of(
                ErrorCode.RECORDS,
                "the database " + address + " keeps text as " + row.getString(1) + ", not as UTF8")
            .fix("make one that does: create database NAME encoding 'UTF8' template template0")
            .asException();
      }
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void close(Connection connection, Exception because) {
    try {
      connection.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }
}
