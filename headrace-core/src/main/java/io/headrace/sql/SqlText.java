package io.headrace.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Grows a statement from parts of ours; whatever a user wrote becomes a parameter. */
public final class SqlText {
  private final StringBuilder sql = new StringBuilder();
  private final List<Object> values = new ArrayList<>();
  private final boolean isSqlite;

  /** For the database behind a connection. */
  public SqlText(Connection connection) throws SQLException {
    isSqlite = isSqlite(connection);
  }

  /** Whether it is SQLite; else it is PostgreSQL. */
  public static boolean isSqlite(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("SQLite");
  }

  /** Adds SQL of ours and the values of its parameters. */
  public void add(String part, Object... parameters) {
    sql.append(part);
    values.addAll(List.of(parameters));
  }

  /** Adds {@code in} or {@code not in}. */
  public void in(String expression, boolean within, List<String> texts) {
    add(
        expression + (within ? " in (" : " not in (") + Sql.marks(texts.size()) + ")",
        texts.toArray());
  }

  /** Adds a comparison by pattern that minds upper and lower case. */
  public void like(String expression, String pattern) {
    // SQLite's LIKE takes no notice of case; its GLOB does.
    if (isSqlite) {
      add(expression + " glob ?", glob(pattern));
    } else {
      add(expression + " like ? escape ''", pattern);
    }
  }

  /** Adds a comparison by pattern that does not. */
  public void ilike(String expression, String pattern) {
    add(expression + (isSqlite ? " like ?" : " ilike ? escape ''"), pattern);
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

  public String sql() {
    return sql.toString();
  }

  public Object[] values() {
    return values.toArray();
  }
}
