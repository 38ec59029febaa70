package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds what may name an object: 64 hexadecimal digits in a row, wherever they stand in a text.
 * What only looks so keeps an object that could go; nothing that is named can be overlooked, also
 * not by a table that is added later.
 */
final class NamedDigests {
  private static final int LENGTH = 64;

  private final Consumer<Digest> found;
  private final StringBuilder digits = new StringBuilder(LENGTH);

  private NamedDigests(Consumer<Digest> found) {
    this.found = found;
  }

  /** All that the texts of the records name, but for those of some tables. */
  static Set<Digest> in(MetadataStore records, Set<String> leftOut) {
    return records.read(connection -> {
      Set<Digest> named = new HashSet<>();
      for (Map.Entry<String, List<String>> table : textColumns(connection).entrySet()) {
        if (!leftOut.contains(table.getKey())) {
          scan(connection, table.getKey(), table.getValue(), named);
        }
      }
      return named;
    });
  }

  private static Map<String, List<String>> textColumns(Connection connection) throws SQLException {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    try (var columns =
        connection.getMetaData().getColumns(null, connection.getSchema(), "%", "%")) {
      while (columns.next()) {
        if (columns.getString("TYPE_NAME").equalsIgnoreCase("text")) {
          tables
              .computeIfAbsent(columns.getString("TABLE_NAME"), _ -> new ArrayList<>())
              .add(columns.getString("COLUMN_NAME"));
        }
      }
    }
    tables.keySet().removeIf(name -> name.startsWith("sqlite_"));
    return tables;
  }

  private static void scan(
      Connection connection, String table, List<String> columns, Set<Digest> named)
      throws SQLException {
    String sql = "select " + String.join(", ", columns) + " from " + table;
    try (var select = connection.prepareStatement(sql);
        var rows = select.executeQuery()) {
      while (rows.next()) {
        for (int i = 1; i <= columns.size(); i++) {
          String text = rows.getString(i);
          if (text != null && text.length() >= LENGTH) {
            new NamedDigests(named::add).read(text.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
    }
  }

  /** All that a text names; reads it to its end. */
  static void in(InputStream text, Consumer<Digest> found) throws IOException {
    NamedDigests names = new NamedDigests(found);
    byte[] buffer = new byte[64 * 1024];
    for (int length = text.read(buffer); length >= 0; length = text.read(buffer)) {
      for (int i = 0; i < length; i++) {
        names.next(buffer[i]);
      }
    }
    names.end();
  }

  private void read(byte[] text) {
    for (byte b : text) {
      next(b);
    }
    end();
  }

  private void next(byte b) {
    boolean isDigit = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
    if (!isDigit) {
      end();
    } else if (digits.length() <= LENGTH) {
      digits.append((char) b);
    }
  }

  /** A row of digits that is longer names nothing. */
  private void end() {
    if (digits.length() == LENGTH) {
      found.accept(new Digest(digits.toString()));
    }
    digits.setLength(0);
  }
}
