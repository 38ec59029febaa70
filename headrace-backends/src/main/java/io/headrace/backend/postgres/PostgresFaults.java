package io.headrace.backend.postgres;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Says in words what PostgreSQL's error codes mean for whoever must mend it. The codes are in <a
 * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">its manual</a>.
 */
final class PostgresFaults {
  private PostgresFaults() {}

  /** A fault of the database or the way to it; empty when it is the statement's own. */
  static Optional<ProblemException> of(PostgresAddress address, SQLException e) {
    var state = state(e);
    var problem =
        switch (state) {
          case "28P01", "28000", "08004" -> notLetIn(address, e);
          case "3D000" ->
              Problem.of(ErrorCode.RECORDS, "there is no database at " + address)
                  .fix("make it: create database NAME encoding 'UTF8' template template0");
          case "3F000" ->
              Problem.of(ErrorCode.RECORDS, "there is no such schema in the database " + address)
                  .fix("make it (create schema NAME), or name another with ?schema=NAME");
          case "42501" ->
              Problem.of(
                      ErrorCode.RECORDS,
                      "the database " + address + " does not permit it: " + said(e))
                  .fix("let the user own the database or its schema, so that it may make tables");
          case "53300" ->
              Problem.of(ErrorCode.RECORDS, "the database " + address + " has no connection left")
                  .fix("raise its max_connections: each Headrace process takes up to 9");
          case "53100" ->
              Problem.of(ErrorCode.DISK, "the disk of the database " + address + " is full")
                  .fix("make room there; what was acknowledged is kept, and writing then goes on");
          case "25006" ->
              Problem.of(ErrorCode.RECORDS, "the database " + address + " takes no writes")
                  .fix("name the primary server, not a copy of it that only reads");
          case "55P03" ->
              Problem.of(
                      ErrorCode.RECORDS,
                      "another process has been writing to the database "
                          + address
                          + " for "
                          + PostgresServer.PATIENCE)
                  .fix("see in pg_stat_activity what holds the lock, and end it");
          case "57014" ->
              Problem.of(
                      ErrorCode.RECORDS,
                      "the database " + address + " gave a statement up: " + said(e))
                  .fix("try again when the database has less to do");
          default -> isLost(e) ? lost(address, e) : broken(state) ? failed(address, e) : null;
        };
    return Optional.ofNullable(problem).map(known -> known.asException(e));
  }

  /** Out of resources, an error of the system, damage. */
  private static boolean broken(String state) {
    return state.startsWith("53")
        || state.startsWith("58")
        || state.startsWith("XX")
        || state.startsWith("F0");
  }

  /** Whether there is no connection, or none for the moment. */
  static boolean isLost(SQLException e) {
    return switch (state(e)) {
      case "08004" -> false; // it was refused
      case "57P01", "57P02", "57P03", "57P05", "25P03", "53300" -> true;
      default -> state(e).startsWith("08");
    };
  }

  /** A statement that PostgreSQL would not run: mostly our mistake, or an unexpected constraint. */
  static ProblemException refused(SQLException e) {
    return switch (state(e)) {
      case "22021", "22P05" ->
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  "a text holds a NUL character or broken letters, which the database cannot keep")
              .fix("leave them out")
              .asException(e);
      default ->
          Problem.of(ErrorCode.RECORDS, "the records refused a statement: " + said(e))
              .asException(e);
    };
  }

  private static Problem notLetIn(PostgresAddress address, SQLException e) {
    return Problem.of(
            ErrorCode.RECORDS, "the database " + address + " does not let us in: " + said(e))
        .fix("see to the user in the address, and to its password in PGPASSWORD or ~/.pgpass");
  }

  private static Problem lost(PostgresAddress address, SQLException e) {
    return Problem.of(
            ErrorCode.RECORDS, "the database " + address + " cannot be reached: " + said(e))
        .fix("see that it runs; what was acknowledged is kept, and what failed was not written");
  }

  private static Problem failed(PostgresAddress address, SQLException e) {
    return Problem.of(ErrorCode.RECORDS, "the database " + address + " failed: " + said(e))
        .fix("look into its log; what was acknowledged is kept");
  }

  private static String said(SQLException e) {
    var message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(message);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}
