package io.headrace.registry;

import io.headrace.asset.StoredPath;
import io.headrace.name.Visible;
import io.headrace.registry.FilterClause.Right;
import io.headrace.registry.Keyset.Column;
import io.headrace.registry.ModelRows.ModelRow;
import io.headrace.registry.RegistryFilter.Grammar;
import io.headrace.registry.RegistryFilter.Order;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.Page;
import io.headrace.tracking.TrackingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds models and versions by a filter in MLflow's language. Prompts are shown only to who asks
 * for them by {@code tags.`mlflow.prompt.is_prompt` = 'true'}. Thread-safe.
 */
public final class RegistrySearch {
  /** The most models that a page may have. */
  public static final int MOST_MODELS = 1_000;

  /** The most versions that a page may have. */
  public static final int MOST_VERSIONS = 200_000;

  private static final Grammar MODELS = new Grammar(List.of("name"), List.of("name"), Set.of());
  private static final Grammar VERSIONS =
      new Grammar(
          List.of("name", "version_number", "run_id", "source_path"),
          List.of("name", "run_id"),
          Set.of("version_number", "creation_timestamp", "last_updated_timestamp"));

  private static final String VERSION_ORDERS =
      "{'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'}";

  private final MetadataStore store;

  RegistrySearch(MetadataStore store) {
    this.store = store;
  }

  /**
   * What to find.
   *
   * @param visible which models there are, for whoever asks
   * @param filter empty for all
   * @param orderBy {@code key [ASC|DESC]} each
   * @param limit the most on a page
   * @param after {@link Page#next} of the page before
   */
  public record Question(
      Visible visible, String filter, List<String> orderBy, int limit, Optional<String> after) {}

  /**
   * Where files of a model's version are.
   *
   * @param uri what was registered, or the bytes by their digest
   */
  public record Place(String model, String uri) {}

  /** Where all versions of some models have their files. */
  public List<Place> places(Set<String> models) {
    List<Place> places = new ArrayList<>();
    store.read(connection -> {
      Sql.each(
          connection,
          ModelRows.VERSIONS
              + " where v.stage <> ? and m.name in ("
              + Sql.marks(models.size())
              + ")",
          row -> {
            ModelVersion version = ModelRows.version(connection, row, List.of());
            places.add(new Place(version.name(), version.location()));
            StoredPath.parse(version.facts().path())
                .ifPresent(it -> places.add(new Place(version.name(), ModelInspector.uri(it))));
          },
          Stream.concat(Stream.of(ModelRows.DELETED), models.stream()).toArray());
      return places.size();
    });
    return places;
  }

  /** The registered model that a source names, if it names one. */
  public static Optional<String> modelOf(String source) {
    return source.startsWith("models:")
        ? switch (ModelSource.parsed(source)) {
          case ModelUri.Logged _ -> Optional.empty();
          case ModelUri.Numbered it -> Optional.of(it.name());
          case ModelUri.Staged it -> Optional.of(it.name());
          case ModelUri.Newest it -> Optional.of(it.name());
          case ModelUri.Aliased it -> Optional.of(it.name());
        }
        : Optional.empty();
  }

  /** A page of models; by name when no order is given. */
  public Page<RegisteredModel> models(Question question) {
    List<FilterClause> clauses = RegistryFilter.parse(question.filter(), MODELS);
    Keyset keys = modelOrder(question.orderBy());
    if (question.limit() < 1) {
      return new Page<>(List.of(), Optional.empty());
    }
    return store.read(connection -> {
      Statement query = new Statement(connection).add(ModelRows.MODELS + " where 1 = 1");
      Pairs tags = new Pairs("registry_model_tags", "t.model = m.number");
      boolean prompts = wantsPrompts(clauses);
      for (FilterClause clause : clauses) {
        if (clause.isTag()) {
          tags.where(query, clause, prompts);
        } else {
          if (!clause.isList() && !clause.isLike() && !clause.isEquality()) {
            throw clause.badComparator();
          }
          query.add(" and ").compareText("m.name", clause);
        }
      }
      if (!prompts) {
        hidePrompts(query, tags);
      }
      visible(query, question.visible());
      page(query, keys, question);
      List<ModelRow> rows = Sql.list(connection, query.sql(), ModelRow::read, query.values());
      List<RegisteredModel> found = new ArrayList<>();
      for (ModelRow row : rows.subList(0, Math.min(rows.size(), question.limit()))) {
        found.add(ModelRows.whole(connection, row));
      }
      return new Page<>(found, next(rows, found.size(), keys, RegistrySearch::values));
    });
  }

