package io.headrace.tracking;

import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A trace as it lies in its table, and how the rest of it is read. */
record TraceRow(
    long number,
    String traceId,
    long experiment,
    long started,
    OptionalLong duration,
    TraceInfo.State state,
    Optional<String> clientRequestId,
    Optional<String> requestPreview,
    Optional<String> responsePreview,
    Optional<String> name,
    Optional<String> session) {
  /** The tag that is a column. */
  static final String NAME = "mlflow.traceName";

  /** The metadata that is a column. */
  static final String SESSION = "mlflow.trace.session";

  static final String COLUMNS =
      """
      select t.number, t.trace_id, t.experiment, t.started, t.duration, t.state,
             t.client_request_id, t.request_preview, t.response_preview, t.name, t.session
      from traces t
      """;

  static TraceRow read(ResultSet row) throws SQLException {
    long duration = row.getLong(5);
    OptionalLong took = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(duration);
    return new TraceRow(
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        row.getLong(4),
        took,
        TraceInfo.State.valueOf(row.getString(6)),
        Optional.ofNullable(row.getString(7)),
        Optional.ofNullable(row.getString(8)),
        Optional.ofNullable(row.getString(9)),
        Optional.ofNullable(row.getString(10)),
        Optional.ofNullable(row.getString(11)));
  }

  static Optional<TraceRow> find(Connection connection, String traceId) throws SQLException {
    return Sql.first(connection, COLUMNS + "where t.trace_id = ?", TraceRow::read, traceId);
  }

  static TraceRow require(Connection connection, String traceId) throws SQLException {
    return find(connection, traceId)
        .orElseThrow(() ->
            TrackingException.notFound(
                "Trace with ID '" + Names.visible(Names.cut(traceId, 250)) + "' not found."));
  }

  /** The traces with all that belongs to them but the spans, in the order of the rows. */
  static List<TraceInfo> whole(Connection connection, List<TraceRow> rows) throws SQLException {
    Map<Long, Map<String, String>> tags = new HashMap<>();
    Map<Long, Map<String, String>> metadata = new HashMap<>();
    Map<Long, List<Assessment>> assessments = new HashMap<>();
    for (int from = 0; from < rows.size(); from += Sql.CHUNK) {
      Object[] numbers =
          rows.subList(from, Math.min(rows.size(), from + Sql.CHUNK)).stream()
              .map(TraceRow::number)
              .toArray();
      pairs(connection, "trace_tags", numbers, tags);
      pairs(connection, "trace_metadata", numbers, metadata);
      Assessments.each(connection, numbers, assessments);
    }
    List<TraceInfo> whole = new ArrayList<>(rows.size());
    for (TraceRow row : rows) {
      Map<String, String> itsTags = tags.computeIfAbsent(row.number, _ -> new HashMap<>());
      Map<String, String> itsData = metadata.computeIfAbsent(row.number, _ -> new HashMap<>());
      row.name.ifPresent(name -> itsTags.put(NAME, name));
      row.session.ifPresent(session -> itsData.put(SESSION, session));
      whole.add(row.info(itsData, itsTags, assessments.getOrDefault(row.number, List.of())));
    }
    return whole;
  }

  private static void pairs(
      Connection connection, String table, Object[] numbers, Map<Long, Map<String, String>> into)
      throws SQLException {
    Sql.each(
        connection,
        "select trace, name, value from "
            + table
            + " where trace in ("
            + Sql.marks(numbers.length)
            + ")",
        row ->
            into.computeIfAbsent(row.getLong(1), _ -> new HashMap<>())
                .put(row.getString(2), row.getString(3)),
        numbers);
  }

  private TraceInfo info(
      Map<String, String> metadata, Map<String, String> tags, List<Assessment> assessments) {
    return new TraceInfo(
        traceId,
        Long.toString(experiment),
        started,
        duration,
        state,
        clientRequestId,
        requestPreview,
        responsePreview,
        metadata,
        tags,
        assessments);
  }
}
