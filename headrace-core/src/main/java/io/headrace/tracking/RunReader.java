package io.headrace.tracking;

import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Completes runs with what was logged to them, many at once. */
final class RunReader {
  private final Map<Long, Parts> parts = new HashMap<>();

  /** What is gathered of one run. */
  private static final class Parts {
    private final List<Metric> metrics = new ArrayList<>();
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<Long, DatasetInput> inputs = new LinkedHashMap<>();
    private final List<String> modelInputs = new ArrayList<>();
    private final List<Run.ModelOutput> modelOutputs = new ArrayList<>();
  }

  private RunReader() {}

  /** The same runs in the same order, whole. */
  static List<Run> whole(Connection connection, List<RunRow> rows) throws SQLException {
    List<Run> runs = new ArrayList<>(rows.size());
    for (int from = 0; from < rows.size(); from += Sql.CHUNK) {
      List<RunRow> some = rows.subList(from, Math.min(rows.size(), from + Sql.CHUNK));
      RunReader reader = new RunReader();
      reader.read(connection, some);
      for (RunRow row : some) {
        runs.add(reader.whole(row));
      }
    }
    return runs;
  }

  private Run whole(RunRow row) {
    Parts own = parts.getOrDefault(row.number(), new Parts());
    Map<String, String> tags = new LinkedHashMap<>(own.tags);
    tags.put(Tags.RUN_NAME, row.info().name());
    if (!row.info().parent().isEmpty()) {
      tags.put(Tags.PARENT, row.info().parent());
    }
    return new Run(
        row.info(),
        own.metrics,
        own.params,
        tags,
        List.copyOf(own.inputs.values()),
        own.modelInputs,
        own.modelOutputs);
  }

  private void read(Connection connection, List<RunRow> rows) throws SQLException {
    Object[] numbers = new Object[rows.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = rows.get(i).number();
      parts.put(rows.get(i).number(), new Parts());
    }
    String these = " in (" + Sql.marks(numbers.length) + ")";
    Sql.each(
        connection,
        "select run, name, value, is_nan, logged_at, step from tracking_metrics where run"
            + these
            + " order by run, name",
        row -> of(row).metrics.add(metric(row)),
        numbers);
    Sql.each(
        connection,
        "select run, name, value from tracking_params where run" + these + " order by run, name",
        row -> of(row).params.put(row.getString(2), row.getString(3)),
        numbers);
    Sql.each(
        connection,
        "select run, name, value from tracking_tags where run" + these + " order by run, name",
        row -> of(row).tags.put(row.getString(2), row.getString(3)),
        numbers);
    readInputs(connection, these, numbers);
    Sql.each(
        connection,
        "select run, model_id from tracking_model_inputs where run"
            + these
            + " order by run, model_id",
        row -> of(row).modelInputs.add(row.getString(2)),
        numbers);
    Sql.each(
        connection,
        "select run, model_id, step from tracking_model_outputs where run"
            + these
            + " order by run, step, model_id",
        row -> of(row).modelOutputs.add(new Run.ModelOutput(row.getString(2), row.getLong(3))),
        numbers);
  }

  private void readInputs(Connection connection, String these, Object[] numbers)
      throws SQLException {
    Sql.each(
        connection,
        "select i.run, d.number, d.name, d.digest, d.source_type, d.source, d.schema_text, d.profile"
            + " from tracking_inputs i join tracking_datasets d on d.number = i.dataset where i.run"
            + these
            + " order by i.run, d.number",
        row -> of(row).inputs.put(row.getLong(2), new DatasetInput(dataset(row), Map.of())),
        numbers);
    Sql.each(
        connection,
        "select run, dataset, name, value from tracking_input_tags where run"
            + these
            + " order by run, dataset, name",
        row ->
            of(row)
                .inputs
                .computeIfPresent(
                    row.getLong(2), (_, input) -> tagged(input, text(row, 3), text(row, 4))),
        numbers);
  }

  private static DatasetInput.Dataset dataset(ResultSet row) throws SQLException {
    return new DatasetInput.Dataset(
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8));
  }

  private static DatasetInput tagged(DatasetInput input, String key, String value) {
    Map<String, String> tags = new LinkedHashMap<>(input.tags());
    tags.put(key, value);
    return new DatasetInput(input.dataset(), tags);
  }

  private static String text(ResultSet row, int column) {
    try {
      return row.getString(column);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Parts of(ResultSet row) throws SQLException {
    return parts.computeIfAbsent(row.getLong(1), _ -> new Parts());
  }

  /** From the columns name, value, is_nan, logged_at, step, the name being the second. */
  static Metric metric(ResultSet row) throws SQLException {
    double value = row.getLong(4) == 0 ? row.getDouble(3) : Double.NaN;
    return new Metric(row.getString(2), value, row.getLong(5), row.getLong(6));
  }
}
