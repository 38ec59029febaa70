package io.headrace.registry;

import io.headrace.registry.FilterClause.Right;
import io.headrace.sql.SqlText;
import io.headrace.tracking.TrackingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Grows a query from parts of ours; whatever a user wrote becomes a parameter. */
final class Statement {
  private final SqlText text;

  Statement(Connection connection) throws SQLException {
    text = new SqlText(connection);
  }

  Statement add(String part, Object... parameters) {
    text.add(part, parameters);
    return this;
  }

  String sql() {
    return text.sql();
  }

  Object[] values() {
    return text.values();
  }

  /** Adds a comparison of a text of ours with what a clause gives. */
  Statement compareText(String expression, FilterClause clause) {
    switch (clause.right()) {
      case Right.Texts(List<String> texts) when clause.isList() ->
          text.in(expression, clause.comparator().equals("IN"), texts);
      case Right.Text(String wanted) when clause.isEquality() ->
          text.add(expression + (clause.comparator().equals("=") ? " = ?" : " <> ?"), wanted);
      case Right.Text(String pattern) when clause.isLike() -> {
        if (clause.comparator().equals("LIKE")) {
          text.like(expression, pattern);
        } else {
          text.ilike(expression, pattern);
        }
      }
      case Right.Texts _, Right.Text _, Right.Numeral _ -> throw clause.badComparator();
    }
    return this;
  }

  /** Adds a comparison of a whole number of ours with what a clause gives. */
  Statement compareNumber(String expression, FilterClause clause) {
    if (!clause.isOrder()) {
      throw TrackingException.invalid(
          "Invalid comparator for attribute %s: %s".formatted(clause.key(), clause.comparator()));
    }
    String operator = clause.comparator().equals("!=") ? "<>" : clause.comparator();
    return add(expression + " " + operator + " ?", number(clause));
  }

  private static long number(FilterClause clause) {
    String text =
        switch (clause.right()) {
          case Right.Text(String quoted) -> quoted.strip();
          case Right.Numeral(String bare) -> bare;
          case Right.Texts(List<String> texts) -> Quoting.list(texts);
        };
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      boolean quoted = clause.right() instanceof Right.Text;
      throw TrackingException.invalid(
          "Invalid value for numeric attribute '%s': %s"
              .formatted(clause.key(), quoted ? Quoting.repr(text) : text));
    }
  }
}
