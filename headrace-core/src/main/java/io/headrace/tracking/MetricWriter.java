package io.headrace.tracking;

import io.headrace.sql.Sql;
import io.headrace.tracking.Metric.Subject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds points to metrics and keeps each key's latest. The hot path of the server: no needless SQL.
 */
final class MetricWriter {
  /** A key of a run: its number, and the latest point known to its row. */
  private static final class Series {
    private final long number;
    private Metric latest;
    private boolean moved;

    private Series(long number, Metric latest) {
      this.number = number;
      this.latest = latest;
    }

    private void see(Metric point) {
      if (point.isLaterThan(latest)) {
        latest = point;
        moved = true;
      }
    }
  }

  private final Connection connection;
  private final long run;
  private final Map<String, Series> byKey = new HashMap<>();

  private MetricWriter(Connection connection, long run) {
    this.connection = connection;
    this.run = run;
  }

  static void write(Connection connection, long run, String runId, List<Metric> points)
      throws SQLException {
    if (points.isEmpty()) {
      return;
    }
    MetricWriter writer = new MetricWriter(connection, run);
    writer.addPoints(points);
    writer.keepLatest();
    for (Metric point : points) {
      if (point.subject().isPresent()) {
        writeForModel(connection, runId, point, point.subject().get());
      }
    }
  }

  private void addPoints(List<Metric> points) throws SQLException {
    try (PreparedStatement find =
            connection.prepareStatement(
                "select series, name, value, is_nan, logged_at, step from tracking_metrics"
                    + " where run = ? and name = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into tracking_points values (?, ?, ?, ?, ?) on conflict do nothing")) {
      for (Metric point : points) {
        Series series = byKey.get(point.key());
        if (series == null) {
          series = series(find, point);
          byKey.put(point.key(), series);
        }
        series.see(point);
        insert.setLong(1, series.number);
        insert.setLong(2, point.timestamp());
        insert.setLong(3, point.step());
        insert.setDouble(4, Metric.stored(point.value()));
        insert.setLong(5, Double.isNaN(point.value()) ? 1 : 0);
        insert.executeUpdate();
      }
    }
  }

  private Series series(PreparedStatement find, Metric first) throws SQLException {
    find.setLong(1, run);
    find.setString(2, first.key());
    try (ResultSet row = find.executeQuery()) {
      if (row.next()) {
        return new Series(row.getLong(1), RunReader.metric(row));
      }
    }
    long number = Sql.next(connection, "tracking_metrics", "series");
    insertLatest(number, first);
    return new Series(number, first);
  }

  private void insertLatest(long number, Metric first) throws SQLException {
    Sql.update(
        connection,
        "insert into tracking_metrics (series, run, name, value, is_nan, logged_at, step)"
            + " values (?, ?, ?, ?, ?, ?, ?)",
        number,
        run,
        first.key(),
        Metric.stored(first.value()),
        Double.isNaN(first.value()) ? 1L : 0L,
        first.timestamp(),
        first.step());
  }

  private void keepLatest() throws SQLException {
    for (Series series : byKey.values()) {
      if (series.moved) {
        Sql.update(
            connection,
            "update tracking_metrics set value = ?, is_nan = ?, logged_at = ?, step = ? where series = ?",
            Metric.stored(series.latest.value()),
            Double.isNaN(series.latest.value()) ? 1L : 0L,
            series.latest.timestamp(),
            series.latest.step(),
            series.number);
      }
    }
  }

  private static void writeForModel(
      Connection connection, String runId, Metric point, Subject subject) throws SQLException {
    long model = LoggedModels.require(connection, subject.modelId());
    Sql.update(
        connection,
        """
        insert into tracking_model_metrics
          (model, name, run_id, dataset_name, dataset_digest, value, is_nan, logged_at, step)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (model, name, run_id, dataset_name, dataset_digest) do update set
          value = excluded.value, is_nan = excluded.is_nan,
          logged_at = excluded.logged_at, step = excluded.step
        where (excluded.step, excluded.logged_at, excluded.value)
          > (tracking_model_metrics.step, tracking_model_metrics.logged_at,
             tracking_model_metrics.value)\
        """,
        model,
        point.key(),
        runId,
        subject.datasetName(),
        subject.datasetDigest(),
        Metric.stored(point.value()),
        Double.isNaN(point.value()) ? 1L : 0L,
        point.timestamp(),
        point.step());
  }
}
