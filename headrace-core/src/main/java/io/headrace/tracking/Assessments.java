package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Assessment.Failure;
import io.headrace.tracking.Assessment.Source;
import io.headrace.tracking.Assessment.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Feedback on traces, and what was expected of them. Thread-safe. */
public final class Assessments {
  private static final String COLUMNS =
      """
      select a.assessment_id, a.trace, t.trace_id, a.kind, a.name, a.value, a.source_type,
             a.source_id, a.created, a.updated, a.span_id, a.rationale, a.overrides, a.valid,
             a.error_code, a.error_message, a.error_trace
      from trace_assessments a join traces t on t.number = a.trace
      """;

  private final MetadataStore store;
  private final InstantSource clock;

  Assessments(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What is to change; what is empty stays.
   *
   * @param metadata put to what is there
   */
  public record Change(
      Optional<String> name,
      Optional<Value> value,
      Optional<String> rationale,
      Map<String, String> metadata) {}

  /** Adds one. It takes the place of the one that it overrides, which is then not valid. */
  public Assessment create(Assessment wanted) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      long trace = TraceRow.require(connection, wanted.traceId()).number();
      if (wanted.overrides().isPresent()) {
        String over = wanted.overrides().get();
        if (setValid(connection, trace, over, false) == 0) {
          throw missing(wanted.traceId(), over);
        }
      }
      String id = insert(connection, trace, wanted, now);
      return require(connection, wanted.traceId(), id);
    });
  }

  private static int setValid(Connection connection, long trace, String id, boolean valid)
      throws SQLException {
    return Sql.update(
        connection,
        "update trace_assessments set valid = ? where trace = ? and assessment_id = ?",
        valid ? 1L : 0L,
        trace,
        id);
  }

  /** Writes an assessment of a trace, in the place of one with its id; gives its id. */
  static String insert(Connection connection, long trace, Assessment it, long now)
      throws SQLException {
    String id = it.id().isEmpty() ? "a-" + UUID.randomUUID().toString().replace("-", "") : it.id();
    Sql.update(connection, "delete from trace_assessments where assessment_id = ?", id);
    Sql.update(
        connection,
        "insert into trace_assessments values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        trace,
        it.kind(),
        Names.atMost("assessment_name", it.name(), Names.KEY_LENGTH),
        json(it.value()),
        number(json(it.value())),
        failure(it.value()).map(Failure::code).orElse(null),
        failure(it.value()).flatMap(Failure::message).orElse(null),
        failure(it.value()).flatMap(Failure::stackTrace).orElse(null),
        it.source().type(),
        Names.atMost("source_id", it.source().id(), Names.KEY_LENGTH),
        it.created() == 0 ? now : it.created(),
        it.updated() == 0 ? now : it.updated(),
        it.spanId().orElse(null),
        it.rationale().orElse(null),
        it.overrides().orElse(null),
        it.valid() ? 1L : 0L);
    putMetadata(connection, id, it.metadata());
    return id;
  }

  private static void putMetadata(Connection connection, String id, Map<String, String> metadata)
      throws SQLException {
    for (Map.Entry<String, String> pair : metadata.entrySet()) {
      Sql.update(
          connection,
          "insert into trace_assessment_metadata values (?, ?, ?)"
              + " on conflict (assessment, name) do update set value = excluded.value",
          id,
          pair.getKey(),
          pair.getValue());
    }
  }

  private static String json(Value value) {
    return switch (value) {
      case Value.Feedback(String json, Optional<Failure> _) -> json;
      case Value.Expectation(String json) -> json;
      case Value.Issue(String title) -> title;
    };
  }

  /** For filters that compare by size; empty for what is no number. */
  private static @Nullable Double number(String json) {
    boolean isNumber = !json.isEmpty() && "-0123456789".indexOf(json.charAt(0)) >= 0;
    try {
      return isNumber ? Double.valueOf(json) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Optional<Failure> failure(Value value) {
    return switch (value) {
      case Value.Feedback(String _, Optional<Failure> failure) -> failure;
      case Value.Expectation _, Value.Issue _ -> Optional.empty();
    };
  }

  public Assessment get(String traceId, String id) {
    return store.read(connection -> require(connection, traceId, id));
  }

  private static Assessment require(Connection connection, String traceId, String id)
      throws SQLException {
    Optional<Assessment> found =
        Sql.first(
            connection,
            COLUMNS + "where a.assessment_id = ? and t.trace_id = ?",
            row -> read(row, metadata(connection, id)),
            id,
            traceId);
    if (found.isEmpty() && TraceRow.find(connection, traceId).isEmpty()) {
      throw TrackingException.notFound(
          "Trace with request_id '%s' not found".formatted(Names.visible(traceId)));
    }
    return found.orElseThrow(() -> missing(traceId, id));
  }

  private static TrackingException missing(String traceId, String id) {
    return TrackingException.notFound(
        "Assessment with ID '%s' not found for trace '%s'"
            .formatted(Names.visible(id), Names.visible(traceId)));
  }

  /** Changes one; feedback stays feedback, an expectation an expectation. */
  public Assessment update(String traceId, String id, Change change) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      Assessment present = require(connection, traceId, id);
      Value value = change.value().orElse(present.value());
      requireSameKind(present.value(), value);
      Sql.update(
          connection,
          """
          update trace_assessments set name = ?, value = ?, number = ?, error_code = ?,
            error_message = ?, error_trace = ?, rationale = ?, updated = ? where assessment_id = ?\
          """,
          change.name().orElse(present.name()),
          json(value),
          number(json(value)),
          failure(value).map(Failure::code).orElse(null),
          failure(value).flatMap(Failure::message).orElse(null),
          failure(value).flatMap(Failure::stackTrace).orElse(null),
          rationale(change, value).or(present::rationale).orElse(null),
          now,
          id);
      putMetadata(connection, id, change.metadata());
      return require(connection, traceId, id);
    });
  }

  /** What is expected has no reasons. */
  private static Optional<String> rationale(Change change, Value value) {
    return value instanceof Value.Expectation ? Optional.empty() : change.rationale();
  }

  private static void requireSameKind(Value present, Value wanted) {
    boolean isExpectation = present instanceof Value.Expectation;
    if (wanted instanceof Value.Expectation && !isExpectation) {
      throw TrackingException.invalid("Cannot update expectation value on a Feedback assessment.");
    }
    if (wanted instanceof Value.Feedback && isExpectation) {
      throw TrackingException.invalid("Cannot update feedback value on an Expectation assessment.");
    }
  }

  /** Takes one away; what it overrode is valid again. One that is not there may be deleted. */
  public void delete(String traceId, String id) {
    store.writeNow(connection -> {
      long trace = TraceRow.find(connection, traceId).map(TraceRow::number).orElse(-1L);
      Optional<Optional<String>> found =
          Sql.first(
              connection,
              "select overrides from trace_assessments where trace = ? and assessment_id = ?",
              row -> Optional.ofNullable(row.getString(1)),
              trace,
              id);
      if (found.isPresent()) {
        if (found.get().isPresent()) {
          setValid(connection, trace, found.get().get(), true);
        }
        Sql.update(connection, "delete from trace_assessment_metadata where assessment = ?", id);
        Sql.update(connection, "delete from trace_assessments where assessment_id = ?", id);
      }
      return trace;
    });
  }

  /** Reads the assessments of some traces, the oldest first. */
  static void each(Connection connection, Object[] traces, Map<Long, List<Assessment>> into)
      throws SQLException {
    Sql.each(
        connection,
        COLUMNS
            + "where a.trace in ("
            + Sql.marks(traces.length)
            + ") order by a.created, a.assessment_id",
        row ->
            into.computeIfAbsent(row.getLong(2), _ -> new ArrayList<>())
                .add(read(row, metadata(connection, row.getString(1)))),
        traces);
  }

  private static Map<String, String> metadata(Connection connection, String id)
      throws SQLException {
    Map<String, String> metadata = new HashMap<>();
    Sql.each(
        connection,
        "select name, value from trace_assessment_metadata where assessment = ?",
        row -> metadata.put(row.getString(1), row.getString(2)),
        id);
    return metadata;
  }

  private static Assessment read(ResultSet row, Map<String, String> metadata) throws SQLException {
    return new Assessment(
        row.getString(1),
        row.getString(3),
        row.getString(5),
        value(row),
        new Source(row.getString(7), row.getString(8)),
        row.getLong(9),
        row.getLong(10),
        Optional.ofNullable(row.getString(11)),
        Optional.ofNullable(row.getString(12)),
        metadata,
        Optional.ofNullable(row.getString(13)),
        row.getLong(14) == 1);
  }

  private static Value value(ResultSet row) throws SQLException {
    String json = row.getString(6);
    return switch (row.getString(4)) {
      case "feedback" -> {
        Optional<String> message = Optional.ofNullable(row.getString(16));
        Optional<String> trace = Optional.ofNullable(row.getString(17));
        yield new Value.Feedback(
            json,
            Optional.ofNullable(row.getString(15)).map(code -> new Failure(code, message, trace)));
      }
      case "expectation" -> new Value.Expectation(json);
      default -> new Value.Issue(json);
    };
  }
}
