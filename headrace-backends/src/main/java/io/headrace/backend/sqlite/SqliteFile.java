package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * The file, and how connections to it are set up.
 *
 * @param path absolute
 */
record SqliteFile(Path path) {
  /** How long a transaction waits for its turn among processes. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * SQLite waits between its tries ever longer, up to 100 ms, so that a busy neighbour could starve
   * us. With a short wait of its own and our loop around it, it asks each 2 ms or so.
   */
  private static final Duration SHORT = Duration.ofMillis(5);

  /** For readers, who are held up only while a log is being recovered. */
  private static final Duration LONG = Duration.ofSeconds(10);

  /** A connection in auto-commit mode; transactions are begun and ended by {@link #run}. */
  JDBC4Connection forWriting() throws SQLException {
    var connection = connect(SHORT);
    try {
      useLog(connection);
      run(connection, "PRAGMA synchronous=FULL");
      run(connection, "PRAGMA foreign_keys=ON");
      run(connection, "PRAGMA journal_size_limit=67108864");
      // The usual 1,000 pages are a few dozen steps: moving them into the file so often costs
      // syncs.
      run(connection, "PRAGMA wal_autocheckpoint=8000");
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  /** A connection that refuses to write. */
  JDBC4Connection forReading() throws SQLException {
    var connection = connect(LONG);
    try {
      run(connection, "PRAGMA query_only=ON");
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  private JDBC4Connection connect(Duration patience) throws SQLException {
    SqliteLibrary.prepare();
    // As a URI, since the driver takes what follows a '?' in a plain name for settings.
    var uri = "file:" + encoded(path.toString());
    var connection = new KeepingConnection("jdbc:sqlite:" + uri, uri);
    try {
      connection.setBusyTimeout((int) patience.toMillis());
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  private void useLog(JDBC4Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var mode = statement.executeQuery("PRAGMA journal_mode=WAL")) {
      if (mode.next() && !mode.getString(1).equals("wal")) {
        throw Problem.of(
                ErrorCode.RECORDS,
                "records in " + path + " cannot have a write-ahead log on this file system")
            .fix("keep the workspace on a disk of this machine (--workspace DIR)")
            .asException();
      }
    }
  }

  /** Runs a statement without the driver's own care for transactions. */
  static void run(Connection connection, String sql) throws SQLException {
    ((JDBC4Connection) connection).getDatabase().exec(sql, false);
  }

  static boolean isBusy(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
  }

  private static void close(JDBC4Connection connection, Exception because) {
    try {
      connection.close();
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }

  /** Where the file and those beside it are. */
  Path folder() {
    var parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Bytes that may be had in the file's folder; -1 when that cannot be found out. */
  long freeBytes() {
    try {
      return Files.getFileStore(folder()).getUsableSpace();
    } catch (IOException e) {
      return -1;
    }
  }

  private static String encoded(String path) {
    var text = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      switch (c) {
        case '%' -> text.append("%25");
        case '?' -> text.append("%3f");
        case '#' -> text.append("%23");
        default -> text.append(c);
      }
    }
    return text.toString();
  }
}
