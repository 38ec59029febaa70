package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Clause.Comparator;
import io.headrace.tracking.Filter.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds traces by a filter in MLflow's language. Thread-safe. */
public final class TraceSearch {
  private static final PageStart.Kinds PAGES = new PageStart.Kinds("t", "u");

  /** The most traces that a page may have. */
  public static final int MOST = 500;

  private static final String TEXT = "!=, =, LIKE, ILIKE, IN, NOT IN";
  private static final String PAIR = "!=, =, LIKE, ILIKE, IS NULL, IS NOT NULL";
  private static final String RUN = "mlflow.sourceRun";
  private static final String END = "(t.started + coalesce(t.duration, 0))";

  private final MetadataStore store;

  TraceSearch(MetadataStore store) {
    this.store = store;
  }

  /**
   * What to find.
   *
   * @param orderBy {@code entity.key [ASC|DESC]} each; newest first then
   * @param limit the most on a page, 1 to {@link #MOST}
   * @param after {@link Page#next} of the page before
   */
  public record Question(
      List<String> experimentIds,
      String filter,
      List<String> orderBy,
      int limit,
      Optional<String> after) {}

  public Page<TraceInfo> search(Question question) {
    List<Clause> clauses = Filter.parse(question.filter());
    List<Order> order = question.orderBy().stream().map(Filter::parseOrder).toList();
    requireDistinct(order);
    boolean byTime = order.isEmpty();
    Optional<PageStart> start = question.after().map(token -> PAGES.parse(token, byTime));
    Object[] experiments = RunSearch.numbers(question.experimentIds());
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(
          TraceRow.COLUMNS + " where t.experiment in (" + Sql.marks(experiments.length) + ")",
          experiments);
      conditions(query, clauses);
      if (byTime && start.isPresent()) {
        PageStart from = start.get();
        query.add(
            " and (t.started < ? or (t.started = ? and t.trace_id > ?))",
            from.started(),
            from.started(),
            from.id());
      }
      query.add(" order by ");
      for (Order term : order) {
        order(query, term);
      }
      query.add(
          "t.started desc, t.trace_id limit ? offset ?",
          question.limit() + 1L,
          start.map(PageStart::offset).orElse(0L));
      List<TraceRow> rows = Sql.list(connection, query.sql(), TraceRow::read, query.values());
      List<TraceRow> shown = rows.subList(0, Math.min(rows.size(), question.limit()));
      Optional<String> next =
          rows.size() <= question.limit()
              ? Optional.empty()
              : Optional.of(
                  byTime
                      ? PAGES.after(shown.getLast().started(), shown.getLast().traceId())
                      : PAGES.at(start.map(PageStart::offset).orElse(0L) + question.limit()));
      return new Page<>(TraceRow.whole(connection, shown), next);
    });
  }

  /** How many traces of some experiments pass a filter; empty for all. */
  public long count(List<String> experimentIds, List<String> filters) {
    List<Clause> clauses = new ArrayList<>();
    filters.forEach(filter -> clauses.addAll(Filter.parse(filter)));
    Object[] experiments = RunSearch.numbers(experimentIds);
    return store.read(connection -> {
      Condition query = new Condition(connection);
      query.add(
          "select count(*) from traces t where t.experiment in ("
              + Sql.marks(experiments.length)
              + ")",
          experiments);
      conditions(query, clauses);
      return Sql.first(connection, query.sql(), row -> row.getLong(1), query.values()).orElse(0L);
    });
  }

  /** All conditions on spans are to be met by one and the same span. */
  private static void conditions(Condition query, List<Clause> clauses) {
    List<Clause> ofSpans = new ArrayList<>();
    for (Clause clause : clauses) {
      if (clause.entity().equals("span") || isText(clause)) {
        ofSpans.add(clause);
      } else {
        query.add(" and ");
        where(query, clause);
      }
    }
    if (!ofSpans.isEmpty()) {
      query.add(" and exists (select 1 from trace_spans s where s.trace = t.number");
      for (Clause clause : ofSpans) {
        query.add(" and ");
        span(query, clause);
      }
      query.add(")");
    }
  }

  private static boolean isText(Clause clause) {
    return isAttribute(clause.entity()) && clause.key().equals("text");
  }

  private static boolean isAttribute(String entity) {
    return switch (entity) {
      case "", "attribute", "attributes", "trace" -> true;
      default -> false;
    };
  }

  private static void where(Condition query, Clause clause) {
    switch (clause.entity()) {
      case "tag", "tags" -> tag(query, clause);
      case "metadata", "request_metadata" -> metadata(query, clause, clause.key());
      case "feedback", "expectation" -> assessment(query, clause);
      case "issue" -> issue(query, clause);
      default -> {
        if (!isAttribute(clause.entity())) {
          throw unknown(clause.entity());
        }
        attribute(query, clause);
      }
    }
  }

  private static TrackingException unknown(String entity) {
    return TrackingException.invalid(
        "Invalid entity type '%s'. Valid values are {'tag', 'tags', 'attribute', 'attributes', 'trace', 'metadata', 'request_metadata', 'span', 'feedback', 'expectation', 'issue'}"
            .formatted(Names.visible(entity)));
  }

  private static void attribute(Condition query, Clause clause) {
    switch (clause.key()) {
      case "timestamp", "timestamp_ms" -> query.compareNumber("t.started", clause);
      case "execution_time", "execution_time_ms" -> query.compareNumber("t.duration", clause);
      case "end_time", "end_time_ms" -> query.compareNumber(END, clause);
      case "status" -> text(query, "t.state", clause);
      case "request_id", "trace_id" -> text(query, "t.trace_id", clause);
      case "client_request_id" -> text(query, "t.client_request_id", clause);
      case "name" -> {
        if (clause.comparator().isNullTest()) {
          column(query, "t.name", clause);
        } else {
          text(query, "t.name", clause);
        }
      }
      case "run_id" -> run(query, clause);
      case "prompt" -> prompt(query, clause);
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '{'request_id', 'timestamp', 'timestamp_ms', 'execution_time', 'execution_time_ms', 'end_time', 'end_time_ms', 'status', 'client_request_id', 'name', 'run_id', 'prompt', 'text'}'"
                  .formatted(Names.visible(clause.key())));
    }
  }

  private static void text(Condition query, String column, Clause clause) {
    if (!clause.comparator().isText() && !clause.comparator().isList()) {
      if (!clause.comparator().isNullTest()) {
        clause.requireTexts();
      }
      throw clause.badComparator(TEXT);
    }
    query.compareText(column, clause);
  }

  /** A run's traces are those that it made and those that were linked to it. */
  private static void run(Condition query, Clause clause) {
    if (clause.comparator() != Comparator.EQUAL) {
      metadata(query, clause, RUN);
      return;
    }
    query.add(
        "(exists (select 1 from trace_links l where l.trace = t.number and l.kind = ? and l.target = ?)"
            + " or exists (select 1 from trace_metadata m where m.trace = t.number and m.name = ?"
            + " and m.value = ?))",
        Traces.RUN,
        clause.text(),
        RUN,
        clause.text());
  }

  private static void prompt(Condition query, Clause clause) {
    if (clause.comparator() != Comparator.EQUAL) {
      throw TrackingException.invalid(
          "Invalid comparator '%s' for prompts filter. Only '=' is supported with format: prompt = \"name/version\""
              .formatted(clause.comparator().text()));
    }
    if (clause.text().chars().filter(c -> c == '/').count() != 1) {
      throw TrackingException.invalid(
          "Invalid prompts filter value '%s'. Expected format: prompt = \"name/version\""
              .formatted(Names.visible(clause.text())));
    }
    query.add(
        "exists (select 1 from trace_links l where l.trace = t.number and l.kind = ? and l.target = ?)",
        Traces.PROMPT,
        clause.text());
  }

  private static void tag(Condition query, Clause clause) {
    switch (clause.key()) {
      case TraceRow.NAME -> column(query, "t.name", clause);
      case "mlflow.linkedPrompts" -> prompt(query, clause);
      default -> pair(query, "trace_tags", clause.key(), clause);
    }
  }

  private static void metadata(Condition query, Clause clause, String key) {
    if (key.equals(TraceRow.SESSION)) {
      column(query, "t.session", clause);
    } else if (key.equals(RUN)
        && clause.comparator() == Comparator.EQUAL
        && !isAttribute(clause.entity())) {
      run(query, clause);
    } else {
      pair(query, "trace_metadata", key, clause);
    }
  }

  private static void column(Condition query, String column, Clause clause) {
    switch (clause.comparator()) {
      case IS_NULL -> query.add(column + " is null");
      case IS_NOT_NULL -> query.add(column + " is not null");
      case EQUAL, NOT_EQUAL, LIKE, ILIKE -> query.compareText(column, clause);
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, IN, NOT_IN, FOREIGN ->
          throw badPair(clause);
    }
  }

  private static void pair(Condition query, String table, String key, Clause clause) {
    String there = "exists (select 1 from " + table + " p where p.trace = t.number and p.name = ?";
    switch (clause.comparator()) {
      case IS_NULL -> query.add("not " + there + ")", key);
      case IS_NOT_NULL -> query.add(there + ")", key);
      case EQUAL, NOT_EQUAL, LIKE, ILIKE -> {
        query.add(there + " and ", key);
        query.compareText("p.value", clause).add(")");
      }
      case IN, NOT_IN -> {
        if (!isAttribute(clause.entity())) {
          throw badPair(clause);
        }
        query.add(there + " and ", key);
        query.compareText("p.value", clause).add(")");
      }
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, FOREIGN -> throw badPair(clause);
    }
  }

  private static TrackingException badPair(Clause clause) {
    clause.text();
    return clause.badComparator(PAIR);
  }

  private static void span(Condition query, Clause clause) {
    if (isText(clause) || clause.key().equals("content")) {
      content(query, clause);
    } else if (clause.key().startsWith("attributes.")) {
      attributeOfSpan(query, clause, clause.key().substring("attributes.".length()));
    } else {
      String column =
          switch (clause.key()) {
            case "name" -> "s.name";
            case "type" -> "s.type";
            case "status" -> "s.status";
            default ->
                throw TrackingException.invalid(
                    "Invalid span attribute '%s'. Supported attributes: name, status, type, attributes.<attribute_name>."
                        .formatted(Names.visible(clause.key())));
          };
      text(query, column, clause);
    }
  }

  private static void content(Condition query, Clause clause) {
    switch (clause.comparator()) {
      case LIKE, ILIKE -> query.compareText("s.content", clause);
      case EQUAL,
          NOT_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          IN,
          NOT_IN,
          IS_NULL,
          IS_NOT_NULL,
          FOREIGN ->
          throw clause.badComparator("LIKE, ILIKE");
    }
  }

  /** Attributes are in the span's JSON: {@code "key": value}, with nothing else between. */
  private static void attributeOfSpan(Condition query, Clause clause, String key) {
    if (key.isEmpty()) {
      throw TrackingException.invalid("Span attribute name cannot be empty after 'attributes.'");
    }
    String begin = "%\"" + key + "\":";
    String pattern =
        switch (clause.comparator()) {
          case LIKE, ILIKE -> begin + "%" + clause.text() + "%";
          case EQUAL -> begin + "\"%" + clause.text() + "%\"%";
          case NOT_EQUAL,
              GREATER,
              GREATER_OR_EQUAL,
              LESS,
              LESS_OR_EQUAL,
              IN,
              NOT_IN,
              IS_NULL,
              IS_NOT_NULL,
              FOREIGN ->
              throw clause.badComparator("=, LIKE, ILIKE");
        };
    Comparator how = clause.comparator() == Comparator.ILIKE ? Comparator.ILIKE : Comparator.LIKE;
    query.compareText("s.content", Clause.of("span", "content", how, pattern));
  }

  private static void assessment(Condition query, Clause clause) {
    String there =
        "exists (select 1 from trace_assessments a where a.trace = t.number and a.kind = ?"
            + " and a.name = ? and a.valid = 1";
    switch (clause.comparator()) {
      case IS_NULL -> query.add("not " + there + ")", clause.entity(), clause.key());
      case IS_NOT_NULL -> query.add(there + ")", clause.entity(), clause.key());
      case EQUAL, NOT_EQUAL -> {
        String not = clause.comparator() == Comparator.EQUAL ? "" : "not ";
        query.add(
            there + " and " + not + "(a.value = ? or a.value = ?))",
            clause.entity(),
            clause.key(),
            clause.text(),
            '"' + clause.text() + '"');
      }
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL -> {
        requireNumber(clause);
        query.add(there + " and ", clause.entity(), clause.key());
        query.compareNumber("a.number", clause).add(")");
      }
      case LIKE, ILIKE -> {
        query.add(there + " and ", clause.entity(), clause.key());
        query.compareText("a.value", clause).add(")");
      }
      case IN, NOT_IN, FOREIGN -> {
        clause.text();
        throw clause.badComparator("!=, =, <, <=, >, >=, LIKE, ILIKE, IS NULL, IS NOT NULL");
      }
    }
  }

  private static void requireNumber(Clause clause) {
    if (!(clause.value() instanceof Clause.Value.Numeral)) {
      throw TrackingException.invalid(
          "Expected a numeric value for %s when using comparator '%s'. Got value %s"
              .formatted(clause.entity(), clause.operator(), Names.visible(clause.right())));
    }
  }

  private static void issue(Condition query, Clause clause) {
    if (!clause.key().equals("id")) {
      throw TrackingException.invalid(
          "Invalid issue attribute '%s'. Supported attributes: id"
              .formatted(Names.visible(clause.key())));
    }
    if (clause.comparator() != Comparator.EQUAL) {
      throw clause.badComparator("=");
    }
    query.add(
        "exists (select 1 from trace_assessments a where a.trace = t.number and a.kind = 'issue'"
            + " and a.name = ?)",
        clause.text());
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

  /** What is missing comes last in both directions. */
  private static void order(Condition query, Order term) {
    String direction = term.ascending() ? " asc, " : " desc, ";
    switch (term.entity()) {
      case "tag", "tags" -> {
        if (term.key().equals(TraceRow.NAME)) {
          nullsLast(query, "t.name", direction);
        } else {
          pairOrder(query, "trace_tags", term.key(), direction);
        }
      }
      case "metadata", "request_metadata" -> {
        if (term.key().equals(TraceRow.SESSION)) {
          nullsLast(query, "t.session", direction);
        } else {
          pairOrder(query, "trace_metadata", term.key(), direction);
        }
      }
      default -> {
        if (!isAttribute(term.entity())) {
          throw unknown(term.entity());
        }
        if (term.key().equals("run_id")) {
          pairOrder(query, "trace_metadata", RUN, direction);
        } else {
          nullsLast(query, orderColumn(term.key()), direction);
        }
      }
    }
  }

  private static String orderColumn(String key) {
    return switch (key) {
      case "timestamp", "timestamp_ms" -> "t.started";
      case "execution_time", "execution_time_ms" -> "t.duration";
      case "end_time", "end_time_ms" -> END;
      case "status" -> "t.state";
      case "request_id", "trace_id" -> "t.trace_id";
      case "experiment_id" -> "t.experiment";
      case "name" -> "t.name";
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '{'experiment_id', 'timestamp', 'timestamp_ms', 'execution_time', 'execution_time_ms', 'end_time', 'end_time_ms', 'status', 'request_id', 'name', 'run_id'}'"
                  .formatted(Names.visible(key)));
    };
  }

  private static void nullsLast(Condition query, String column, String direction) {
    query.add("case when " + column + " is null then 1 else 0 end, " + column + direction);
  }

  private static void pairOrder(Condition query, String table, String key, String direction) {
    String value = "(select p.value from " + table + " p where p.trace = t.number and p.name = ?)";
    query.add("case when " + value + " is null then 1 else 0 end, ", key);
    query.add(value + direction, key);
  }
}
