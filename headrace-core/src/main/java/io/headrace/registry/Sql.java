package io.headrace.registry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The few turns of JDBC that this room needs. Values go in as parameters only. */
final class Sql {
  /** Reads the row that the result stands on. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** A text that may be none: SQL's null. */
  record MaybeText(Optional<String> text) {}

  /** A number that may be none. */
  record MaybeNumber(Optional<Long> number) {}

  private Sql() {}

  /** Runs a statement that changes something, and says how many rows it changed. */
  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  static <T> Optional<T> first(Connection connection, String sql, Row<T> row, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(row.read(result)) : Optional.empty();
      }
    }
  }

  static <T> List<T> list(Connection connection, String sql, Row<T> row, Object... values)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(row.read(result));
        }
      }
    }
    return found;
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case String text -> statement.setString(i + 1, text);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setLong(i + 1, number);
        case MaybeText maybe when maybe.text.isPresent() ->
            statement.setString(i + 1, maybe.text.get());
        case MaybeText _ -> statement.setNull(i + 1, Types.VARCHAR);
        case MaybeNumber maybe when maybe.number.isPresent() ->
            statement.setLong(i + 1, maybe.number.get());
        case MaybeNumber _ -> statement.setNull(i + 1, Types.BIGINT);
        case Object other -> throw new IllegalArgumentException("cannot bind " + other.getClass());
      }
    }
  }

  /** {@code ?, ?, ?}. */
  static String marks(int count) {
    return count == 0 ? "null" : "?" + ", ?".repeat(count - 1);
  }

  /** The next number of a table: one more than the greatest. Writes come one at a time. */
  static long next(Connection connection, String table) throws SQLException {
    return first(
            connection, "select coalesce(max(number), 0) + 1 from " + table, row -> row.getLong(1))
        .orElseThrow();
  }
}