  private static List<Object> values(ModelRow row, Keyset keys) {
    List<Object> values = new ArrayList<>();
    for (Column column : keys.columns()) {
      values.add(column.isNumber() ? (Object) row.updated() : row.name());
    }
    return values;
  }

  /** Reads a row's values in an order. */
  @FunctionalInterface
  private interface Values<T> {
    List<Object> of(T row, Keyset keys);
  }

  private static <T> Optional<String> next(List<T> rows, int shown, Keyset keys, Values<T> values) {
    return rows.size() > shown && shown > 0
        ? Optional.of(keys.token(values.of(rows.get(shown - 1), keys)))
        : Optional.empty();
  }

  private static void visible(Statement query, Visible visible) {
    if (visible instanceof Visible.Only(Set<String> names)) {
      query.add(" and m.name in (" + Sql.marks(names.size()) + ")", names.toArray());
    }
  }

  private static void page(Statement query, Keyset keys, Question question) {
    if (question.after().isPresent()) {
      query.add(" and ");
      keys.after(query, question.after().get());
    }
    query.add(" order by " + keys.orderBy() + " limit ?", question.limit() + 1L);
  }

  /**
   * Conditions on tags.
   *
   * @param table where they are
   * @param own says which of them belong to the row that is looked at
   */
  private record Pairs(String table, String own) {
    void where(Statement query, FilterClause clause, boolean prompts) {
      if (!clause.isEquality() && !clause.isLike()) {
        throw clause.badComparator();
      }
      // When prompts are hidden anyway, a model need not have the tag to be found.
      if (clause.key().equals(RegistryNames.IS_PROMPT) && !prompts) {
        return;
      }
      query.add(
          " and exists (select 1 from " + table + " t where " + own + " and t.name = ? and ",
          clause.key());
      query.compareText("t.value", clause).add(")");
    }
  }

  private static void hidePrompts(Statement query, Pairs tags) {
    query.add(
        " and not exists (select 1 from "
            + tags.table
            + " t where t.model = m.number and t.name = ? and t.value = 'true')",
        RegistryNames.IS_PROMPT);
  }

  private static boolean wantsPrompts(List<FilterClause> clauses) {
    for (FilterClause clause : clauses) {
      if (clause.isTag()
          && clause.key().equals(RegistryNames.IS_PROMPT)
          && clause.right() instanceof Right.Text(String value)) {
        return (clause.comparator().equals("=") && value.equalsIgnoreCase("true"))
            || (clause.comparator().equals("!=") && value.equalsIgnoreCase("false"));
      }
    }
    return false;
  }

  private static Keyset modelOrder(List<String> orderBy) {
    List<Column> columns = new ArrayList<>();
    for (String text : orderBy) {
      Order order = RegistryFilter.order(text);
      switch (order.key()) {
        case "name" -> columns.add(new Column("m.name", order.ascending(), false));
        case "timestamp", "last_updated_timestamp" ->
            columns.add(new Column("m.updated", order.ascending(), true));
        default ->
            throw TrackingException.invalid(
                "Invalid order by key '%s' specified. Valid keys are '{'name', 'timestamp'}'"
                    .formatted(Quoting.plain(order.key())));
      }
    }
    refuseTwice(columns, orderBy);
    complete(columns, new Column("m.name", true, false));
    return new Keyset("m", columns);
  }

  private static void refuseTwice(List<Column> columns, List<String> orderBy) {
    Set<String> seen = new HashSet<>();
    for (Column column : columns) {
      if (!seen.add(column.sql())) {
        throw TrackingException.invalid(
            "`order_by` contains duplicate fields: " + Quoting.list(orderBy));
      }
    }
  }

  private static void complete(List<Column> columns, Column last) {
    if (columns.stream().noneMatch(it -> it.sql().equals(last.sql()))) {
      columns.add(last);
    }
  }

