package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** All points of a metric, not only the latest. Thread-safe. */
public final class MetricHistory {
  /** The most points that one page or one question about several runs gives. */
  public static final int MOST = 25_000;

  private static final int MOST_RUNS = 100;
  private static final String POINTS =
      """
      select p.series, m.name, p.value, p.is_nan, p.logged_at, p.step
      from tracking_points p join tracking_metrics m on m.series = p.series where p.series = ?
      """;

  /** The first of each of so many parts of equal size, by step, time and value. */
  private static final String SAMPLE =
      """
      select 0, ?, value, is_nan, logged_at, step from (
        select b.*, row_number() over (partition by part order by step, logged_at, value, is_nan) as place
        from (
          select value, is_nan, logged_at, step,
                 ntile(?) over (order by step, logged_at, value, is_nan) as part
          from tracking_points where series = ? and step between ? and ?) b) c
      where place = 1 order by step, logged_at, value, is_nan\
      """;

  private static final String LAST =
      """
      select 0, ?, value, is_nan, logged_at, step from tracking_points
      where series = ? and step between ? and ?
      order by step desc, logged_at desc, value desc, is_nan desc limit 1\
      """;

  private static final String ORDER = " order by p.logged_at, p.step, p.value, p.is_nan limit ?";

  private final MetadataStore store;

  MetricHistory(MetadataStore store) {
    this.store = store;
  }

  /** A point of one of several runs. */
  public record PointOfRun(String runId, Metric metric) {}

  /**
   * A metric's points by time, step and value; none for an unknown key or run.
   *
   * @param limit the most on a page; empty for all
   * @param after {@link Page#next} of the page before; empty for the first
   */
  public Page<Metric> of(String runId, String key, OptionalInt limit, Optional<String> after) {
    Names.runId(runId);
    Optional<Cursor> from = after.map(Cursor::parse);
    return store.read(connection -> {
      Optional<Long> series = series(connection, runId, key);
      if (series.isEmpty()) {
        return new Page<>(List.of(), Optional.empty());
      }
      long ask = limit.isPresent() ? limit.getAsInt() + 1L : Long.MAX_VALUE;
      List<Metric> points = points(connection, series.get(), from, ask);
      if (limit.isEmpty() || points.size() <= limit.getAsInt()) {
        return new Page<>(points, Optional.empty());
      }
      List<Metric> page = points.subList(0, limit.getAsInt());
      return new Page<>(page, Optional.of(Cursor.of(page.getLast()).text()));
    });
  }

  private static List<Metric> points(
      Connection connection, long series, Optional<Cursor> from, long ask) throws SQLException {
    if (from.isEmpty()) {
      return Sql.list(connection, POINTS + ORDER, RunReader::metric, series, ask);
    }
    Cursor cursor = from.get();
    return Sql.list(
        connection,
        POINTS + " and (p.logged_at, p.step, p.value, p.is_nan) > (?, ?, ?, ?)" + ORDER,
        RunReader::metric,
        series,
        cursor.timestamp,
        cursor.step,
        cursor.value,
        cursor.isNan,
        ask);
  }

  /** A metric of several runs, run by run; at most {@link #MOST} points in all. */
  public List<PointOfRun> ofRuns(List<String> runIds, String key, int limit) {
    List<String> runs = checked(runIds);
    return store.read(connection -> {
      List<PointOfRun> found = new ArrayList<>();
      for (String runId : runs) {
        Optional<Long> series = series(connection, runId, key);
        if (series.isPresent()) {
          long ask = Math.min(limit, MOST) - (long) found.size();
          points(connection, series.get(), Optional.empty(), ask)
              .forEach(point -> found.add(new PointOfRun(runId, point)));
        }
      }
      return found;
    });
  }

  /**
   * A metric of several runs, thinned for a chart: of each run about {@code limit} points spread
   * evenly by their order, with its first and its last.
   *
   * @param first the least step; empty for all
   * @param last the greatest step; comes with {@code first}
   */
  public List<PointOfRun> sampled(
      List<String> runIds, String key, OptionalLong first, OptionalLong last, int limit) {
    List<String> runs = checked(runIds);
    long least = first.orElse(Long.MIN_VALUE);
    long greatest = last.orElse(Long.MAX_VALUE);
    return store.read(connection -> {
      List<PointOfRun> found = new ArrayList<>();
      for (String runId : runs) {
        Optional<Long> series = series(connection, runId, key);
        if (series.isPresent()) {
          List<Metric> points = sampled(connection, series.get(), key, least, greatest, limit);
          points.forEach(point -> found.add(new PointOfRun(runId, point)));
        }
      }
      return found;
    });
  }

  private static List<Metric> sampled(
      Connection connection, long series, String key, long least, long greatest, int limit)
      throws SQLException {
    List<Metric> points =
        Sql.list(
            connection,
            SAMPLE,
            row -> RunReader.metric(row),
            key,
            (long) limit,
            series,
            least,
            greatest);
    Optional<Metric> end =
        Sql.first(connection, LAST, row -> RunReader.metric(row), key, series, least, greatest);
    if (end.isEmpty() || points.getLast().equals(end.get())) {
      return points;
    }
    List<Metric> whole =
        new ArrayList<>(points.size() < limit ? points : points.subList(0, limit - 1));
    whole.add(end.get());
    return whole;
  }

  private static List<String> checked(List<String> runIds) {
    if (runIds.isEmpty()) {
      throw TrackingException.invalid(
          "GetMetricHistoryBulk request must specify at least one run_id.");
    }
    if (runIds.size() > MOST_RUNS) {
      throw TrackingException.invalid(
          "GetMetricHistoryBulk request cannot specify more than %d run_ids. Received %d run_ids."
              .formatted(MOST_RUNS, runIds.size()));
    }
    runIds.forEach(Names::runId);
    return runIds.stream().distinct().sorted().toList();
  }

  /** Empty for an unknown run too. */
  private static Optional<Long> series(Connection connection, String runId, String key)
      throws SQLException {
    return Sql.first(
        connection,
        "select m.series from tracking_metrics m join tracking_runs r on r.number = m.run"
            + " where r.run_id = ? and m.name = ?",
        row -> row.getLong(1),
        runId,
        key);
  }

  /** The last point of a page. */
  private record Cursor(long timestamp, long step, double value, long isNan) {
    static Cursor of(Metric last) {
      return new Cursor(
          last.timestamp(),
          last.step(),
          Metric.stored(last.value()),
          Double.isNaN(last.value()) ? 1 : 0);
    }

    String text() {
      return PageToken.of(
          "h",
          Long.toString(timestamp),
          Long.toString(step),
          Long.toHexString(Double.doubleToLongBits(value)),
          Long.toString(isNan));
    }

    static Cursor parse(String token) {
      List<String> parts = PageToken.parts(token, "h", 4);
      try {
        return new Cursor(
            Long.parseLong(parts.get(0)),
            Long.parseLong(parts.get(1)),
            Double.longBitsToDouble(Long.parseUnsignedLong(parts.get(2), 16)),
            Long.parseLong(parts.get(3)));
      } catch (NumberFormatException e) {
        throw PageToken.bad();
      }
    }
  }
}
