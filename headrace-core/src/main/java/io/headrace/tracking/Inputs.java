package io.headrace.tracking;

import io.headrace.tracking.DatasetInput.Dataset;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** The datasets that runs read, each kept once for an experiment, a name and a digest. */
final class Inputs {
  private Inputs() {}

  static void check(DatasetInput input) {
    Dataset dataset = input.dataset();
    required("dataset.name", dataset.name());
    required("dataset.digest", dataset.digest());
    required("dataset.source_type", dataset.sourceType());
    Names.atMost("The dataset's name", dataset.name(), 500);
    Names.atMost("The dataset's digest", dataset.digest(), 36);
    Names.atMost("The dataset's source", dataset.source(), 65_535);
    Names.atMost("The dataset's schema", dataset.schema(), 1_048_575);
    Names.atMost("The dataset's profile", dataset.profile(), 16_777_215);
    for (Map.Entry<String, String> tag : input.tags().entrySet()) {
      Names.plainKey("input tag", tag.getKey(), 255);
      Names.atMost("The input tag's value", tag.getValue(), 500);
    }
  }

  private static void required(String field, String value) {
    if (value.isEmpty()) {
      throw TrackingException.invalid(
          "Missing value for required parameter '%s'. See the API docs for more information about"
                  .formatted(field)
              + " request parameters.");
    }
  }

  static void put(Connection connection, RunRow run, DatasetInput input) throws SQLException {
    long dataset = dataset(connection, Long.parseLong(run.info().experimentId()), input.dataset());
    int added =
        Sql.update(
            connection,
            "insert into tracking_inputs values (?, ?) on conflict do nothing",
            run.number(),
            dataset);
    if (added == 0) {
      return;
    }
    for (Map.Entry<String, String> tag : input.tags().entrySet()) {
      Sql.update(
          connection,
          "insert into tracking_input_tags values (?, ?, ?, ?) on conflict do nothing",
          run.number(),
          dataset,
          tag.getKey(),
          tag.getValue());
    }
  }

  private static long dataset(Connection connection, long experiment, Dataset dataset)
      throws SQLException {
    Optional<Long> known =
        Sql.first(
            connection,
            "select number from tracking_datasets where experiment = ? and name = ? and digest = ?",
            row -> row.getLong(1),
            experiment,
            dataset.name(),
            dataset.digest());
    if (known.isPresent()) {
      return known.get();
    }
    long number = Sql.next(connection, "tracking_datasets", "number");
    Sql.update(
        connection,
        "insert into tracking_datasets values (?, ?, ?, ?, ?, ?, ?, ?)",
        number,
        experiment,
        dataset.name(),
        dataset.digest(),
        dataset.sourceType(),
        dataset.source(),
        dataset.schema(),
        dataset.profile());
    return number;
  }
}
