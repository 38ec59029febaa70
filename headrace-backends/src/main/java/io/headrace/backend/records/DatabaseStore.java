package io.headrace.backend.records;

import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A store over a database. What it promises beyond its interface, who makes it says. */
public final class DatabaseStore implements MetadataStore {
  private final Database database;
  private final GroupWriter writer;
  private final Readers readers;
  private final Migrations migrations;

  /** Opens nothing yet that the caller must wait for: that is done on the writer's thread. */
  public DatabaseStore(Database database) {
    this.database = database;
    writer = new GroupWriter(database);
    readers = new Readers(database);
    migrations = new Migrations(database, this);
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

  private RuntimeException unwrapped(CompletionException e) {
    return switch (e.getCause()) {
      // The same, with this thread's stack and the writer's as its cause.
      case ProblemException problem -> new ProblemException(problem.problems(), problem);
      case RuntimeException mistake -> {
        mistake.addSuppressed(new Waiting());
        yield mistake;
      }
      case Error error -> throw error;
      case SQLException refused -> database.refused(refused);
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
   * @throws ProblemException when the database cannot be read, or {@code work} threw an {@link
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
    database.erase();
  }

  @Override
  public void snapshot(Path file) {
    database.snapshot(file);
  }

  /** Writes what is queued, then lets the database go. Does nothing the second time. */
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
