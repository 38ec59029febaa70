package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Records in one SQLite file, with its write-ahead log beside it.
 *
 * <p>Durability: a write whose future has completed survives the death of this process at any
 * moment and, the disk being honest about sync, a power cut. A write whose future failed left
 * nothing.
 *
 * <p>Several processes may use one file. Each writes for about 20 ms at a time; who must wait
 * longer than {@link SqliteWriter#PATIENCE} for its turn gets a problem with code {@link
 * ErrorCode#RECORDS} that names the processes that have the file open.
 *
 * <p>When the disk is full, read-only or broken, the writes of that transaction fail with {@link
 * ErrorCode#DISK}, reads go on, and later writes are tried anew.
 *
 * <p>No code of this process may open and close the file by other means: by POSIX rules that would
 * drop SQLite's locks.
 */
public final class SqliteMetadataStore implements MetadataStore {
  private final SqliteFile file;
  private final SqliteWriter writer;
  private final SqliteReaders readers;
  private final Migrations migrations;

  private SqliteMetadataStore(SqliteFile file) {
    this.file = file;
    writer = new SqliteWriter(file);
    readers = new SqliteReaders(file);
    migrations = new Migrations(file, this);
  }

  /**
   * Opens a store, or makes an empty one. Returns at once, while the file is being opened in the
   * background; one that cannot be used is reported by the calls that follow.
   *
   * @param file its folder is made if missing; {@code -wal} and {@code -shm} files appear beside it
   * @throws ProblemException when the folder cannot be made
   */
  public static SqliteMetadataStore open(Path file) {
    var records = new SqliteFile(file.toAbsolutePath().normalize());
    try {
      Files.createDirectories(records.folder());
    } catch (IOException e) {
      throw Problem.of(
              ErrorCode.RECORDS, "the folder " + records.folder() + " cannot be made: " + e)
          .fix("choose a folder that you may write to")
          .asException(e);
    }
    return new SqliteMetadataStore(records);
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code work} runs once, on the writer's thread, in auto-commit mode within a transaction of
   * ours. What is chained to the future without an executor of its own runs on that thread too, and
   * holds up other writes.
   */
  @Override
  public <T> CompletableFuture<T> write(Work<T> work) {
    return writer.queue(work);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProblemException also for an {@link SQLException} that {@code work} threw, which is
   *     then its cause
   * @throws IllegalStateException within a write, where it would wait for itself for ever
   */
  @Override
  public <T> T writeNow(Work<T> work) {
    if (writer.isThisThread()) {
      throw new IllegalStateException("writeNow within a write would wait for itself");
    }
    try {
      return write(work).join();
    } catch (CompletionException e) {
      throw unwrapped(e);
    }
  }

  private static RuntimeException unwrapped(CompletionException e) {
    return switch (e.getCause()) {
      case ProblemException problem -> SqliteFaults.onThisThread(problem);
      case RuntimeException mistake -> {
        mistake.addSuppressed(new Waiting());
        yield mistake;
      }
      case Error error -> throw error;
      case SQLException refused -> SqliteFaults.refused(refused);
      case IOException io -> new UncheckedIOException(io);
      case null, default -> e;
    };
  }

  /**
   * {@inheritDoc}
   *
   * <p>The state is that of the first statement in {@code work}. A read within a read sees the
   * outer one's state; within a write, what the write has done so far.
   *
   * @throws ProblemException when the file cannot be read, or {@code work} threw an {@link
   *     SQLException}
   */
  @Override
  public <T> T read(Work<T> work) {
    return writer.isThisThread() ? writer.readWithin(work) : readers.read(work);
  }

  @Override
  public void migrate(String room, List<List<String>> steps) {
    migrations.migrate(room, steps);
  }

  @Override
  public void erase() {
    SqliteErasure.of(file);
  }

  @Override
  public void snapshot(Path target) {
    SqliteSnapshot.of(file, target);
  }

  /** Writes what is queued, then lets the file go. Does nothing the second time. */
  @Override
  public void close() {
    readers.close();
    writer.close();
  }

  /** Shows, in a stack trace of the writer's thread, who waited for it. */
  private static final class Waiting extends Throwable {
    private static final long serialVersionUID = 1L;

    Waiting() {
      super("waited for here");
    }
  }
}
