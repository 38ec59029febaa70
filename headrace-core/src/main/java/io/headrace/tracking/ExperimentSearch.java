package io.headrace.tracking;

import io.headrace.name.Visible;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Filter.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds experiments by a filter in MLflow's language. Thread-safe. */
public final class ExperimentSearch {
  /** The most experiments that a page may have. */
  public static final int MOST = 50_000;

  private final MetadataStore store;

  ExperimentSearch(MetadataStore store) {
    this.store = store;
  }

  /**
   * A page of the experiments that a filter lets through.
   *
   * @param visible which there are, for whoever asks
   * @param filter empty for all
   * @param orderBy {@code key [ASC|DESC]} each; the newest first when none
   * @param limit the most on a page, 1 to {@link #MOST}
   * @param after {@link Page#next} of the page before
   */
  public Page<Experiment> search(
      Visible visible,
      String filter,
      Lifecycle.View view,
      List<String> orderBy,
      int limit,
      Optional<String> after) {
    List<Clause> clauses = Filter.parse(filter, Filter.Wording.BARE);
    List<Order> order = orderBy.stream().map(Filter::parseOrder).toList();
    long offset = after.map(token -> PageToken.offset(token, "e")).orElse(0L);
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(
          "select e.id, e.name, e.location, e.lifecycle, e.created, e.updated"
              + " from tracking_experiments e where 1 = 1");
      RunSearch.view(query, "e.lifecycle", view);
      if (visible instanceof Visible.Only(Set<String> ids)) {
        Object[] numbers = RunSearch.numbers(List.copyOf(ids));
        query.add(" and e.id in (" + Sql.marks(numbers.length) + ")", numbers);
      }
      for (Clause clause : clauses) {
        query.add(" and ");
        where(query, clause);
      }
      query.add(" order by ");
      for (Order term : order) {
        requireAttribute(term.entity());
        query.add(column(term.key()) + (term.ascending() ? " asc, " : " desc, "));
      }
      query.add(order.isEmpty() ? "e.created desc, e.id asc" : "e.id desc");
      query.add(" limit ? offset ?", limit + 1L, offset);
      List<Experiment> found = Sql.list(connection, query.sql(), Experiments::read, query.values());
      List<Experiment> shown = new ArrayList<>();
      for (Experiment experiment : found.subList(0, Math.min(limit, found.size()))) {
        shown.add(Experiments.withTags(connection, experiment));
      }
      return new Page<>(
          shown,
          found.size() > limit
              ? Optional.of(PageToken.of("e", Long.toString(offset + limit)))
              : Optional.empty());
    });
  }

  private static void where(Condition query, Clause clause) {
    if (clause.entity().equals("tag") || clause.entity().equals("tags")) {
      tag(query, clause);
      return;
    }
    requireAttribute(clause.entity());
    String column = column(clause.key());
    if (clause.comparator().isNullTest()) {
      throw TrackingException.invalid(
          "IS NULL / IS NOT NULL is only supported for tags, not for attribute '%s'"
              .formatted(Names.visible(clause.key())));
    }
    switch (column) {
      case "e.id" -> id(query, clause);
      case "e.created", "e.updated" -> query.compareNumber(column, clause);
      default -> {
        clause.requireNoList("experiment_id");
        query.compareText(column, clause);
      }
    }
  }

  private static void id(Condition query, Clause clause) {
    switch (clause.comparator()) {
      case EQUAL, NOT_EQUAL -> Names.experimentId(clause.text());
      case IN, NOT_IN -> clause.texts().forEach(Names::experimentId);
      case LIKE,
          ILIKE,
          GREATER,
          GREATER_OR_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          IS_NULL,
          IS_NOT_NULL,
          FOREIGN -> {
        clause.requireTexts();
        throw TrackingException.invalid(
            "Invalid comparator for experiment_id: " + clause.operator());
      }
    }
    query.compareText("cast(e.id as text)", clause);
  }

  private static void tag(Condition query, Clause clause) {
    String there =
        "exists (select 1 from tracking_experiment_tags t where t.experiment = e.id and t.name = ?";
    switch (clause.comparator()) {
      case IS_NULL -> query.add("not " + there + ")", clause.key());
      case IS_NOT_NULL -> query.add(there + ")", clause.key());
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, IN, NOT_IN, FOREIGN -> {
        clause.text();
        throw TrackingException.invalid("Invalid comparator for tag: " + clause.operator());
      }
      case EQUAL, NOT_EQUAL, LIKE, ILIKE -> {
        query.add(there + " and ", clause.key());
        query.compareText("t.value", clause).add(")");
      }
    }
  }

  private static void requireAttribute(String entity) {
    switch (entity) {
      case "", "attribute" -> {}
      case "tag", "tags" -> throw TrackingException.invalid("Invalid order_by entity: tag");
      default ->
          throw TrackingException.invalid(
              "Invalid entity type '%s'. Valid entity types are ('attribute', 'tag', 'tags')"
                  .formatted(Names.visible(entity)));
    }
  }

  private static String column(String key) {
    return switch (key) {
      case "name" -> "e.name";
      case "experiment_id" -> "e.id";
      case "creation_time" -> "e.created";
      case "last_update_time" -> "e.updated";
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '{'name', 'experiment_id', 'creation_time', 'last_update_time'}'"
                  .formatted(Names.visible(key)));
    };
  }
}
