package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The traces of programs: making, reading, tagging, linking, deleting. Thread-safe. */
public final class Traces {
  static final String SPANS_LOCATION = "mlflow.trace.spansLocation";
  static final String IN_STORE = "TRACKING_STORE";
  static final String FINAL = "mlflow.trace.infoFinalized";
  static final String LOCATION = "mlflow.artifactLocation";
  static final int VALUE_LENGTH = 8_000;

  /** MLflow keeps less of a tag that is set later on. */
  private static final int SET_LENGTH = 4_096;

  static final int PREVIEW_LENGTH = 1_000;
  static final String RUN = "run";
  static final String PROMPT = "prompt";

  private static final int MOST_LINKS = 100;

  private final MetadataStore store;
  private final InstantSource clock;

  Traces(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** A trace with its spans: JSON each, the root first, then by their beginning. */
  public record Whole(TraceInfo info, List<String> spans) {
    public Whole {
      spans = List.copyOf(spans);
    }
  }

  /**
   * Makes a trace, or completes one of which spans came first. What was told here is not changed by
   * spans that come later.
   */
  public TraceInfo start(TraceInfo info) {
    long experiment = Names.experimentId(info.experimentId());
    long now = clock.millis();
    return store.writeNow(connection -> {
      Experiment its = Experiments.requireActive(connection, experiment);
      long number = put(connection, info, experiment);
      putTags(connection, number, info.tags());
      putTag(connection, number, LOCATION, artifacts(its, info.traceId()));
      putMetadata(connection, number, info.metadata());
      putPair(connection, "trace_metadata", number, FINAL, "true");
      for (Assessment assessment : info.assessments()) {
        Assessments.insert(connection, number, assessment, now);
      }
      return one(connection, info.traceId());
    });
  }

  private static long put(Connection connection, TraceInfo info, long experiment)
      throws SQLException {
    Optional<TraceRow> present = TraceRow.find(connection, info.traceId());
    if (present.isEmpty()) {
      return insert(connection, info, experiment, true);
    }
    Sql.update(
        connection,
        """
        update traces set experiment = ?, started = ?, duration = ?, state = ?,
          client_request_id = ?, request_preview = coalesce(?, request_preview),
          response_preview = coalesce(?, response_preview), complete = 1
        where number = ?\
        """,
        experiment,
        info.started(),
        boxed(info.duration()),
        info.state().name(),
        info.clientRequestId().orElse(null),
        info.requestPreview().orElse(null),
        info.responsePreview().orElse(null),
        present.get().number());
    return present.get().number();
  }

  private static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  /**
   * A row for a trace that has none.
   *
   * @param isComplete false when only spans spoke of it so far
   */
  static long insert(Connection connection, TraceInfo info, long experiment, boolean isComplete)
      throws SQLException {
    long number = Sql.next(connection, "traces", "number");
    Sql.update(
        connection,
        "insert into traces values (?, ?, ?, ?, ?, ?, ?, ?, ?, null, null, ?)",
        number,
        Names.runId(info.traceId()),
        experiment,
        info.started(),
        boxed(info.duration()),
        info.state().name(),
        info.clientRequestId().orElse(null),
        info.requestPreview().orElse(null),
        info.responsePreview().orElse(null),
        isComplete ? 1L : 0L);
    return number;
  }

  static String artifacts(Experiment experiment, String traceId) {
    return RunRow.join(experiment.artifactLocation(), "traces/" + traceId + "/artifacts");
  }

  /** Makes a trace as clients before MLflow 3 do: under an id of ours, going on. */
  public TraceInfo begin(
      String experimentId, long started, Map<String, String> metadata, Map<String, String> tags) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return start(
        new TraceInfo(
            id,
            experimentId,
            started,
            OptionalLong.empty(),
            TraceInfo.State.IN_PROGRESS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            metadata,
            tags,
            List.of()));
  }

  /** Ends what {@link #begin} made. */
  public TraceInfo end(
      String traceId,
      long ended,
      TraceInfo.State state,
      Map<String, String> metadata,
      Map<String, String> tags) {
    return store.writeNow(connection -> {
      TraceRow row = TraceRow.require(connection, traceId);
      Sql.update(
          connection,
          "update traces set duration = ?, state = ? where number = ?",
          ended - row.started(),
          state.name(),
          row.number());
      putMetadata(connection, row.number(), metadata);
      putTags(connection, row.number(), tags);
      return one(connection, traceId);
    });
  }

  public TraceInfo get(String traceId) {
    return store.read(connection -> one(connection, traceId));
  }

  private static TraceInfo one(Connection connection, String traceId) throws SQLException {
    return TraceRow.whole(connection, List.of(TraceRow.require(connection, traceId))).getFirst();
  }

  /** Those of the traces that are there, in the order asked for. */
  public List<TraceInfo> all(List<String> traceIds) {
    return store.read(connection -> TraceRow.whole(connection, rows(connection, traceIds)));
  }

