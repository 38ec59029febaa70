package io.headrace.backend.postgres;

import io.headrace.backend.records.DatabaseStore;
import io.headrace.problem.ErrorCode;
import io.headrace.spi.MetadataStore;
import java.util.Map;

/**
 * Records in a PostgreSQL database that exists; their tables are made in its default schema, or the
 * one the address names.
 *
 * <p>Several processes, on several machines, may use one schema. Their write transactions take
 * turns by a lock of the database, so that each sees all that was written before it, and nothing is
 * written between its looking and its writing. Who must wait longer than {@link
 * PostgresServer#PATIENCE} for its turn gets a problem with code {@link ErrorCode#RECORDS}.
 *
 * <p>Durability: a write whose future has completed was committed with {@code synchronous_commit},
 * whatever the database's default.
 *
 * <p>Lost connections, and restarts of the database:
 *
 * <ul>
 *   <li>A write that has not begun waits up to ten seconds from the loss for the database to come
 *       back; after that, writes fail as they come, and work again as soon as it is back.
 *   <li>A write that was under way fails, and nothing of it was written. It is not done again: a
 *       work runs once.
 *   <li>When the answer to a commit was lost, the database is asked, on a new connection, what
 *       became of the transaction. Only when it cannot be asked within that time does the write
 *       fail with a problem that says that its fate is not known.
 *   <li>A read fails when the database is not there at that moment.
 * </ul>
 *
 * <p>Text with NUL characters is refused: PostgreSQL cannot keep it.
 *
 * <p>{@code erase} rewrites the tables. The database's own log, its copies and backups are its
 * keeper's: what was deleted may be in them until they are replaced.
 */
public final class PostgresMetadataStore {
  private PostgresMetadataStore() {}

  /**
   * Opens a store. Returns at once, while a connection is being made in the background; when none
   * can be had, the calls that follow say why.
   *
   * @param variables the process's, for {@code PGPASSWORD} and {@code PGUSER}
   */
  public static MetadataStore open(PostgresAddress address, Map<String, String> variables) {
    return new DatabaseStore(
        new PostgresDatabase(new PostgresServer(address, Map.copyOf(variables))));
  }
}
