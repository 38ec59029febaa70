package io.headrace.tracking;

import io.headrace.name.Visible;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.EvaluationDataset.Entry;
import io.headrace.tracking.Filter.Order;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The evaluation datasets and their records. Thread-safe. */
public final class EvaluationDatasets {
  /** The most datasets that a page may have. */
  public static final int MOST = 1_000;

  private static final String USER = "mlflow.user";
  private static final String EXPECTATION = "expectation";
  private static final String TAG = "tag";
  private static final String COLUMNS =
      """
      select d.number, d.dataset_id, d.name, d.created, d.updated, d.created_by, d.updated_by
      from evaluation_datasets d
      """;
  private static final String RECORD =
      """
      select r.number, r.record_id, r.inputs, r.outputs, r.source, r.source_type, r.created,
             r.updated, r.created_by, r.updated_by
      from evaluation_records r
      """;

  private final MetadataStore store;
  private final InstantSource clock;

  EvaluationDatasets(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** How many records came and how many were changed. */
  public record Count(int inserted, int updated) {}

  /**
   * What to find.
   *
   * @param visible which experiments there are, for whoever asks
   */
  public record Question(
      Visible visible,
      List<String> experimentIds,
      String filter,
      List<String> orderBy,
      int limit,
      Optional<String> after) {}

  /** Makes a dataset. Several may have one name. */
  public EvaluationDataset create(
      String name, List<String> experimentIds, Map<String, String> tags) {
    Names.atMost("name", name, 255);
    String id = "d-" + UUID.randomUUID().toString().replace("-", "");
    long now = clock.millis();
    return store.writeNow(connection -> {
      long number = Sql.next(connection, "evaluation_datasets", "number");
      Sql.update(
          connection,
          "insert into evaluation_datasets values (?, ?, ?, ?, ?, ?, ?)",
          number,
          id,
          name,
          now,
          now,
          tags.get(USER),
          tags.get(USER));
      putTags(connection, number, tags);
      for (String experiment : experimentIds) {
        link(connection, number, Names.experimentId(experiment));
      }
      return find(connection, id);
    });
  }

  private static void putTags(Connection connection, long dataset, Map<String, String> tags)
      throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      Sql.update(
          connection,
          "insert into evaluation_dataset_tags values (?, ?, ?)"
              + " on conflict (dataset, name) do update set value = excluded.value",
          dataset,
          Names.atMost("key", tag.getKey(), 255),
          Names.atMost("value", tag.getValue(), 5_000));
    }
  }

  private static void link(Connection connection, long dataset, long experiment)
      throws SQLException {
    Sql.update(
        connection,
        "insert into evaluation_dataset_experiments values (?, ?) on conflict do nothing",
        dataset,
        experiment);
  }

  public EvaluationDataset get(String id) {
    return store.read(connection -> find(connection, id));
  }

  private static EvaluationDataset find(Connection connection, String id) throws SQLException {
    return Sql.first(
            connection, COLUMNS + "where d.dataset_id = ?", row -> whole(connection, row), id)
        .orElseThrow(() -> missing(id));
  }

  private static TrackingException missing(String id) {
    return TrackingException.notFound(
        "Evaluation dataset with id '%s' not found".formatted(Names.visible(Names.cut(id, 64))));
  }

  private static long require(Connection connection, String id) throws SQLException {
    return Sql.first(
            connection,
            "select number from evaluation_datasets where dataset_id = ?",
            row -> row.getLong(1),
            id)
        .orElseThrow(() -> missing(id));
  }

  private static EvaluationDataset whole(Connection connection, ResultSet row) throws SQLException {
    long number = row.getLong(1);
    Map<String, String> tags = new HashMap<>();
    Sql.each(
        connection,
        "select name, value from evaluation_dataset_tags where dataset = ?",
        tag -> tags.put(tag.getString(1), tag.getString(2)),
        number);
    Map<String, SortedMap<String, String>> schema = new HashMap<>();
    Sql.each(
        connection,
        "select part, name, type from evaluation_schema where dataset = ?",
        field ->
            schema
                .computeIfAbsent(field.getString(1), _ -> new TreeMap<>())
                .put(field.getString(2), field.getString(3)),
        number);
    List<String> experiments =
        Sql.list(
            connection,
            "select experiment from evaluation_dataset_experiments where dataset = ? order by 1",
            it -> Long.toString(it.getLong(1)),
            number);
    long records =
        Sql.first(
                connection,
                "select count(*) from evaluation_records where dataset = ?",
                it -> it.getLong(1),
                number)
            .orElse(0L);
    String name = row.getString(3);
    long updated = row.getLong(5);
    return new EvaluationDataset(
        row.getString(2),
        name,
        digest(name + ":" + updated).substring(0, 8),
        row.getLong(4),
        updated,
        Optional.ofNullable(row.getString(6)),
        Optional.ofNullable(row.getString(7)),
        tags,
        schema,
        records,
        experiments);
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Deletes a dataset with its records; one that is not there may be deleted. */
  public void delete(String id) {
    store.writeNow(connection -> {
      Optional<Long> number =
          Sql.first(
              connection,
              "select number from evaluation_datasets where dataset_id = ?",
              row -> row.getLong(1),
              id);
      if (number.isPresent()) {
        Sql.update(
            connection,
            "delete from evaluation_record_fields where record in"
                + " (select number from evaluation_records where dataset = ?)",
            number.get());
        for (String table :
            List.of(
                "evaluation_records",
                "evaluation_schema",
                "evaluation_dataset_experiments",
                "evaluation_dataset_tags")) {
          Sql.update(connection, "delete from " + table + " where dataset = ?", number.get());
        }
        Sql.update(connection, "delete from evaluation_datasets where number = ?", number.get());
      }
      return number.isPresent();
    });
  }

  public void setTags(String id, Map<String, String> tags) {
    store.writeNow(connection -> {
      long number = require(connection, id);
      putTags(connection, number, tags);
      return number;
    });
  }

  /** Takes a tag away; one that is not there may be deleted. */
  public void deleteTag(String id, String key) {
    store.writeNow(connection ->
        Sql.update(
            connection,
            "delete from evaluation_dataset_tags where name = ? and dataset in"
                + " (select number from evaluation_datasets where dataset_id = ?)",
            key,
            id));
  }

  /** Says that a dataset belongs to experiments, all of which must be there. */
  public EvaluationDataset addTo(String id, List<String> experimentIds) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      long number = require(connection, id);
      for (String experiment : experimentIds) {
        Experiments.require(connection, Names.experimentId(experiment));
        link(connection, number, Names.experimentId(experiment));
      }
      touch(connection, number, now);
      return find(connection, id);
    });
  }

  /** Undoes {@link #addTo}. */
  public EvaluationDataset removeFrom(String id, List<String> experimentIds) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      long number = require(connection, id);
      for (String experiment : experimentIds) {
        Sql.update(
            connection,
            "delete from evaluation_dataset_experiments where dataset = ? and experiment = ?",
            number,
            Names.experimentId(experiment));
      }
      touch(connection, number, now);
      return find(connection, id);
    });
  }

  private static void touch(Connection connection, long number, long now) throws SQLException {
    Sql.update(
        connection, "update evaluation_datasets set updated = ? where number = ?", now, number);
  }

  /**
   * Puts records in; those whose inputs are there already are changed: outputs are replaced,
   * expectations and tags put to what there is.
   *
   * @param schema the type of each field of the records, by part; what is known stays
   */
  public Count put(String id, List<Entry> entries, Map<String, Map<String, String>> schema) {
    long now = clock.millis();
    return store.writeNow(connection -> {
      long dataset = require(connection, id);
      int inserted = 0;
      for (Entry entry : entries) {
        inserted += put(connection, dataset, entry, now) ? 1 : 0;
      }
      for (Map.Entry<String, Map<String, String>> part : schema.entrySet()) {
        for (Map.Entry<String, String> field : part.getValue().entrySet()) {
          Sql.update(
              connection,
              "insert into evaluation_schema values (?, ?, ?, ?) on conflict do nothing",
              dataset,
              part.getKey(),
              field.getKey(),
              field.getValue());
        }
      }
      Optional<String> user = entries.stream().flatMap(it -> it.user().stream()).findFirst();
      Sql.update(
          connection,
          "update evaluation_datasets set updated = ?, updated_by = ? where number = ?",
          now,
          user.orElse(null),
          dataset);
      return new Count(inserted, entries.size() - inserted);
    });
  }

  /** Whether it is a new one. */
  private static boolean put(Connection connection, long dataset, Entry entry, long now)
      throws SQLException {
    String digest = digest(entry.inputs());
    Optional<Long> present =
        Sql.first(
            connection,
            "select number from evaluation_records where dataset = ? and inputs_digest = ?",
            row -> row.getLong(1),
            dataset,
            digest);
    long number = present.orElse(0L);
    if (present.isPresent()) {
      Sql.update(
          connection,
          "update evaluation_records set outputs = coalesce(?, outputs), updated = ?,"
              + " updated_by = coalesce(?, updated_by) where number = ?",
          entry.outputs().orElse(null),
          now,
          entry.user().orElse(null),
          number);
    } else {
      number = Sql.next(connection, "evaluation_records", "number");
      Sql.update(
          connection,
          "insert into evaluation_records values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          number,
          "dr-" + UUID.randomUUID().toString().replace("-", ""),
          dataset,
          digest,
          entry.inputs(),
          entry.outputs().orElse(null),
          entry.source().orElse(null),
          entry.sourceType(),
          now,
          now,
          entry.user().orElse(null),
          entry.user().orElse(null));
    }
    putFields(connection, number, EXPECTATION, entry.expectations());
    putFields(connection, number, TAG, entry.tags());
    return present.isEmpty();
  }

  private static void putFields(
      Connection connection, long record, String kind, Map<String, String> fields)
      throws SQLException {
    for (Map.Entry<String, String> field : fields.entrySet()) {
      Sql.update(
          connection,
          "insert into evaluation_record_fields values (?, ?, ?, ?)"
              + " on conflict (record, kind, name) do update set value = excluded.value",
          record,
          kind,
          field.getKey(),
          field.getValue());
    }
  }

  /** The records in the order in which they came. */
  public Page<EvaluationDataset.Kept> records(String id, int limit, Optional<String> after) {
    long from = after.map(token -> PageToken.offset(token, "d")).orElse(0L);
    return store.read(connection -> {
      long dataset = require(connection, id);
      Map<String, Long> numbers = new HashMap<>();
      List<EvaluationDataset.Kept> found =
          Sql.list(
              connection,
              RECORD + "where r.dataset = ? and r.number > ? order by r.number limit ?",
              row -> {
                numbers.put(row.getString(2), row.getLong(1));
                return record(connection, row, id);
              },
              dataset,
              from,
              limit + 1L);
      if (found.size() <= limit) {
        return new Page<>(found, Optional.empty());
      }
      List<EvaluationDataset.Kept> shown = found.subList(0, limit);
      long last = numbers.getOrDefault(shown.getLast().id(), 0L);
      return new Page<>(shown, Optional.of(PageToken.of("d", Long.toString(last))));
    });
  }

  private static EvaluationDataset.Kept record(Connection connection, ResultSet row, String id)
      throws SQLException {
    Map<String, String> expectations = new HashMap<>();
    Map<String, String> tags = new HashMap<>();
    Sql.each(
        connection,
        "select kind, name, value from evaluation_record_fields where record = ?",
        field ->
            (field.getString(1).equals(TAG) ? tags : expectations)
                .put(field.getString(2), field.getString(3)),
        row.getLong(1));
    Entry entry =
        new Entry(
            row.getString(3),
            Optional.ofNullable(row.getString(4)),
            expectations,
            tags,
            Optional.ofNullable(row.getString(5)),
            row.getString(6),
            Optional.ofNullable(row.getString(9)));
    return new EvaluationDataset.Kept(
        row.getString(2),
        id,
        entry,
        row.getLong(7),
        row.getLong(8),
        Optional.ofNullable(row.getString(9)),
        Optional.ofNullable(row.getString(10)));
  }

  /** Deletes those of the records that are there, and says how many. */
  public int deleteRecords(String id, List<String> recordIds) {
    return store.writeNow(connection -> {
      long dataset = require(connection, id);
      int gone = 0;
      for (String record : recordIds) {
        Sql.update(
            connection,
            "delete from evaluation_record_fields where record in"
                + " (select number from evaluation_records where dataset = ? and record_id = ?)",
            dataset,
            record);
        gone +=
            Sql.update(
                connection,
                "delete from evaluation_records where dataset = ? and record_id = ?",
                dataset,
                record);
      }
      return gone;
    });
  }

  /** Finds datasets by a filter in MLflow's language; of any experiment when none is named. */
  public Page<EvaluationDataset> search(Question question) {
    List<Clause> clauses = Filter.parse(question.filter());
    List<Order> order = question.orderBy().stream().map(Filter::parseOrder).toList();
    long offset = question.after().map(token -> PageToken.offset(token, "v")).orElse(0L);
    Object[] experiments = RunSearch.numbers(question.experimentIds());
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(COLUMNS + " where 1 = 1");
      if (experiments.length > 0) {
        query.add(
            " and exists (select 1 from evaluation_dataset_experiments x"
                + " where x.dataset = d.number and x.experiment in ("
                + Sql.marks(experiments.length)
                + "))",
            experiments);
      }
      if (question.visible() instanceof Visible.Only(Set<String> ids)) {
        seen(query, RunSearch.numbers(List.copyOf(ids)));
      }
      for (Clause clause : clauses) {
        query.add(" and ");
        where(query, clause);
      }
      query.add(" order by ");
      for (Order term : order) {
        query.add(column(term.key()) + (term.ascending() ? " asc, " : " desc, "));
      }
      query.add(order.isEmpty() ? "d.created desc, " : "");
      query.add("d.dataset_id desc limit ? offset ?", question.limit() + 1L, offset);
      List<EvaluationDataset> found =
          Sql.list(connection, query.sql(), row -> whole(connection, row), query.values());
      return new Page<>(
          found.subList(0, Math.min(found.size(), question.limit())),
          found.size() > question.limit()
              ? Optional.of(PageToken.of("v", Long.toString(offset + question.limit())))
              : Optional.empty());
    });
  }

  /** Only who may see all experiments of a dataset sees it; one without any, who sees all. */
  private static void seen(Condition query, Object[] experiments) {
    String some =
        "exists (select 1 from evaluation_dataset_experiments x where x.dataset = d.number";
    if (experiments.length == 0) {
      query.add(" and 1 = 0");
      return;
    }
    query.add(" and " + some + ")");
    query.add(
        " and not " + some + " and x.experiment not in (" + Sql.marks(experiments.length) + "))",
        experiments);
  }

  private static void where(Condition query, Clause clause) {
    if (clause.entity().equals("tag") || clause.entity().equals("tags")) {
      query.add(
          "exists (select 1 from evaluation_dataset_tags t where t.dataset = d.number"
              + " and t.name = ? and ",
          clause.key());
      query.compareText("t.value", clause).add(")");
      return;
    }
    String column = column(clause.key());
    if (column.equals("d.created") || column.equals("d.updated")) {
      query.compareNumber(column, clause);
    } else {
      query.compareText(column, clause);
    }
  }

  private static String column(String key) {
    return switch (key) {
      case "name" -> "d.name";
      case "created_by" -> "d.created_by";
      case "last_updated_by" -> "d.updated_by";
      case "created_time" -> "d.created";
      case "last_update_time" -> "d.updated";
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '{'name', 'created_by', 'last_updated_by', 'created_time', 'last_update_time'}'"
                  .formatted(Names.visible(key)));
    };
  }
}
