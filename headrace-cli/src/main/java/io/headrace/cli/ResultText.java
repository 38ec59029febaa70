package io.headrace.cli;

import io.headrace.json.ValueJson;
import io.headrace.json.ValueYaml;
import io.headrace.spec.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A result in each of the formats of the Azure CLI, letter for letter where scripts depend on it:
 * {@code tsv} and {@code table} follow knack's output module.
 */
final class ResultText {
  /** Columns that the Azure CLI's tables leave out. */
  private static final Set<String> NO_COLUMN = Set.of("id", "type", "etag", "revision");

  private ResultText() {}

  /**
   * The text, with a line break at its end unless it is empty.
   *
   * @param queried whether a query chose fields, and so their order
   */
  static String of(Value result, OutputFormat format, boolean queried) {
    return switch (format) {
      case NONE -> "";
      case TEXT, JSON, JSONC -> ValueJson.pretty(result) + "\n";
      case YAML, YAMLC -> ValueYaml.text(result);
      case TSV -> rows(result).stream().map(row -> tsv(row, queried)).collect(Collectors.joining());
      case TABLE -> table(rows(result), queried);
    };
  }

  private static List<Value> rows(Value result) {
    return result instanceof Value.Items(var items) ? items : List.of(result);
  }

  private static Map<String, Value> ordered(Map<String, Value> entries, boolean queried) {
    return queried ? entries : new TreeMap<>(entries);
  }

  private static String tsv(Value row, boolean queried) {
    return switch (row) {
          case Value.Table(var entries) ->
              ordered(entries, queried).values().stream()
                  .map(ResultText::field)
                  .collect(Collectors.joining("\t"));
          case Value.Items(var items) ->
              items.stream().map(ResultText::field).collect(Collectors.joining("\t"));
          case Value.Flag(boolean flag) -> Boolean.toString(flag);
          case Value.Text _, Value.Whole _, Value.Real _, Value.Nothing _ -> field(row);
        }
        + "\n";
  }

  /** One field of a row, in Python's words. */
  private static String field(Value value) {
    return switch (value) {
      case Value.Text(String text) -> text;
      case Value.Flag(boolean flag) -> flag ? "True" : "False";
      case Value.Nothing _ -> "None";
      case Value.Items(var items) -> Integer.toString(items.size());
      case Value.Table _ -> "";
      case Value.Whole _, Value.Real _ -> ValueJson.compact(value);
    };
  }

  private static String table(List<Value> rows, boolean queried) {
    var cells = new ArrayList<Map<String, String>>();
    var columns = new LinkedHashSet<String>();
    for (var row : rows) {
      var line = cells(row, queried);
      cells.add(line);
      columns.addAll(line.keySet());
    }
    if (columns.isEmpty()) {
      return "";
    }
    var widths = new LinkedHashMap<String, Integer>();
    for (var column : columns) {
      int width = column.length() + 2;
      for (var line : cells) {
        width = Math.max(width, line.getOrDefault(column, "").length());
      }
      widths.put(column, width);
    }
    var text = new StringBuilder();
    line(text, widths, columns.stream().collect(Collectors.toMap(it -> it, it -> it)));
    text.append(widths.values().stream().map("-"::repeat).collect(Collectors.joining("  ")))
        .append('\n');
    cells.forEach(it -> line(text, widths, it));
    return text.toString();
  }

  private static void line(
      StringBuilder text, Map<String, Integer> widths, Map<String, String> cells) {
    var line = new ArrayList<String>();
    widths.forEach((column, width) -> {
      String cell = cells.getOrDefault(column, "");
      line.add(cell + " ".repeat(width - cell.length()));
    });
    text.append(String.join("  ", line).stripTrailing()).append('\n');
  }

  private static Map<String, String> cells(Value row, boolean queried) {
    var cells = new LinkedHashMap<String, String>();
    switch (row) {
      case Value.Table(var entries) ->
          ordered(entries, queried)
              .forEach((name, value) -> {
                if (!NO_COLUMN.contains(name) && isSingle(value)) {
                  cells.put(capitalised(name), field(value));
                }
              });
      case Value.Items(var items) -> {
        for (int i = 0; i < items.size(); i++) {
          cells.put("Column" + (i + 1), field(items.get(i)));
        }
      }
      case Value.Text _, Value.Whole _, Value.Real _, Value.Flag _, Value.Nothing _ ->
          cells.put("Result", field(row));
    }
    return cells;
  }

  private static boolean isSingle(Value value) {
    return switch (value) {
      case Value.Text _, Value.Whole _, Value.Real _, Value.Flag _ -> true;
      case Value.Nothing _, Value.Items _, Value.Table _ -> false;
    };
  }

  private static String capitalised(String name) {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1);
  }
}
