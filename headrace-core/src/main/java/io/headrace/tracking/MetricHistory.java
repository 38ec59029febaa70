package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

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
  private static final String ORDER = " order by p.logged_at, p.step, p.value, p.is_nan limit ?";

  private final MetadataStore store;

  MetricHistory(MetadataStore store) {
    this.store = store;
  }

  /** A point of one of several runs. */
  public record PointOfRun(String runId, Metric metric) {}

  /**
   * A metric's points by time, step and value; none for an unknown key.
   *
   * @param limit the most on a page; empty for all
   * @param after {@link Page#next} of the page before; empty for the first
   */
  public Page<Metric> of(String runId, String key, OptionalInt limit, Optional<String> after) {
    Names.runId(runId);
    Optional<Cursor> from = after.map(Cursor::parse);
    return store.read(connection -> {
      Optional<Long> series = series(connection, RunRow.require(connection, runId), key);
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
        Optional<Long> series = series(connection, RunRow.require(connection, runId), key);
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
   * A metric of several runs, thinned for a chart: about {@code limit} steps spread evenly over all
   * of them, with each run's first and last, and every point at those steps.
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
      List<Long> series = new ArrayList<>();
      List<String> owners = new ArrayList<>();
      for (String runId : runs) {
        Optional<Long> number = series(connection, RunRow.require(connection, runId), key);
        if (number.isPresent()) {
          series.add(number.get());
          owners.add(runId);
        }
      }
      SortedSet<Long> steps = sampledSteps(connection, series, least, greatest, limit);
      List<PointOfRun> found = new ArrayList<>();
      for (int i = 0; i < owners.size(); i++) {
        String runId = owners.get(i);
        for (Metric point : pointsAt(connection, series.get(i), steps)) {
          found.add(new PointOfRun(runId, point));
        }
      }
      return found;
    });
  }

  private static SortedSet<Long> sampledSteps(
      Connection connection, List<Long> series, long least, long greatest, int limit)
      throws SQLException {
    TreeSet<Long> picked = new TreeSet<>();
    TreeSet<Long> all = new TreeSet<>();
    for (long one : series) {
      List<Long> steps =
          Sql.list(
              connection,
              "select distinct step from tracking_points where series = ? and step between ? and ?"
                  + " order by step",
              row -> row.getLong(1),
              one,
              least,
              greatest);
      all.addAll(steps);
      if (!steps.isEmpty()) {
        picked.add(steps.getFirst());
        picked.add(steps.getLast());
      }
    }
    picked.addAll(evenly(all.stream().mapToLong(Long::longValue).toArray(), limit));
    return picked;
  }

  /** At most {@code limit} of the sorted {@code steps}, the first and the last among them. */
  static List<Long> evenly(long[] steps, int limit) {
    if (steps.length <= limit) {
      return Arrays.stream(steps).boxed().toList();
    }
    List<Long> picked = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      int place = limit == 1 ? 0 : (int) ((long) i * (steps.length - 1) / (limit - 1));
      picked.add(steps[place]);
    }
    return picked;
  }

  private static List<Metric> pointsAt(Connection connection, long series, SortedSet<Long> steps)
      throws SQLException {
    List<Long> wanted = List.copyOf(steps);
    List<Metric> points = new ArrayList<>();
    for (int from = 0; from < wanted.size(); from += Sql.CHUNK) {
      List<Long> some = wanted.subList(from, Math.min(wanted.size(), from + Sql.CHUNK));
      Object[] values = new Object[some.size() + 2];
      values[0] = series;
      for (int i = 0; i < some.size(); i++) {
        values[i + 1] = some.get(i);
      }
      values[some.size() + 1] = (long) MOST;
      points.addAll(
          Sql.list(
              connection,
              POINTS
                  + " and p.step in ("
                  + Sql.marks(some.size())
                  + ") order by p.step, p.logged_at, p.value limit ?",
              RunReader::metric,
              values));
    }
    return points;
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

  private static Optional<Long> series(Connection connection, RunRow run, String key)
      throws SQLException {
    return Sql.first(
        connection,
        "select series from tracking_metrics where run = ? and name = ?",
        row -> row.getLong(1),
        run.number(),
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
