package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4Connection;

/** Writes the file anew, and empties the log, so that nothing of what was deleted is in them. */
final class SqliteErasure {
  private SqliteErasure() {}

  static void of(SqliteFile file) {
    try (var connection = file.forWriting()) {
      // What is written over meanwhile is to be gone as well.
      SqliteFile.run(connection, "PRAGMA secure_delete=ON");
      long deadline = System.nanoTime() + SqliteFile.PATIENCE.toNanos();
      while (!vacuumed(connection) || !emptied(connection)) {
        if (System.nanoTime() - deadline > 0) {
          throw Problem.of(
                  ErrorCode.RECORDS, "the records in " + file.path() + " are in use by others")
              .fix("try again when nothing runs")
              .asException();
        }
      }
    } catch (SQLException e) {
      throw SqliteFaults.of(file, e).orElseGet(() -> SqliteFaults.refused(e));
    }
  }

  private static boolean vacuumed(JDBC4Connection connection) throws SQLException {
    try {
      SqliteFile.run(connection, "VACUUM");
      return true;
    } catch (SQLException e) {
      if (SqliteFile.isBusy(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether the log is in the file, all of it, and empty now. */
  private static boolean emptied(JDBC4Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return result.next() && result.getInt(1) == 0;
    }
  }
}
