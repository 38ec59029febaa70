package io.headrace.backend.records;

import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A database as the writer and the readers of a store see it: connections, transactions, and what
 * its failures mean. Thread-safe; a connection is used by one thread at a time.
 */
public interface Database {
  /** Names it in a message: {@code the records in FILE}. No secrets. */
  String title();

  /** A connection in auto-commit mode; transactions are begun by {@link #begin}, ended by text. */
  Connection forWriting() throws SQLException;

  /** A connection that refuses to write. */
  Connection forReading() throws SQLException;

  /**
   * Begins a transaction that may write. Waits, for a bounded time, until no other process is in
   * such a transaction: whoever looks and then inserts is alone in between.
   *
   * @return names the transaction, for {@link #hasCommitted}
   */
  String begin(Connection connection) throws SQLException;

  /** Begins a transaction that sees one state. */
  void beginReading(Connection connection) throws SQLException;

  /** Ends what {@link #beginReading} began. */
  void endReading(Connection connection) throws SQLException;

  /** Runs a statement about the transaction itself, such as {@code SAVEPOINT}. */
  void run(Connection connection, String sql) throws SQLException;

  /**
   * Refuses a transaction that a work has left so that it cannot be committed, although the work
   * told of no failure.
   */
  void requireSound(Connection connection) throws SQLException;

  /**
   * A fault of the database, or of the way to it; empty when it is the statement's own, such as a
   * constraint.
   */
  Optional<ProblemException> fault(SQLException e);

  /** What the failure of a read means, be it the database's or the statement's own. */
  ProblemException ofRead(SQLException e);

  /** What it means to who asked that the database would not run a statement. */
  ProblemException refused(SQLException e);

  /** Whether the connection is gone, or could not be had now but may be in a moment. */
  boolean isLost(SQLException e);

  /**
   * Whether a transaction took effect whose commit was not answered. Asked within another one, and
   * so after the first has ended.
   */
  boolean hasCommitted(Connection connection, String transaction) throws SQLException;

  /** Whether there is a table of that name. */
  boolean hasTable(Connection connection, String name) throws SQLException;

  /** Runs a statement of a migration, with the types in it said in this database's words. */
  void define(Connection connection, String sql) throws SQLException;

  /** See {@link io.headrace.spi.MetadataStore#erase}. */
  void erase();

  /** See {@link io.headrace.spi.MetadataStore#snapshot}. */
  void snapshot(Path file);
}
