package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.MetadataStore.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * The one thread that writes. It takes what is queued as one transaction, so that all of it shares
 * one sync, and tells the callers when that sync is done. A work that fails is undone alone.
 */
final class SqliteWriter implements AutoCloseable {
  /** How long a transaction waits for its turn among processes. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A transaction takes no more works after this time, so that other processes get their turn. */
  private static final long FULL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int FULL_WORKS = 1_000;

  private final SqliteFile file;
  private final Thread thread;
  private final LinkedBlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
  private final Object closing = new Object();
  private boolean closed; // guarded by closing

  // Of the writer's thread alone.
  private @Nullable JDBC4Connection connection;
  private boolean last;

  SqliteWriter(SqliteFile file) {
    this.file = file;
    thread = Thread.ofPlatform().daemon().name("headrace-records").start(this::serve);
  }

  boolean isThisThread() {
    return Thread.currentThread() == thread;
  }

  <T> CompletableFuture<T> queue(Work<T> work) {
    var pending = new Pending<>(work);
    synchronized (closing) {
      if (!closed) {
        queue.add(pending);
        return pending.future;
      }
    }
    pending.future.completeExceptionally(
        Problem.of(ErrorCode.RECORDS, "the records in " + file.path() + " have been closed")
            .asException());
    return pending.future;
  }

  /** Runs {@code work} in the transaction that this thread is in. */
  <T> T readWithin(Work<T> work) {
    try {
      return work.run(connected());
    } catch (SQLException e) {
      throw SqliteFaults.of(file, e).orElseGet(() -> SqliteFaults.refused(e));
    }
  }

  @Override
  public void close() {
    synchronized (closing) {
      if (!closed) {
        closed = true;
        queue.add(Pending.end());
      }
    }
    if (isThisThread()) {
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // what is queued is written all the same
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    openAhead();
    while (!last) {
      var first = take();
      if (first.isEnd()) {
        break;
      }
      transaction(first);
    }
    disconnect();
  }

  /** Beside whatever the program does meanwhile. */
  private void openAhead() {
    try {
      connected();
    } catch (SQLException | RuntimeException | LinkageError e) {
      disconnect(); // the first write tries again, and tells
    }
  }

  private Pending<?> take() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        // Nobody may stop this thread but close().
      }
    }
  }

  private void transaction(Pending<?> first) {
    var taken = new ArrayList<Pending<?>>();
    try {
      var open = begun();
      int written = 0;
      long full = System.nanoTime() + FULL_NANOS;
      for (var next = first; next != null; next = isFull(taken, full) ? null : next()) {
        taken.add(next);
        written += attempt(open, next, written == 0) ? 1 : 0;
      }
      SqliteFile.run(open, written == 0 ? "ROLLBACK" : "COMMIT");
    } catch (SQLException | RuntimeException | Error e) {
      if (taken.isEmpty()) {
        taken.add(first);
      }
      abandon(taken, e);
      return;
    }
    // Told in the order of the calls: who hears of one knows that those before it are done.
    for (var pending : taken) {
      pending.tell();
    }
  }

  private static boolean isFull(List<Pending<?>> taken, long full) {
    return taken.size() >= FULL_WORKS || System.nanoTime() - full >= 0;
  }

  private @Nullable Pending<?> next() {
    var next = queue.poll();
    if (next != null && next.isEnd()) {
      last = true;
      return null;
    }
    return next;
  }

  /**
   * Runs one work.
   *
   * @param alone whether nothing else is in the transaction yet, so that it can be undone whole
   * @return whether it is now part of the transaction; if not, it knows its failure
   * @throws SQLException when the transaction as a whole is lost
   */
  private boolean attempt(JDBC4Connection open, Pending<?> pending, boolean alone)
      throws SQLException {
    if (!alone) {
      SqliteFile.run(open, "SAVEPOINT work");
    }
    try {
      pending.run(open);
    } catch (Throwable e) {
      if (e instanceof SQLException sql && SqliteFaults.of(file, sql).isPresent()) {
        throw sql;
      }
      if (alone) {
        SqliteFile.run(open, "ROLLBACK");
        begun();
      } else {
        SqliteFile.run(open, "ROLLBACK TO work");
        SqliteFile.run(open, "RELEASE work");
      }
      pending.failure = e;
      return false;
    }
    if (!alone) {
      SqliteFile.run(open, "RELEASE work");
    }
    return true;
  }

  /** Nothing of this transaction was written; nor would be, on a broken file, what waits for it. */
  private void abandon(List<Pending<?>> lost, Throwable e) {
    if (connection != null) {
      try {
        SqliteFile.run(connection, "ROLLBACK");
      } catch (SQLException notBegun) {
        disconnect();
      }
    }
    var fault = e instanceof SQLException sql ? SqliteFaults.of(file, sql) : Optional.empty();
    if (fault.isPresent()) {
      takeWaiting(lost); // before anyone is told, who might then queue anew
    }
    var told = e instanceof SQLException sql ? SqliteFaults.ofTransaction(file, sql) : e;
    for (var pending : lost) {
      pending.tell(told);
    }
  }

  private void takeWaiting(List<Pending<?>> into) {
    for (int i = queue.size(); i > 0; i--) {
      var pending = next();
      if (pending != null) {
        into.add(pending);
      }
    }
  }

  /** A connection within a new transaction that may write. */
  private JDBC4Connection begun() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        var open = connected();
        SqliteFile.run(open, "BEGIN IMMEDIATE");
        return open;
      } catch (SQLException e) {
        if (!SqliteFile.isBusy(e)) {
          disconnect(); // so that the next transaction begins from a clean state
          throw e;
        }
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
    }
  }

  private JDBC4Connection connected() throws SQLException {
    var open = connection;
    if (open == null || open.isClosed()) {
      open = file.forWriting();
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // All that was acknowledged is in the log; the next to open the file takes it from there.
    } finally {
      connection = null;
    }
  }

  /** A work and the one who waits for it. */
  private static final class Pending<T> {
    private final @Nullable Work<T> work;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable Throwable failure;

    Pending(@Nullable Work<T> work) {
      this.work = work;
    }

    /** Stands behind the last work. */
    static Pending<?> end() {
      return new Pending<Boolean>(null);
    }

    boolean isEnd() {
      return work == null;
    }

    void run(JDBC4Connection open) throws SQLException {
      if (work != null) {
        result = work.run(open);
      }
    }

    @SuppressWarnings("NullAway") // null only when the work itself gave it
    void tell() {
      if (failure != null) {
        future.completeExceptionally(failure);
      } else {
        future.complete(result);
      }
    }

    /** That it was lost with its transaction, unless it had failed before. */
    void tell(Throwable lost) {
      future.completeExceptionally(failure != null ? failure : lost);
    }
  }
}
