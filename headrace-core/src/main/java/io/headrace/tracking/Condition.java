package io.headrace.tracking;

import io.headrace.tracking.Clause.Comparator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Grows a statement from parts of ours; whatever a user wrote becomes a parameter. */
final class Condition {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> values = new ArrayList<>();
  private final boolean isSqlite;

  Condition(Connection connection) throws SQLException {
    isSqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
  }

  /** Adds SQL of ours and the values of its parameters. */
  Condition add(String part, Object... parameters) {
    sql.append(part);
    values.addAll(List.of(parameters));
    return this;
  }

  /** Adds a comparison of an expression of ours with what the clause gives. */
  Condition compareText(String expression, Clause clause) {
    switch (clause.comparator()) {
      case EQUAL -> add(expression + " = ?", clause.text());
      case NOT_EQUAL -> add(expression + " <> ?", clause.text());
      case LIKE -> like(expression, clause.text());
      case ILIKE -> add(expression + (isSqlite ? " like ?" : " ilike ? escape ''"), clause.text());
      case IN -> in(expression + " in (", clause.texts());
      case NOT_IN -> in(expression + " not in (", clause.texts());
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, IS_NULL, IS_NOT_NULL ->
          throw clause.badComparator("=, !=, LIKE, ILIKE, IN, NOT IN");
    }
    return this;
  }

  private void in(String begin, List<String> texts) {
    add(begin + Sql.marks(texts.size()) + ")", texts.toArray());
  }

  /** SQLite's LIKE takes no notice of case; its GLOB does. */
  private void like(String expression, String pattern) {
    if (isSqlite) {
      add(expression + " glob ?", glob(pattern));
    } else {
      add(expression + " like ? escape ''", pattern);
    }
  }

  static String glob(String like) {
    StringBuilder glob = new StringBuilder(like.length());
    for (int i = 0; i < like.length(); i++) {
      char c = like.charAt(i);
      switch (c) {
        case '%' -> glob.append('*');
        case '_' -> glob.append('?');
        case '*', '?', '[' -> glob.append('[').append(c).append(']');
        default -> glob.append(c);
      }
    }
    return glob.toString();
  }

  /** Adds a comparison of a number of ours with what the clause gives. */
  Condition compareNumber(String expression, Clause clause) {
    if (!clause.comparator().isOrder()) {
      throw clause.badComparator("=, !=, >, >=, <, <=");
    }
    return add(expression + operator(clause.comparator()) + "?", clause.number());
  }

  /** As {@link #compareNumber}; a NaN differs from every number and has no place in their order. */
  Condition compareMetric(String table, Clause clause) {
    add("(").compareNumber(table + ".value", clause);
    return clause.comparator() == Comparator.NOT_EQUAL
        ? add(" or " + table + ".is_nan = 1)")
        : add(" and " + table + ".is_nan = 0)");
  }

  private static String operator(Comparator comparator) {
    return comparator == Comparator.NOT_EQUAL ? " <> " : " " + comparator.text() + " ";
  }

  String sql() {
    return sql.toString();
  }

  Object[] values() {
    return values.toArray();
  }
}
