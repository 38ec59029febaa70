package io.headrace.registry;

import io.headrace.registry.FilterClause.Right;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Grows a query from parts of ours; whatever a user wrote becomes a parameter. */
final class Statement {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> values = new ArrayList<>();
  private final boolean isSqlite;

  Statement(Connection connection) throws SQLException {
    isSqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
  }

  Statement add(String part, Object... parameters) {
    sql.append(part);
    values.addAll(List.of(parameters));
    return this;
  }

  String sql() {
    return sql.toString();
  }

  Object[] values() {
    return values.toArray();
  }

  /** Adds a comparison of a text of ours with what a clause gives. */
  Statement compareText(String expression, FilterClause clause) {
    return switch (clause.right()) {
      case Right.Texts(List<String> texts) when clause.isList() ->
          add(
              expression
                  + (clause.comparator().equals("IN") ? " in (" : " not in (")
                  + Sql.marks(texts.size())
                  + ")",
              texts.toArray());
      case Right.Text(String text) when clause.isEquality() ->
          add(expression + (clause.comparator().equals("=") ? " = ?" : " <> ?"), text);
      case Right.Text(String text) when clause.isLike() -> like(expression, clause, text);
      case Right.Texts _, Right.Text _, Right.Numeral _ -> throw clause.badComparator();
    };
  }

  /** SQLite's LIKE takes no notice of case; its GLOB does. */
  private Statement like(String expression, FilterClause clause, String pattern) {
    boolean minds = clause.comparator().equals("LIKE");
    if (isSqlite) {
      return minds
          ? add(expression + " glob ?", glob(pattern))
          : add(expression + " like ?", pattern);
    }
    return add(expression + (minds ? " like" : " ilike") + " ? escape ''", pattern);
  }

  private static String glob(String like) {
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

  /** Adds a comparison of a whole number of ours with what a clause gives. */
  Statement compareNumber(String expression, FilterClause clause) {
    if (!clause.isOrder()) {
      throw RegistryException.invalid(
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
      throw RegistryException.invalid(
          "Invalid value for numeric attribute '%s': %s"
              .formatted(clause.key(), quoted ? Quoting.repr(text) : text));
    }
  }
}
