package io.headrace.tracking;

import io.headrace.sql.SqlText;
import io.headrace.tracking.Clause.Comparator;
import java.sql.Connection;
import java.sql.SQLException;

/** Grows a statement from parts of ours; whatever a user wrote becomes a parameter. */
final class Condition {
  private final SqlText text;

  Condition(Connection connection) throws SQLException {
    text = new SqlText(connection);
  }

  /** Adds SQL of ours and the values of its parameters. */
  Condition add(String part, Object... parameters) {
    text.add(part, parameters);
    return this;
  }

  /** Adds a comparison of an expression of ours with what the clause gives. */
  Condition compareText(String expression, Clause clause) {
    switch (clause.comparator()) {
      case EQUAL -> add(expression + " = ?", clause.text());
      case NOT_EQUAL -> add(expression + " <> ?", clause.text());
      case LIKE -> text.like(expression, clause.text());
      case ILIKE -> text.ilike(expression, clause.text());
      case IN -> text.in(expression, true, clause.texts());
      case NOT_IN -> text.in(expression, false, clause.texts());
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, FOREIGN -> {
        clause.requireTexts();
        throw clause.badComparator("=, !=, LIKE, ILIKE, IN, NOT IN");
      }
      case IS_NULL, IS_NOT_NULL -> throw clause.badComparator("=, !=, LIKE, ILIKE, IN, NOT IN");
    }
    return this;
  }

  /** Adds a comparison of a number of ours with what the clause gives. */
  Condition compareNumber(String expression, Clause clause) {
    double number = clause.number();
    if (!clause.comparator().isOrder()) {
      throw clause.badComparator("=, !=, >, >=, <, <=");
    }
    return add(expression + operator(clause.comparator()) + "?", number);
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
    return text.sql();
  }

  Object[] values() {
    return text.values();
  }
}
