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
  /** From so many points of a key in one batch on, they are kept together. */
  private static final int CHUNK_FROM = 8;

  /** A key of a run: its number, the latest point known to its row, and those of the batch. */
  private static final class Series {
    private final long number;
    private final PointList points = new PointList(1);
    private Metric latest;
    private boolean moved;

    private Series(long number, Metric latest) {
      this.number = number;
      this.latest = latest;
    }

    private void see(Metric point) {
      points.add(point.timestamp(), point.step(), point.value());
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
                + " where run = ? and name = ?")) {
      for (Metric point : points) {
        Series series = byKey.get(point.key());
        if (series == null) {
          series = series(find, point);
          byKey.put(point.key(), series);
        }
        series.see(point);
      }
    }
    for (Series series : byKey.values()) {
      if (series.points.size() < CHUNK_FROM) {
        addRows(series);
      } else {
        addChunk(series);
      }
    }
  }

  private void addRows(Series series) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into tracking_points values (?, ?, ?, ?, ?) on conflict do nothing")) {
      for (int i = 0; i < series.points.size(); i++) {
        double value = series.points.value(i);
        insert.setLong(1, series.number);
        insert.setLong(2, series.points.at(i));
        insert.setLong(3, series.points.step(i));
        insert.setDouble(4, Metric.stored(value));
        insert.setLong(5, Double.isNaN(value) ? 1 : 0);
        insert.executeUpdate();
      }
    }
  }

  private void addChunk(Series series) throws SQLException {
    PointList points = series.points.sorted(PointList.Order.BY_TIME);
    long first = points.at(0);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into tracking_chunks (series, first_at, number, last_at, points)"
                + " select ?, ?, coalesce(max(number), 0) + 1, ?, ? from tracking_chunks"
                + " where series = ? and first_at = ?")) {
      insert.setLong(1, series.number);
      insert.setLong(2, first);
      insert.setLong(3, points.at(points.size() - 1));
      insert.setBytes(4, points.bytes());
      insert.setLong(5, series.number);
      insert.setLong(6, first);
      insert.executeUpdate();
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
