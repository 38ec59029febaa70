package io.headrace.tracking;

import io.headrace.sql.Sql;
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
    Names.atMost("name", dataset.name(), 500);
    Names.atMost("digest", dataset.digest(), 36);
    Names.atMost("source", dataset.source(), 65_535);
    Names.atMost("schema", dataset.schema(), 1_048_575);
    Names.atMost("profile", dataset.profile(), 16_777_215);
    for (Map.Entry<String, String> tag : input.tags().entrySet()) {
      Names.atMost("key", tag.getKey(), 255);
      Names.atMost("value", tag.getValue(), 500);
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
