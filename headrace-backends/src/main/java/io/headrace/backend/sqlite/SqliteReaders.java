package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.MetadataStore.Work;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.sqlite.jdbc4.JDBC4Connection;

/** A few connections for reading, opened when first wanted. */
final class SqliteReaders implements AutoCloseable {
  /** More would only wait for each other: SQLite's calls hold a processor. */
  private static final int MOST = 8;

  private final SqliteFile file;
  private final Semaphore free = new Semaphore(MOST);
  private final ConcurrentLinkedDeque<JDBC4Connection> idle = new ConcurrentLinkedDeque<>();
  private final ScopedValue<JDBC4Connection> outer = ScopedValue.newInstance();
  private volatile boolean closed;

  SqliteReaders(SqliteFile file) {
    this.file = file;
  }

  <T> T read(Work<T> work) {
    try {
      return outer.isBound() ? work.run(outer.get()) : readAlone(work);
    } catch (SQLException e) {
      throw SqliteFaults.ofRead(file, e);
    }
  }

  private <T> T readAlone(Work<T> work) throws SQLException {
    free.acquireUninterruptibly();
    try {
      var connection = borrow();
      boolean sound = false;
      try {
        SqliteFile.run(connection, "BEGIN");
        try {
          return ScopedValue.where(outer, connection).call(() -> work.run(connection));
        } finally {
          SqliteFile.run(connection, "ROLLBACK");
          sound = true;
        }
      } finally {
        giveBack(connection, sound);
      }
    } finally {
      free.release();
    }
  }

  private JDBC4Connection borrow() throws SQLException {
    if (closed) {
      throw Problem.of(ErrorCode.RECORDS, "the records in " + file.path() + " have been closed")
          .asException();
    }
    var connection = idle.pollFirst();
    return connection != null ? connection : file.forReading();
  }

  private void giveBack(JDBC4Connection connection, boolean sound) throws SQLException {
    if (sound && !closed && !connection.isClosed()) {
      idle.addFirst(connection);
    } else {
      connection.close();
    }
    if (closed) {
      closeIdle();
    }
  }

  /** Reads that go on end in peace. */
  @Override
  public void close() {
    closed = true;
    closeIdle();
  }

  private void closeIdle() {
    for (var connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It has only read.
      }
    }
  }
}
