package io.headrace.spi;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where records live: one SQL database. Thread-safe, and safe between processes. Each room owns its
 * tables and its SQL, which keeps to what SQLite and PostgreSQL both take.
 */
public interface MetadataStore extends AutoCloseable {
  /** Work within a transaction. Must not commit, roll back or keep the connection. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Queues a write. Writes take effect in the order of the calls; several share one transaction and
   * one sync to disk, but the failure of one leaves the others standing.
   *
   * @return completes when the write is durable; fails with a {@link
   *     io.headrace.problem.ProblemException} (disk full, say) or with what {@code work} threw, and
   *     then nothing of it was written, unless the problem says that this is not known: a database
   *     over the network may go away between doing and telling
   */
  <T> CompletableFuture<T> write(Work<T> work);

  /** As {@link #write}, and waits for it. */
  <T> T writeNow(Work<T> work);

  /** Reads one consistent state; sees every write whose future has completed. */
  <T> T read(Work<T> work);

  /**
   * Brings a room's tables up to date, in one transaction. Applied steps are remembered by room and
   * number.
   *
   * @param room names the owner
   * @param steps each a list of statements; step 1 first; never changed once released, only added
   *     to
   */
  void migrate(String room, List<List<String>> steps);

  /**
   * Makes that no byte of what was deleted or written over is left in the store's files. Rewrites
   * them, so it takes a while where much is kept. Logs, copies and backups that a database server
   * keeps are beyond it.
   *
   * @throws io.headrace.problem.ProblemException when others use the store so that it cannot be
   *     done
   */
  void erase();

  /**
   * Writes one consistent state into a new file, an SQLite database, while others read and write.
   * When this returns, the copy is durable.
   *
   * @param file absolute; does not exist, but its folder does
   * @throws io.headrace.problem.ProblemException when it cannot be written; NOT_SUPPORTED when the
   *     records are in a database server, which has means of its own
   */
  void snapshot(Path file);

  @Override
  void close();
}
