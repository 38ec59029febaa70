package io.headrace.backend.sqlite;

import io.headrace.backend.records.DatabaseStore;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records in one SQLite file, with its write-ahead log beside it.
 *
 * <p>Durability: a write whose future has completed survives the death of this process at any
 * moment and, the disk being honest about sync, a power cut. A write whose future failed left
 * nothing.
 *
 * <p>Several processes may use one file. Each writes for about 20 ms at a time; who must wait
 * longer than {@link SqliteFile#PATIENCE} for its turn gets a problem with code {@link
 * ErrorCode#RECORDS} that names the processes that have the file open.
 *
 * <p>When the disk is full, read-only or broken, the writes of that transaction fail with {@link
 * ErrorCode#DISK}, reads go on, and later writes are tried anew.
 *
 * <p>No code of this process may open and close the file by other means: by POSIX rules that would
 * drop SQLite's locks.
 */
public final class SqliteMetadataStore {
  private SqliteMetadataStore() {}

  /**
   * Opens a store, or makes an empty one. Returns at once, while the file is being opened in the
   * background; one that cannot be used is reported by the calls that follow.
   *
   * @param file its folder is made if missing; {@code -wal} and {@code -shm} files appear beside it
   * @throws ProblemException when the folder cannot be made
   */
  public static MetadataStore open(Path file) {
    var records = new SqliteFile(file.toAbsolutePath().normalize());
    try {
      Files.createDirectories(records.folder());
    } catch (IOException e) {
      throw Problem.of(
              ErrorCode.RECORDS, "the folder " + records.folder() + " cannot be made: " + e)
          .fix("choose a folder that you may write to")
          .asException(e);
    }
    return new DatabaseStore(new SqliteDatabase(records));
  }
}