  /** A page of versions; the last changed first when no order is given. */
  public Page<ModelVersion> versions(Question question) {
    List<FilterClause> clauses = RegistryFilter.parse(question.filter(), VERSIONS);
    Keyset keys = versionOrder(question.orderBy());
    return store.read(connection -> {
      Statement query =
          new Statement(connection)
              .add(ModelRows.VERSIONS + " where v.stage <> '" + ModelRows.DELETED + "'");
      Pairs tags =
          new Pairs("registry_version_tags", "t.model = v.model and t.version = v.version");
      boolean prompts = wantsPrompts(clauses);
      for (FilterClause clause : clauses) {
        if (clause.isTag()) {
          tags.where(query, clause, prompts);
        } else {
          attribute(query, clause);
        }
      }
      if (!prompts) {
        hidePrompts(query, tags);
      }
      visible(query, question.visible());
      page(query, keys, question);
      List<ModelVersion> rows = versions(connection, query);
      List<ModelVersion> found = rows.subList(0, Math.min(rows.size(), question.limit()));
      return new Page<>(found, next(rows, found.size(), keys, RegistrySearch::values));
    });
  }

  private static List<ModelVersion> versions(Connection connection, Statement query)
      throws SQLException {
    return Sql.list(
        connection,
        query.sql(),
        row -> ModelRows.version(connection, row, List.of()),
        query.values());
  }

  private static void attribute(Statement query, FilterClause clause) {
    query.add(" and ");
    switch (clause.key()) {
      case "version_number" -> query.compareNumber("v.version", clause);
      case "run_id" -> text(query, "v.run_id", clause);
      case "source_path" -> text(query, "v.source", clause);
      default -> text(query, "m.name", clause);
    }
  }

  private static void text(Statement query, String column, FilterClause clause) {
    if (!clause.isList() && !clause.isLike() && !clause.isEquality()) {
      throw clause.badComparator();
    }
    query.compareText(column, clause);
  }

  private static Keyset versionOrder(List<String> orderBy) {
    List<Column> columns = new ArrayList<>();
    List<String> terms =
        orderBy.isEmpty()
            ? List.of("last_updated_timestamp DESC", "name ASC", "version_number DESC")
            : orderBy;
    for (String text : terms) {
      Order order = RegistryFilter.order(text);
      columns.add(versionColumn(order));
    }
    refuseTwice(columns, orderBy);
    complete(columns, new Column("m.name", true, false));
    complete(columns, new Column("v.version", false, true));
    return new Keyset("v", columns);
  }

  private static Column versionColumn(Order order) {
    int dot = order.key().indexOf('.');
    String entity = dot < 0 ? "attribute" : order.key().substring(0, dot);
    String key = order.key().substring(dot + 1).replace("`", "");
    if (!List.of("attribute", "tag", "tags").contains(entity)) {
      throw TrackingException.invalid(
          "Invalid entity type '%s'. Valid entity types are ('attribute', 'tag', 'tags')"
              .formatted(Quoting.plain(entity)));
    }
    if (!entity.equals("attribute")) {
      throw TrackingException.invalid(
          "Invalid order by key '%s' specified. Valid keys are %s"
              .formatted(Quoting.plain(key), VERSION_ORDERS));
    }
    return switch (key) {
      case "name" -> new Column("m.name", order.ascending(), false);
      case "version_number" -> new Column("v.version", order.ascending(), true);
      case "creation_timestamp" -> new Column("v.created", order.ascending(), true);
      case "last_updated_timestamp" -> new Column("v.updated", order.ascending(), true);
      default ->
          throw TrackingException.invalid(
              "Invalid attribute key '%s' specified. Valid keys are '%s'"
                  .formatted(Quoting.plain(key), VERSION_ORDERS));
    };
  }

  private static List<Object> values(ModelVersion row, Keyset keys) {
    List<Object> values = new ArrayList<>();
    for (Column column : keys.columns()) {
      values.add(
          switch (column.sql()) {
            case "m.name" -> row.name();
            case "v.version" -> (Object) row.version();
            case "v.created" -> row.created();
            default -> row.updated();
          });
    }
    return values;
  }
}
