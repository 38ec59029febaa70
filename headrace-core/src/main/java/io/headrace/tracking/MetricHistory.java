package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
  private static final String ROWS =
      "select logged_at, step, value, is_nan from tracking_points where series = ?";
  private static final String ORDER = " order by logged_at, step, value, is_nan limit ?";

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
      List<Metric> points = points(connection, series.get(), key, from, ask);
      if (limit.isEmpty() || points.size() <= limit.getAsInt()) {
        return new Page<>(points, Optional.empty());
      }
      List<Metric> page = points.subList(0, limit.getAsInt());
      return new Page<>(page, Optional.of(Cursor.of(page.getLast()).text()));
    });
  }

  private static List<Metric> points(
      Connection connection, long series, String key, Optional<Cursor> from, long ask)
      throws SQLException {
    PointList points = new PointList((int) Math.min(ask, 64));
    if (from.isEmpty()) {
      Sql.each(connection, ROWS + ORDER, row -> addRow(row, points), series, ask);
    } else {
      Cursor cursor = from.get();
      Sql.each(
          connection,
          ROWS + " and (logged_at, step, value, is_nan) > (?, ?, ?, ?)" + ORDER,
          row -> addRow(row, points),
          series,
          cursor.timestamp,
          cursor.step,
          cursor.value,
          cursor.isNan,
          ask);
    }
    addChunks(connection, series, from, ask, points);
    PointList sorted = points.sorted(PointList.Order.BY_TIME);
    List<Metric> page = new ArrayList<>();
    for (int i = 0; i < sorted.size() && page.size() < ask; i++) {
      page.add(sorted.metric(key, i));
    }
    return page;
  }

  private static void addRow(ResultSet row, PointList to) throws SQLException {
    to.add(row.getLong(1), row.getLong(2), row.getLong(4) == 0 ? row.getDouble(3) : Double.NaN);
  }

  /**
   * Chunks come by their first time: once enough points are earlier than that, the rest can wait.
   */
  private static void addChunks(
      Connection connection, long series, Optional<Cursor> from, long ask, PointList to)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select first_at, points from tracking_chunks where series = ? and last_at >= ?"
                + " order by first_at, number")) {
      Sql.bind(statement, series, from.map(Cursor::timestamp).orElse(Long.MIN_VALUE));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next() && !isEnough(to, ask, row.getLong(1))) {
          PointList chunk = new PointList(1);
          chunk.addAll(row.getBytes(2));
          for (int i = 0; i < chunk.size(); i++) {
            if (from.isEmpty() || from.get().isBefore(chunk, i)) {
              to.add(chunk.at(i), chunk.step(i), chunk.value(i));
            }
          }
        }
      }
    }
  }

  private static boolean isEnough(PointList points, long ask, long next) {
    if (points.size() < ask) {
      return false;
    }
    long earlier = 0;
    for (int i = 0; i < points.size(); i++) {
      if (points.at(i) < next) {
        earlier++;
      }
    }
    // Among them may be copies, which count once.
    return earlier >= ask && points.sorted(PointList.Order.BY_TIME).size() >= ask;
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
          points(connection, series.get(), key, Optional.empty(), ask)
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

  /** The first of each of so many parts of equal size, by step, and the last of all. */
  private static List<Metric> sampled(
      Connection connection, long series, String key, long least, long greatest, int limit)
      throws SQLException {
    PointList all = new PointList(1);
    Sql.each(connection, ROWS, row -> addRow(row, all), series);
    addChunks(connection, series, Optional.empty(), Long.MAX_VALUE, all);
    PointList within = new PointList(all.size());
    for (int i = 0; i < all.size(); i++) {
      if (all.step(i) >= least && all.step(i) <= greatest) {
        within.add(all.at(i), all.step(i), all.value(i));
      }
    }
    PointList points = within.sorted(PointList.Order.BY_STEP);
    List<Metric> whole = new ArrayList<>();
    int parts = Math.min(limit, points.size());
    for (int part = 0; part < parts; part++) {
      whole.add(points.metric(key, (int) ((long) points.size() * part / parts)));
    }
    if (parts > 0) {
      Metric last = points.metric(key, points.size() - 1);
      if (!whole.getLast().equals(last)) {
        if (whole.size() == limit) {
          whole.removeLast();
        }
        whole.add(last);
      }
    }
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

    /** Whether a point comes after it. */
    boolean isBefore(PointList points, int i) {
      if (points.at(i) != timestamp) {
        return points.at(i) > timestamp;
      }
      if (points.step(i) != step) {
        return points.step(i) > step;
      }
      return PointList.compare(points.value(i), isNan == 0 ? value : Double.NaN) > 0;
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
