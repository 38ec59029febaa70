package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.util.List;
import java.util.Optional;

/** Finds logged models by a filter in MLflow's language. Thread-safe. */
public final class LoggedModelSearch {
  /** The most models that a page may have. */
  public static final int MOST = 1_000;

  private final MetadataStore store;

  LoggedModelSearch(MetadataStore store) {
    this.store = store;
  }

  /**
   * A dataset that metrics are to be of.
   *
   * @param digest empty for any
   */
  public record OnDataset(String name, String digest) {}

  /**
   * A key to order by.
   *
   * @param field {@code metrics.k} or an attribute
   * @param dataset for a metric: of which dataset; empty for any
   */
  public record OrderBy(String field, boolean ascending, Optional<OnDataset> dataset) {}

  /**
   * What to find.
   *
   * @param datasets conditions on metrics look at metrics of these only; none for all
   * @param orderBy the newest first when none
   * @param limit the most on a page, 1 to {@link #MOST}
   * @param after {@link Page#next} of the page before
   */
  public record Question(
      List<String> experimentIds,
      String filter,
      List<OnDataset> datasets,
      List<OrderBy> orderBy,
      int limit,
      Optional<String> after) {}

  public Page<LoggedModel> search(Question question) {
    List<Clause> clauses = Filter.parse(question.filter(), Filter.Wording.WHOLE);
    long offset = question.after().map(token -> PageToken.offset(token, "m")).orElse(0L);
    Object[] experiments = RunSearch.numbers(question.experimentIds());
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(
          LoggedModels.COLUMNS
              + " where m.lifecycle = 'active' and m.experiment in ("
              + Sql.marks(experiments.length)
              + ")",
          experiments);
      for (Clause clause : clauses) {
        query.add(" and ");
        where(query, clause, question.datasets());
      }
      if (!question.datasets().isEmpty() && clauses.stream().noneMatch(Clause::isMetric)) {
        query.add(" and exists (select 1 from tracking_model_metrics x where x.model = m.number");
        onDatasets(query, question.datasets());
        query.add(")");
      }
      query.add(" order by ");
      for (OrderBy term : question.orderBy()) {
        order(query, term);
      }
      query.add("m.created desc, m.number desc limit ? offset ?", question.limit() + 1L, offset);
      List<LoggedModel> found =
          Sql.list(
              connection, query.sql(), row -> LoggedModels.whole(connection, row), query.values());
      return new Page<>(
          found.subList(0, Math.min(found.size(), question.limit())),
          found.size() > question.limit()
              ? Optional.of(PageToken.of("m", Long.toString(offset + question.limit())))
              : Optional.empty());
    });
  }

  private static void where(Condition query, Clause clause, List<OnDataset> datasets) {
    switch (clause.entity()) {
      case "metric", "metrics" -> {
        requireOperator(clause, "metrics." + clause.key(), true);
        query.add(
            "exists (select 1 from tracking_model_metrics x where x.model = m.number and x.name = ?",
            clause.key());
        onDatasets(query, datasets);
        query.add(" and ");
        query.compareMetric("x", clause).add(")");
      }
      case "param", "params", "parameter", "parameters" ->
          pair(query, "tracking_model_params", "params." + clause.key(), clause);
      case "tag", "tags" -> pair(query, "tracking_model_tags", "tags." + clause.key(), clause);
      case "", "attribute", "attributes", "attr" -> attribute(query, clause);
      default ->
          throw TrackingException.invalid(
              "Invalid entity type: '%s'. Expected one of ['attributes', 'metrics', 'params', 'tags']."
                  .formatted(Names.visible(clause.entity())));
    }
  }

  private static void requireOperator(Clause clause, String of, boolean isNumber) {
    boolean may =
        isNumber
            ? clause.comparator().isOrder()
            : clause.comparator().isText() || clause.comparator().isList();
    if (!may) {
      throw TrackingException.invalid(
          "Invalid comparison operator for %s: '%s'. Expected one of (%s)."
              .formatted(
                  Names.visible(of),
                  clause.operator(),
                  isNumber
                      ? "'<', '<=', '>', '>=', '=', '!='"
                      : "'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'"));
    }
  }

  private static void onDatasets(Condition query, List<OnDataset> datasets) {
    if (datasets.isEmpty()) {
      return;
    }
    String joint = " and (";
    for (OnDataset dataset : datasets) {
      query.add(joint + "(x.dataset_name = ?", dataset.name());
      if (!dataset.digest().isEmpty()) {
        query.add(" and x.dataset_digest = ?", dataset.digest());
      }
      query.add(")");
      joint = " or ";
    }
    query.add(")");
  }

  private static void pair(Condition query, String table, String of, Clause clause) {
    requireOperator(clause, of, false);
    query.add(
        "exists (select 1 from " + table + " p where p.model = m.number and p.name = ? and ",
        clause.key());
    query.compareText("p.value", clause).add(")");
  }

  private static void attribute(Condition query, Clause clause) {
    String column = column(clause.key());
    switch (column) {
      case "m.created" -> {
        requireOperator(clause, "attributes.creation_timestamp_ms", true);
        query.compareNumber(column, clause);
      }
      case "m.updated" -> {
        requireOperator(clause, "attributes.last_updated_timestamp_ms", true);
        query.compareNumber(column, clause);
      }
      default -> {
        requireOperator(clause, "attributes." + clause.key(), false);
        query.compareText(column, clause);
      }
    }
  }

  private static String column(String key) {
    return switch (key) {
      case "name" -> "m.name";
      case "model_id" -> "m.model_id";
      case "model_type" -> "m.model_type";
      case "status" -> "m.status";
      case "source_run_id" -> "m.source_run";
      case "creation_timestamp", "creation_timestamp_ms", "creation_time" -> "m.created";
      case "last_updated_timestamp", "last_updated_timestamp_ms", "last_updated_time" ->
          "m.updated";
      default ->
          throw TrackingException.invalid(
              "Invalid logged model search key '%s'. Valid keys are 'name', 'model_id', 'model_type', 'status', 'source_run_id', 'creation_timestamp', 'last_updated_timestamp'"
                  .formatted(Names.visible(key)));
    };
  }

  private static void order(Condition query, OrderBy term) {
    String direction = term.ascending() ? " asc, " : " desc, ";
    int dot = term.field().indexOf('.');
    if (dot < 0) {
      query.add(orderColumn(term.field()) + direction);
      return;
    }
    if (!term.field().startsWith("metrics.")) {
      throw TrackingException.invalid(
          "Invalid order by field name: %s. Only metrics are supported."
              .formatted(Names.visible(term.field())));
    }
    String key = term.field().substring(dot + 1);
    metric(query.add("coalesce("), "x.is_nan", key, term);
    query.add(", 2), ");
    metric(query, "x.value", key, term);
    query.add(direction);
  }

  private static String orderColumn(String field) {
    try {
      return column(field);
    } catch (TrackingException e) {
      throw TrackingException.invalid(
          "Invalid order by field name: " + Names.visible(Names.cut(field, 200)));
    }
  }

  /** A part of the latest point of a metric of the model. */
  private static void metric(Condition query, String column, String key, OrderBy term) {
    query.add(
        "(select "
            + column
            + " from tracking_model_metrics x where x.model = m.number and x.name = ?",
        key);
    onDatasets(query, term.dataset().map(List::of).orElse(List.of()));
    query.add(" order by x.logged_at desc, x.step desc, x.run_id limit 1)");
  }
}