  /** As {@link #all}, with their spans; without those whose spans lie elsewhere. */
  public List<Whole> whole(List<String> traceIds) {
    return store.read(connection -> {
      List<TraceRow> rows = rows(connection, traceIds);
      List<TraceInfo> infos = TraceRow.whole(connection, rows);
      List<Whole> found = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (IN_STORE.equals(infos.get(i).tags().get(SPANS_LOCATION))) {
          found.add(new Whole(infos.get(i), Spans.of(connection, rows.get(i).number())));
        }
      }
      return found;
    });
  }

  private static List<TraceRow> rows(Connection connection, List<String> traceIds)
      throws SQLException {
    Map<String, TraceRow> byId = new LinkedHashMap<>();
    for (String id : traceIds) {
      if (!byId.containsKey(id)) {
        TraceRow.find(connection, id).ifPresent(row -> byId.put(id, row));
      }
    }
    return List.copyOf(byId.values());
  }

  public void setTag(String traceId, String key, String value) {
    Names.key("key", "key", key);
    store.writeNow(connection -> {
      long number = TraceRow.require(connection, traceId).number();
      putTag(connection, number, key, Names.cut(value, SET_LENGTH));
      return number;
    });
  }

  public void deleteTag(String traceId, String key) {
    store.writeNow(connection -> {
      long number = TraceRow.find(connection, traceId).map(TraceRow::number).orElse(-1L);
      int gone =
          key.equals(TraceRow.NAME)
              ? Sql.update(
                  connection,
                  "update traces set name = null where number = ? and name is not null",
                  number)
              : Sql.update(
                  connection, "delete from trace_tags where trace = ? and name = ?", number, key);
      if (gone == 0) {
        throw TrackingException.notFound(
            "No trace tag with key '%s' for trace with ID '%s'"
                .formatted(Names.visible(key), Names.visible(Names.cut(traceId, 250))));
      }
      return number;
    });
  }

  static void putTags(Connection connection, long trace, Map<String, String> tags)
      throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      putTag(
          connection,
          trace,
          Names.cut(tag.getKey(), Names.KEY_LENGTH),
          Names.cut(tag.getValue(), VALUE_LENGTH));
    }
  }

  static void putTag(Connection connection, long trace, String key, String value)
      throws SQLException {
    if (key.equals(TraceRow.NAME)) {
      Sql.update(connection, "update traces set name = ? where number = ?", value, trace);
      return;
    }
    putPair(connection, "trace_tags", trace, key, value);
  }

  static void putMetadata(Connection connection, long trace, Map<String, String> metadata)
      throws SQLException {
    for (Map.Entry<String, String> pair : metadata.entrySet()) {
      String value = Names.cut(pair.getValue(), VALUE_LENGTH);
      if (pair.getKey().equals(TraceRow.SESSION)) {
        Sql.update(connection, "update traces set session = ? where number = ?", value, trace);
      } else {
        String key = Names.cut(pair.getKey(), Names.KEY_LENGTH);
        putPair(connection, "trace_metadata", trace, key, value);
      }
    }
  }

  private static void putPair(
      Connection connection, String table, long trace, String key, String value)
      throws SQLException {
    Sql.update(
        connection,
        "insert into "
            + table
            + " values (?, ?, ?) on conflict (trace, name) do update set value = excluded.value",
        trace,
        key,
        value);
  }

  /** Says that traces belong to a run, which need not be known. Unknown traces are passed over. */
  public void linkToRun(List<String> traceIds, String runId) {
    if (traceIds.size() > MOST_LINKS) {
      throw TrackingException.invalid(
          "Cannot link more than %d traces to a run in a single request. Provided %d traces."
              .formatted(MOST_LINKS, traceIds.size()));
    }
    Names.runId(runId);
    store.writeNow(connection -> {
      for (TraceRow row : rows(connection, traceIds)) {
        link(connection, row.number(), RUN, runId);
      }
      return runId;
    });
  }

  /**
   * Says which prompts a trace used.
   *
   * @param prompts {@code name/version} each
   */
  public void linkPrompts(String traceId, List<String> prompts) {
    store.writeNow(connection -> {
      long number = TraceRow.require(connection, traceId).number();
      for (String prompt : prompts) {
        link(connection, number, PROMPT, prompt);
      }
      return number;
    });
  }

  private static void link(Connection connection, long trace, String kind, String target)
      throws SQLException {
    Sql.update(
        connection,
        "insert into trace_links values (?, ?, ?) on conflict do nothing",
        trace,
        kind,
        target);
  }

  /**
   * Deletes traces with all that belongs to them.
   *
   * @param upTo those that began until then, epoch milliseconds, the oldest first
   * @param most how many of these; empty for all
   * @return how many there were
   */
  public int deleteUpTo(String experimentId, long upTo, OptionalLong most) {
    long experiment = Names.experimentId(experimentId);
    return store.writeNow(connection ->
        delete(
            connection,
            Sql.list(
                connection,
                "select number from traces where experiment = ? and started <= ?"
                    + " order by started, trace_id limit ?",
                row -> row.getLong(1),
                experiment,
                upTo,
                most.orElse(Long.MAX_VALUE))));
  }

  /** As {@link #deleteUpTo}, the traces of these ids. */
  public int delete(String experimentId, List<String> traceIds) {
    long experiment = Names.experimentId(experimentId);
    return store.writeNow(connection ->
        delete(
            connection,
            rows(connection, traceIds).stream()
                .filter(row -> row.experiment() == experiment)
                .map(TraceRow::number)
                .toList()));
  }

  static int delete(Connection connection, List<Long> numbers) throws SQLException {
    for (long number : numbers) {
      Sql.update(
          connection,
          "delete from trace_assessment_metadata where assessment in"
              + " (select assessment_id from trace_assessments where trace = ?)",
          number);
      for (String table :
          List.of(
              "trace_assessments", "trace_links", "trace_spans", "trace_metadata", "trace_tags")) {
        Sql.update(connection, "delete from " + table + " where trace = ?", number);
      }
      Sql.update(connection, "delete from traces where number = ?", number);
    }
    return numbers.size();
  }
}
