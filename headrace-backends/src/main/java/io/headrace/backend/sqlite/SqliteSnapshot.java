package io.headrace.backend.sqlite;

import io.headrace.problem.DiskProblem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** A copy of the file as of one moment: {@code VACUUM INTO}, which keeps no writer waiting. */
final class SqliteSnapshot {
  private SqliteSnapshot() {}

  static void of(SqliteFile file, Path target) {
    try (var connection = file.forReading()) {
      SqliteFile.run(connection, "PRAGMA query_only=OFF"); // it counts the copy as a write
      try (var statement = connection.prepareStatement("VACUUM INTO ?")) {
        statement.setString(1, target.toString());
        statement.execute();
      }
      sync(target);
      sync(new SqliteFile(target).folder());
    } catch (SQLException e) {
      throw SqliteFaults.of(new SqliteFile(target), e).orElseGet(() -> SqliteFaults.refused(e));
    } catch (IOException e) {
      throw DiskProblem.writing(target, e);
    }
  }

  private static void sync(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
