package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Filter.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds runs by a filter in MLflow's language. Thread-safe. */
public final class RunSearch {
  private static final PageStart.Kinds PAGES = new PageStart.Kinds("r", "o");

  /** The most runs that a page may have. */
  public static final int MOST = 50_000;

  private static final String URI =
      "(case when e.location like '%/' then e.location else e.location || '/' end"
          + " || r.run_id || '/artifacts')";

  private final MetadataStore store;

  RunSearch(MetadataStore store) {
    this.store = store;
  }

  /**
   * What to find.
   *
   * @param experimentIds unknown ones are passed over; none finds nothing
   * @param filter empty for all
   * @param orderBy {@code entity.key [ASC|DESC]} each; newest first then
   * @param limit the most on a page, 1 to {@link #MOST}
   * @param after {@link Page#next} of the page before
   */
  public record Question(
      List<String> experimentIds,
      String filter,
      Lifecycle.View view,
      List<String> orderBy,
      int limit,
      Optional<String> after) {}

  public Page<Run> search(Question question) {
    List<Clause> clauses = Filter.parse(question.filter());
    List<Order> order = question.orderBy().stream().map(Filter::parseOrder).toList();
    requireDistinct(order);
    Optional<PageStart> start = question.after().map(token -> PAGES.parse(token, order.isEmpty()));
    Object[] experiments = numbers(question.experimentIds());
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(
          RunRow.COLUMNS + " where r.experiment in (" + Sql.marks(experiments.length) + ")",
          experiments);
      view(query, "r.lifecycle", question.view());
      for (Clause clause : clauses) {
        query.add(" and ");
        where(query, clause);
      }
      order(query, order, start);
      query.add(
          " limit ? offset ?", question.limit() + 1L, start.map(PageStart::offset).orElse(0L));
      return page(connection, query, question.limit(), order.isEmpty(), start);
    });
  }

  private static Page<Run> page(
      Connection connection, Condition query, int limit, boolean byTime, Optional<PageStart> start)
      throws SQLException {
    List<RunRow> rows = Sql.list(connection, query.sql(), RunRow::read, query.values());
    if (rows.size() <= limit) {
      return new Page<>(RunReader.whole(connection, rows), Optional.empty());
    }
    List<RunRow> shown = rows.subList(0, limit);
    String next =
        byTime
            ? PAGES.after(shown.getLast().info().started(), shown.getLast().info().runId())
            : PAGES.at(start.map(PageStart::offset).orElse(0L) + limit);
    return new Page<>(RunReader.whole(connection, shown), Optional.of(next));
  }

  static Object[] numbers(List<String> experimentIds) {
    return experimentIds.stream().map(Names::experimentId).distinct().toArray();
  }

  static void view(Condition query, String column, Lifecycle.View view) {
    switch (view) {
      case ACTIVE_ONLY -> query.add(" and " + column + " = 'active'");
      case DELETED_ONLY -> query.add(" and " + column + " = 'deleted'");
      case ALL -> {}
    }
  }

  private static void where(Condition query, Clause clause) {
    switch (clause.entity()) {
      case "metric", "metrics" -> {
        if (clause.comparator().isNullTest()) {
          throw onlyTagsAreNull("metric", clause);
        }
        query.add(
            "exists (select 1 from tracking_metrics m where m.run = r.number and m.name = ? and ",
            clause.key());
        query.compareMetric("m", clause).add(")");
      }
      case "param", "params", "parameter", "parameters" -> pair(query, "tracking_params", clause);
      case "tag", "tags" -> tag(query, clause);
      case "dataset", "datasets" -> dataset(query, clause);
      case "", "attribute", "attributes", "attr", "run" -> attribute(query, clause);
      default -> throw unknown(clause.entity());
    }
  }

  private static TrackingException unknown(String entity) {
    return TrackingException.invalid(
        "Invalid entity type '%s'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"
            .formatted(Names.visible(entity)));
  }

  private static void tag(Condition query, Clause clause) {
    switch (clause.key()) {
      case Tags.RUN_NAME -> column(query, "r.name", clause);
      case Tags.PARENT -> column(query, "r.parent", clause);
      default -> pair(query, "tracking_tags", clause);
    }
  }

  /** A tag that is a column of the run; empty when the run has it not. */
  private static void column(Condition query, String column, Clause clause) {
    switch (clause.comparator()) {
      case IS_NULL -> query.add(column + " = ''");
      case IS_NOT_NULL -> query.add(column + " <> ''");
      default -> {
        requireText(clause);
        query.add("(" + column + " <> '' and ");
        query.compareText(column, clause).add(")");
      }
    }
  }

  private static void pair(Condition query, String table, Clause clause) {
    String there = "exists (select 1 from " + table + " p where p.run = r.number and p.name = ?";
    switch (clause.comparator()) {
      case IS_NULL -> query.add("not " + there + ")", clause.key());
      case IS_NOT_NULL -> query.add(there + ")", clause.key());
      default -> {
        requireText(clause);
        query.add(there + " and ", clause.key());
        query.compareText("p.value", clause).add(")");
      }
    }
  }

  static void requireText(Clause clause) {
    clause.text();
    if (!clause.comparator().isText()) {
      throw clause.badComparator("=, !=, LIKE, ILIKE, IS NULL, IS NOT NULL");
    }
  }

  private static void dataset(Condition query, Clause clause) {
    if (clause.comparator().isNullTest()) {
      throw onlyTagsAreNull("dataset", clause);
    }
    String use =
        "exists (select 1 from tracking_inputs i join tracking_datasets d on d.number = i.dataset"
            + " where i.run = r.number and ";
    switch (clause.key()) {
      case "name" -> query.add(use).compareText("d.name", clause).add(")");
      case "digest" -> query.add(use).compareText("d.digest", clause).add(")");
      case "context" ->
          query
              .add(
                  "exists (select 1 from tracking_input_tags t where t.run = r.number and t.name = ? and ",
                  DatasetInput.CONTEXT)
              .compareText("t.value", clause)
              .add(")");
      default ->
          throw TrackingException.invalid(
              "Invalid dataset key '%s' specified. Valid keys are '{'name', 'digest', 'context'}'"
                  .formatted(Names.visible(clause.key())));
    }
  }

  private static void attribute(Condition query, Clause clause) {
    String column = column(clause.key());
    if (clause.comparator().isNullTest()) {
      throw onlyTagsAreNull("attribute", clause);
    }
    if (column.equals("r.started") || column.equals("r.ended")) {
      query.compareNumber(column, clause);
      return;
    }
    clause.requireNoList("run_id");
    query.compareText(column, clause);
  }

  private static TrackingException onlyTagsAreNull(String entity, Clause clause) {
    return TrackingException.invalid(
        "IS NULL / IS NOT NULL is only supported for tags and params, not for '%s' '%s'"
            .formatted(entity, Names.visible(clause.key())));
  }

  private static String column(String key) {
    return switch (key) {
      case "run_id" -> "r.run_id";
      case "run_name", "run name", "Run name", "Run Name" -> "r.name";
      case "status" -> "r.status";
      case "artifact_uri" -> URI;
      case "user_id" -> "r.user_id";
      case "start_time", "created", "Created" -> "r.started";
      case "end_time" -> "r.ended";
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '{'run_id', 'run_name', 'status', 'artifact_uri', 'user_id', 'start_time', 'end_time', 'created', 'Created', 'run name', 'Run name', 'Run Name'}'"
                  .formatted(Names.visible(key)));
    };
  }

  private static void requireDistinct(List<Order> order) {
    Set<String> seen = new HashSet<>();
    for (Order term : order) {
      if (!seen.add(term.name())) {
        throw TrackingException.invalid(
            "`order_by` contains duplicate fields: " + Names.visible(term.name()));
      }
    }
  }

  private static void order(Condition query, List<Order> order, Optional<PageStart> start) {
    if (order.isEmpty() && start.isPresent()) {
      PageStart from = start.get();
      query.add(
          " and (r.started < ? or (r.started = ? and r.run_id > ?))",
          from.started(),
          from.started(),
          from.id());
    }
    query.add(" order by ");
    for (Order term : order) {
      order(query, term);
    }
    query.add("r.started desc, r.run_id");
  }

  /** What is missing comes last in both directions, NaN before it. */
  private static void order(Condition query, Order term) {
    String direction = term.ascending() ? " asc, " : " desc, ";
    switch (term.entity()) {
      case "metric", "metrics" -> {
        String metric = " from tracking_metrics m where m.run = r.number and m.name = ?)";
        query.add("coalesce((select m.is_nan" + metric + ", 2), ", term.key());
        query.add("(select m.value" + metric + direction, term.key());
      }
      case "param", "params", "parameter", "parameters" ->
          pairOrder(query, "tracking_params", term.key(), direction);
      case "tag", "tags" -> {
        switch (term.key()) {
          case Tags.RUN_NAME -> query.add("r.name" + direction);
          case Tags.PARENT -> query.add("r.parent" + direction);
          default -> pairOrder(query, "tracking_tags", term.key(), direction);
        }
      }
      case "", "attribute", "attributes", "attr", "run" -> {
        String column = column(term.key());
        query.add("case when " + column + " is null then 1 else 0 end, " + column + direction);
      }
      default -> throw unknown(term.entity());
    }
  }

  private static void pairOrder(Condition query, String table, String key, String direction) {
    String value = "(select p.value from " + table + " p where p.run = r.number and p.name = ?)";
    query.add("case when " + value + " is null then 1 else 0 end, ", key);
    query.add(value + direction, key);
  }

  /** The datasets that runs of these experiments read, each with what it was used for. */
  public List<DatasetInput.Summary> datasets(List<String> experimentIds) {
    Object[] experiments = numbers(experimentIds);
    return store.read(connection -> {
      List<DatasetInput.Summary> found = new ArrayList<>();
      Sql.each(
          connection,
          "select distinct d.experiment, d.name, d.digest, coalesce(t.value, '')"
              + " from tracking_datasets d join tracking_inputs i on i.dataset = d.number"
              + " left join tracking_input_tags t on t.run = i.run and t.dataset = d.number"
              + " and t.name = 'mlflow.data.context' where d.experiment in ("
              + Sql.marks(experiments.length)
              + ") order by 1, 2, 3, 4 limit 1000",
          row ->
              found.add(
                  new DatasetInput.Summary(
                      Long.toString(row.getLong(1)),
                      row.getString(2),
                      row.getString(3),
                      row.getString(4))),
          experiments);
      return found;
    });
  }
}
