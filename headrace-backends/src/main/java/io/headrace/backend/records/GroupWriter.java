package io.headrace.backend.records;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes what is queued as one transaction, so that all of it shares
 * one sync, and tells the callers when that sync is done. A work that fails is undone alone.
 *
 * <p>A connection that is lost is sought again before a transaction begins, when nothing can be
 * doubled by it. Works that were in a transaction when it was lost fail, unless their commit was on
 * its way: then the database is asked what became of it.
 */
final class GroupWriter implements AutoCloseable {
  /** A transaction takes no more works after this time, so that other processes get their turn. */
  private static final long FULL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int FULL_WORKS = 1_000;

  private final Database database;
  private final Thread thread;
  private final LinkedBlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();
  private final Object closing = new Object();
  private boolean closed; // guarded by closing

  // Of the writer's thread alone.
  private final Patience patience = new Patience();
  private @Nullable Connection connection;
  private boolean last;

  GroupWriter(Database database) {
    this.database = database;
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
        Problem.of(ErrorCode.RECORDS, database.title() + " have been closed").asException());
    return pending.future;
  }

  /** Runs {@code work} in the transaction that this thread is in. */
  <T> T readWithin(Work<T> work) {
    try {
      return work.run(current());
    } catch (SQLException e) {
      throw database.fault(e).orElseGet(() -> database.refused(e));
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
      var name = begin();
      int written = 0;
      long full = System.nanoTime() + FULL_NANOS;
      for (var next = first; next != null; next = isFull(taken, full) ? null : next()) {
        taken.add(next);
        if (attempt(next, written == 0)) {
          written++;
        } else if (written == 0) {
          name = begin();
        }
      }
      if (written == 0) {
        database.run(current(), "ROLLBACK");
      } else {
        commit(name);
      }
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
   * @return whether it is now part of the transaction; if not, it knows its failure, and if it was
   *     alone, there is no transaction any more
   * @throws SQLException when the transaction as a whole is lost
   */
  private boolean attempt(Pending<?> pending, boolean alone) throws SQLException {
    var open = current();
    if (!alone) {
      database.run(open, "SAVEPOINT work");
    }
    try {
      pending.run(open);
      database.requireSound(open);
    } catch (Throwable e) {
      if (e instanceof SQLException sql && database.fault(sql).isPresent()) {
        throw sql;
      }
      if (alone) {
        database.run(open, "ROLLBACK");
      } else {
        database.run(open, "ROLLBACK TO work");
        database.run(open, "RELEASE work");
      }
      pending.failure = e;
      return false;
    }
    if (!alone) {
      database.run(open, "RELEASE work");
    }
    return true;
  }

  private void commit(String name) throws SQLException {
    try {
      database.run(current(), "COMMIT");
    } catch (SQLException e) {
      if (!database.isLost(e)) {
        throw e;
      }
      disconnect();
      if (!hasCommitted(name, e)) {
        throw e;
      }
    }
  }

  /** Whether a transaction took effect whose commit was not answered. */
  private boolean hasCommitted(String name, SQLException lost) {
    long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
    while (true) {
      try {
        begin(); // waits until that transaction has ended
        boolean committed = database.hasCommitted(current(), name);
        database.run(current(), "ROLLBACK");
        return committed;
      } catch (SQLException | RuntimeException e) {
        disconnect();
        boolean lostAgain = e instanceof SQLException sql && database.isLost(sql);
        if (!lostAgain || System.nanoTime() - deadline > 0) {
          lost.addSuppressed(e);
          throw unknown(lost);
        }
      }
    }
  }

  private ProblemException unknown(SQLException lost) {
    return Problem.of(
            ErrorCode.RECORDS,
            "it is not known whether the last change is in "
                + database.title()
                + ": the connection was lost while it was being confirmed")
        .fix("look whether it is there before you do it again")
        .asException(lost);
  }

  /**
   * Nothing of this transaction was written; nor is what waits for it, which may count on what came
   * before it.
   */
  private void abandon(List<Pending<?>> lost, Throwable e) {
    if (connection != null) {
      try {
        database.run(connection, "ROLLBACK");
      } catch (SQLException notBegun) {
        disconnect();
      }
    }
    var told = e instanceof SQLException sql ? ofTransaction(sql) : e;
    if (e instanceof ProblemException
        || (e instanceof SQLException sql && database.fault(sql).isPresent())) {
      takeWaiting(lost); // before anyone is told, who might then queue anew
    }
    for (var pending : lost) {
      pending.tell(told);
    }
  }

  private ProblemException ofTransaction(SQLException e) {
    return database
        .fault(e)
        .orElseGet(() ->
            Problem.of(
                    ErrorCode.RECORDS,
                    "nothing could be written to " + database.title() + ": " + e.getMessage())
                .asException(e));
  }

  private void takeWaiting(List<Pending<?>> into) {
    for (int i = queue.size(); i > 0; i--) {
      var pending = next();
      if (pending != null) {
        into.add(pending);
      }
    }
  }

  /** Begins a transaction that may write, on a new connection if the last one is gone. */
  private String begin() throws SQLException {
    while (true) {
      try {
        var name = database.begin(connected());
        patience.restored();
        return name;
      } catch (SQLException e) {
        disconnect(); // so that the next transaction begins from a clean state
        if (!database.isLost(e) || !patience.again()) {
          throw e;
        }
      }
    }
  }

  /**
   * The connection of the transaction that this thread is in. Never a new one: what is said to that
   * would seem done, and be about nothing.
   */
  private Connection current() {
    if (connection == null) {
      throw new IllegalStateException("not in a transaction");
    }
    return connection;
  }

  private Connection connected() throws SQLException {
    var open = connection;
    if (open == null || open.isClosed()) {
      open = database.forWriting();
      connection = open;
      patience.had();
    }
    return open;
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // All that was acknowledged is with the database.
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

    void run(Connection open) throws SQLException {
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
