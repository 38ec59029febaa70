package io.headrace.backend.records;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.MetadataStore.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/** A few connections for reading, opened when first wanted. */
final class Readers implements AutoCloseable {
  /** More would only wait for each other: a query holds a processor. */
  private static final int MOST = 8;

  private final Database database;
  private final Semaphore free = new Semaphore(MOST);
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final ScopedValue<Connection> outer = ScopedValue.newInstance();
  private volatile boolean closed;

  Readers(Database database) {
    this.database = database;
  }

  <T> T read(Work<T> work) {
    try {
      return outer.isBound() ? work.run(outer.get()) : readAlone(work);
    } catch (SQLException e) {
      throw database.ofRead(e);
    }
  }

  private <T> T readAlone(Work<T> work) throws SQLException {
    free.acquireUninterruptibly();
    try {
      var connection = begun();
      boolean sound = false;
      try {
        try {
          return ScopedValue.where(outer, connection).call(() -> work.run(connection));
        } finally {
          database.endReading(connection);
          sound = true;
        }
      } finally {
        giveBack(connection, sound);
      }
    } finally {
      free.release();
    }
  }

  /** One that was idle may have been cut off meanwhile: then a new one, before any work has run. */
  private Connection begun() throws SQLException {
    while (true) {
      if (closed) {
        throw Problem.of(ErrorCode.RECORDS, database.title() + " have been closed").asException();
      }
      var known = idle.pollFirst();
      var connection = known != null ? known : database.forReading();
      try {
        database.beginReading(connection);
        return connection;
      } catch (SQLException | RuntimeException | Error e) {
        close(connection);
        if (known == null || !(e instanceof SQLException sql) || !database.isLost(sql)) {
          throw e;
        }
      }
    }
  }

  private void giveBack(Connection connection, boolean sound) throws SQLException {
    if (sound && !closed && !connection.isClosed()) {
      idle.addFirst(connection);
    } else {
      close(connection);
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
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It has only read.
    }
  }
}
