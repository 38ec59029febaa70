package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.sql.SqlText;
import io.headrace.tracking.TraceInfo.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Takes spans in, in any order and in as many parts as they come. A trace of which nothing else is
 * known yet is made from them. Thread-safe.
 */
public final class Spans {
  private static final long NANOS_A_MILLI = 1_000_000;

  private final MetadataStore store;

  Spans(MetadataStore store) {
    this.store = store;
  }

  /** Writes spans, in the place of those with their ids: all, or none of them. */
  public void log(String experimentId, List<Span> spans) {
    long experiment = Names.experimentId(experimentId);
    Map<String, List<Span>> byTrace = new LinkedHashMap<>();
    for (Span span : spans) {
      byTrace.computeIfAbsent(span.traceId(), _ -> new java.util.ArrayList<>()).add(span);
    }
    store.writeNow(connection -> {
      for (Map.Entry<String, List<Span>> trace : byTrace.entrySet()) {
        log(connection, experiment, trace.getKey(), trace.getValue());
      }
      return byTrace.size();
    });
  }

  private static void log(Connection connection, long experiment, String traceId, List<Span> spans)
      throws SQLException {
    Extent extent = Extent.of(spans);
    Optional<State> state = rootState(spans);
    Optional<TraceRow> present = TraceRow.find(connection, traceId);
    long number =
        present.isPresent()
            ? present.get().number()
            : make(connection, experiment, traceId, extent, state);
    for (Span span : spans) {
      put(connection, number, span);
    }
    extend(connection, number, extent, state);
    for (Span span : spans) {
      tell(connection, number, span);
    }
    Traces.putTag(connection, number, Traces.SPANS_LOCATION, Traces.IN_STORE);
  }

  private static long make(
      Connection connection, long experiment, String traceId, Extent extent, Optional<State> state)
      throws SQLException {
    Experiment its = Experiments.require(connection, experiment);
    TraceInfo info =
        new TraceInfo(
            traceId,
            its.id(),
            extent.begin,
            extent.end == 0 ? OptionalLong.empty() : OptionalLong.of(extent.end - extent.begin),
            state.orElse(State.IN_PROGRESS),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            List.of());
    long number = Traces.insert(connection, info, experiment, false);
    Traces.putTag(connection, number, Traces.LOCATION, Traces.artifacts(its, traceId));
    return number;
  }

  private static void put(Connection connection, long trace, Span span) throws SQLException {
    Sql.update(
        connection,
        """
        insert into trace_spans values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (trace, span_id) do update set parent = excluded.parent, name = excluded.name,
          type = excluded.type, status = excluded.status, started = excluded.started,
          content = excluded.content\
        """,
        trace,
        span.id(),
        span.parent(),
        span.name(),
        span.type().isEmpty() ? null : span.type(),
        span.status().name(),
        span.started(),
        span.content());
  }

  /** Widens the time of a trace that nobody told, and ends one whose root has come. */
  private static void extend(
      Connection connection, long trace, Extent extent, Optional<State> state) throws SQLException {
    Sql.update(
        connection,
        """
        update traces set
          duration = case when ? = 0 then duration
            when duration is null or started + duration < ? then ? - min(started, ?)
            else started + duration - min(started, ?) end,
          started = min(started, ?)
        where number = ? and complete = 0\
        """
            .replace("min(", smaller(connection)),
        extent.end,
        extent.end,
        extent.end,
        extent.begin,
        extent.begin,
        extent.begin,
        trace);
    if (state.isPresent()) {
      Sql.update(
          connection,
          "update traces set state = ? where number = ?"
              + " and state in ('IN_PROGRESS', 'STATE_UNSPECIFIED')",
          state.get().name(),
          trace);
    }
  }

  /** SQLite's name for the smaller of two is another than PostgreSQL's. */
  private static String smaller(Connection connection) throws SQLException {
    return SqlText.isSqlite(connection) ? "min(" : "least(";
  }

  /** Takes over what a span says of its trace, where nothing is known yet. */
  private static void tell(Connection connection, long trace, Span span) throws SQLException {
    Span.Said said = span.said();
    if (said.session().isPresent()) {
      Sql.update(
          connection,
          "update traces set session = coalesce(session, ?) where number = ?",
          said.session().get(),
          trace);
    }
    if (said.user().isPresent()) {
      Sql.update(
          connection,
          "insert into trace_metadata values (?, 'mlflow.trace.user', ?) on conflict do nothing",
          trace,
          Names.cut(said.user().get(), Traces.VALUE_LENGTH));
    }
    Traces.putTags(connection, trace, said.resource());
    if (!span.isRoot()) {
      return;
    }
    Sql.update(
        connection,
        "update traces set request_preview = coalesce(request_preview, ?),"
            + " response_preview = coalesce(response_preview, ?) where number = ?",
        said.inputs().map(text -> Names.cut(text, Traces.PREVIEW_LENGTH)).orElse(null),
        said.outputs().map(text -> Names.cut(text, Traces.PREVIEW_LENGTH)).orElse(null),
        trace);
    Traces.putTags(connection, trace, said.tags());
  }

  private static Optional<State> rootState(List<Span> spans) {
    return spans.stream()
        .filter(Span::isRoot)
        .findFirst()
        .map(root -> root.status() == Span.Status.ERROR ? State.ERROR : State.OK);
  }

  /**
   * From when to when spans go.
   *
   * @param begin epoch milliseconds
   * @param end epoch milliseconds; 0 when none has ended
   */
  private record Extent(long begin, long end) {
    static Extent of(List<Span> spans) {
      long begin = spans.stream().mapToLong(Span::started).min().orElse(0);
      long end = spans.stream().mapToLong(Span::ended).max().orElse(0);
      return new Extent(begin / NANOS_A_MILLI, end / NANOS_A_MILLI);
    }
  }

  /** The spans of a trace: JSON each, the root first, then by their beginning. */
  static List<String> of(Connection connection, long trace) throws SQLException {
    return Sql.list(
        connection,
        "select content from trace_spans where trace = ?"
            + " order by case when parent = '' then 0 else 1 end, started, span_id",
        row -> row.getString(1),
        trace);
  }
}
