package io.headrace.asset;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The few turns of JDBC that this room needs. Values go in as parameters only. */
final class Sql {
  /** Reads the row that the result stands on. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private Sql() {}

  /** Runs a statement that changes something, and says how many rows it changed. */
  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  static <T> List<T> list(Connection connection, String sql, Row<T> row, Object... values)
      throws SQLException {
    var found = new ArrayList<T>();
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
        case Integer number -> statement.setInt(i + 1, number);
        case Object other -> throw new IllegalArgumentException("cannot bind " + other.getClass());
      }
    }
  }
}
