package io.headrace.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The few turns of JDBC that the rooms with tables need. Values go in as parameters only. */
public final class Sql {
  /** As many ids as are asked for in one statement; the rest in further ones. */
  public static final int CHUNK = 500;

  /** Reads the row that the result stands on. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Told of each row. */
  @FunctionalInterface
  public interface EachRow {
    void read(ResultSet row) throws SQLException;
  }

  private Sql() {}

  /** Runs a statement that changes something, and says how many rows it changed. */
  public static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  /** The first row, if there is one. */
  public static <T> Optional<T> first(
      Connection connection, String sql, Row<T> row, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(row.read(result)) : Optional.empty();
      }
    }
  }

  /** All rows. */
  public static <T> List<T> list(
      Connection connection, String sql, Row<T> row, @Nullable Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    each(connection, sql, result -> found.add(row.read(result)), values);
    return found;
  }

  /** Tells of each row in its turn. */
  public static void each(
      Connection connection, String sql, EachRow row, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          row.read(result);
        }
      }
    }
  }

  /** Sets the parameters, the first being 1; nothing and an empty Optional are SQL's null. */
  public static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      bind(statement, i + 1, values[i]);
    }
  }

  private static void bind(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(at, Types.NULL);
      case Optional<?> maybe -> bind(statement, at, maybe.orElse(null));
      case String text -> statement.setString(at, text);
      case Long number -> statement.setLong(at, number);
      case Integer number -> statement.setLong(at, number);
      case Double number -> statement.setDouble(at, number);
      case Object other -> throw new IllegalArgumentException("cannot bind " + other.getClass());
    }
  }

  /** {@code ?, ?, ?}. */
  public static String marks(int count) {
    return count == 0 ? "null" : "?" + ", ?".repeat(count - 1);
  }

  /**
   * The next number of a table: one more than the greatest. Writes come one at a time, over all
   * processes.
   */
  public static long next(Connection connection, String table, String column) throws SQLException {
    return first(
            connection,
            "select coalesce(max(" + column + "), 0) + 1 from " + table,
            row -> row.getLong(1))
        .orElseThrow();
  }
}
