package io.headrace.backend.sqlite;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says in words what SQLite's error codes mean for whoever must mend it. */
final class SqliteFaults {
  /** What the index takes at least; see https://www.sqlite.org/walformat.html. */
  private static final int SHM_BYTES = 32 * 1024;

  private SqliteFaults() {}

  /**
   * A fault of the file or its disk; empty when it is the statement's own, such as a constraint.
   */
  static Optional<ProblemException> of(SqliteFile file, SQLException e) {
    if (!(e instanceof SQLiteException sqlite)) {
      return Optional.empty();
    }
    var problem =
        switch (primary(sqlite)) {
          case SQLITE_FULL -> full(file);
          case SQLITE_IOERR -> noRoom(file, sqlite) ? full(file) : ioError(file, sqlite);
          case SQLITE_READONLY -> readOnly(file);
          case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> cannotOpen(file);
          case SQLITE_NOTADB -> notOurs(file);
          case SQLITE_CORRUPT -> corrupt(file, sqlite);
          case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> busy(file);
          case SQLITE_NOMEM -> Problem.of(ErrorCode.RECORDS, "SQLite ran out of memory");
          default -> null;
        };
    return Optional.ofNullable(problem).map(known -> known.asException(e));
  }

  /**
   * On a full disk the index of the write-ahead log cannot be made; SQLite calls that an I/O error.
   */
  private static boolean noRoom(SqliteFile file, SQLiteException e) {
    return e.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE
        && file.freeBytes() >= 0
        && file.freeBytes() < SHM_BYTES;
  }

  static ProblemException ofRead(SqliteFile file, SQLException e) {
    if (e instanceof SQLiteException sqlite
        && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_READONLY) {
      return refused(e); // a read that tried to write
    }
    return of(file, e).orElseGet(() -> refused(e));
  }

  /** A statement that SQLite would not run: our mistake, or a constraint that nobody expected. */
  static ProblemException refused(SQLException e) {
    return Problem.of(ErrorCode.RECORDS, "the records refused a statement: " + e.getMessage())
        .asException(e);
  }

  private static SQLiteErrorCode primary(SQLiteException e) {
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xff);
  }

  private static Problem full(SqliteFile file) {
    return Problem.of(
            ErrorCode.DISK, "the disk is full: " + file.path() + " cannot grow, " + free(file))
        .fix("make room there; what was acknowledged is kept, and writing then goes on");
  }

  private static Problem ioError(SqliteFile file, SQLiteException e) {
    return Problem.of(
            ErrorCode.DISK,
            "the disk failed under " + file.path() + " (" + e.getResultCode() + "), " + free(file))
        .fix("look at the disk and the system's log; what was acknowledged is kept");
  }

  private static Problem readOnly(SqliteFile file) {
    return Problem.of(
            ErrorCode.DISK,
            "the records in " + file.path() + " cannot be written: read-only, " + free(file))
        .fix("make the file and its folder writable, or use another workspace (--workspace DIR)");
  }

  private static Problem cannotOpen(SqliteFile file) {
    return Problem.of(
            ErrorCode.RECORDS, "the records in " + file.path() + " cannot be opened, " + free(file))
        .fix("see that the file, its folder and the files beside it are yours to read and write");
  }

  private static Problem notOurs(SqliteFile file) {
    return Problem.of(ErrorCode.RECORDS, file.path() + " is not a database")
        .fix("move it away, or use another workspace (--workspace DIR)");
  }

  private static Problem corrupt(SqliteFile file, SQLiteException e) {
    return Problem.of(
            ErrorCode.RECORDS,
            "the records in " + file.path() + " are damaged (" + e.getResultCode() + ")")
        .fix("keep a copy of the file and those beside it; take it back from a backup");
  }

  private static Problem busy(SqliteFile file) {
    return Problem.of(
            ErrorCode.RECORDS,
            "another process has been writing to "
                + file.path()
                + " for "
                + SqliteFile.PATIENCE.toSeconds()
                + " s; "
                + FileHolders.describe(file.path()))
        .fix("wait for it, or end it; nothing needs to be removed by hand");
  }

  private static String free(SqliteFile file) {
    long bytes = file.freeBytes();
    return bytes < 0 ? "free space unknown" : bytes + " bytes free";
  }
}
