package io.headrace.tracking;

import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * A run as it lies in its table.
 *
 * @param number stands for the run in other tables
 * @param manifest digest of the artifacts that the engine took in, or empty
 * @param reusedFrom the run whose artifacts it shows besides its own, or empty
 */
record RunRow(long number, RunInfo info, String manifest, String reusedFrom) {
  static final String COLUMNS =
      """
      select r.number, r.run_id, r.experiment, r.parent, r.name, r.user_id, r.status, r.started,
             r.ended, r.lifecycle, r.manifest, r.reused_from, e.location
      from tracking_runs r join tracking_experiments e on e.id = r.experiment
      """;

  static RunRow read(ResultSet row) throws SQLException {
    String runId = row.getString(2);
    long ended = row.getLong(9);
    OptionalLong end = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(ended);
    RunInfo info =
        new RunInfo(
            runId,
            Long.toString(row.getLong(3)),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            Status.valueOf(row.getString(7)),
            row.getLong(8),
            end,
            join(row.getString(13), runId + "/artifacts"),
            Lifecycle.of(row.getString(10)));
    return new RunRow(row.getLong(1), info, row.getString(11), row.getString(12));
  }

  static String join(String location, String rest) {
    return location.endsWith("/") ? location + rest : location + "/" + rest;
  }

  /** Also finds a deleted one. */
  static RunRow require(Connection connection, String runId) throws SQLException {
    return Sql.first(connection, COLUMNS + "where r.run_id = ?", RunRow::read, runId)
        .orElseThrow(() -> missing(runId));
  }

  /** The number of a run that may be written to. */
  static long requireActive(Connection connection, String runId) throws SQLException {
    return Sql.first(
            connection,
            "select number, lifecycle from tracking_runs where run_id = ?",
            row -> writable(runId, row.getLong(1), row.getString(2)),
            runId)
        .orElseThrow(() -> missing(runId));
  }

  private static long writable(String runId, long number, String lifecycle) {
    if (Lifecycle.of(lifecycle) != Lifecycle.ACTIVE) {
      throw TrackingException.invalid(
          "The run %s must be in the 'active' state. Current state is deleted.".formatted(runId));
    }
    return number;
  }

  static TrackingException missing(String runId) {
    return TrackingException.notFound("Run with id=" + Names.visible(runId) + " not found");
  }
}
