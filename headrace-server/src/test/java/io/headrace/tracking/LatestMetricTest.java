package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Random points in random batches, against a model of MLflow's rules in a few lines. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LatestMetricTest {
  private static final double[] VALUES = {
    0,
    1,
    -1,
    0.5,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    1e308
  };

  @Parameter TestDatabase database;
  @TempDir Path workspace;
  private final Random random = new Random(20);

  @Test
  void given_points_in_any_order_and_batches_then_latest_and_history_follow_the_rules() {
    try (MetadataStore records = database.open(workspace);
        FileObjectStore objects = new FileObjectStore(workspace.resolve("objects"))) {
      Tracking tracking = Tracking.open(records, objects, InstantSource.system());
      for (int round = 0; round < 60; round++) {
        check(tracking);
      }
    }
  }

  private void check(Tracking tracking) {
    String run = tracking.runs().create(new Runs.NewRun("0", "", "", 0, Map.of())).info().runId();
    Map<String, Metric> latest = new HashMap<>();
    Map<String, Set<Metric>> points = new HashMap<>();
    for (int batch = random.nextInt(1, 6); batch > 0; batch--) {
      List<Metric> metrics = new ArrayList<>();
      for (int i = random.nextInt(1, 60); i > 0; i--) {
        Metric point = point();
        metrics.add(point);
        points.computeIfAbsent(point.key(), _ -> new HashSet<>()).add(point);
        latest.merge(point.key(), point, LatestMetricTest::later);
      }
      tracking.log().log(run, metrics, List.of(), List.of());
    }
    assertThat(tracking.runs().get(run).metrics())
        .containsExactlyInAnyOrderElementsOf(latest.values());
    for (String key : points.keySet()) {
      List<Metric> history =
          tracking.history().of(run, key, OptionalInt.empty(), Optional.empty()).items();
      assertThat(history).containsExactlyInAnyOrderElementsOf(points.get(key));
      List<Metric> paged = paged(tracking, run, key);
      assertThat(paged).isEqualTo(history);
    }
  }

  private List<Metric> paged(Tracking tracking, String run, String key) {
    List<Metric> all = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Metric> page =
          tracking.history().of(run, key, OptionalInt.of(random.nextInt(1, 4)), next);
      all.addAll(page.items());
      next = page.next();
    } while (next.isPresent());
    return all;
  }

  /** MLflow's rule as its store has it: strictly greater (step, timestamp, value), NaN as 0. */
  private static Metric later(Metric old, Metric point) {
    double a = Double.isNaN(point.value()) ? 0 : point.value();
    double b = Double.isNaN(old.value()) ? 0 : old.value();
    boolean isLater =
        point.step() > old.step()
            || (point.step() == old.step() && point.timestamp() > old.timestamp())
            || (point.step() == old.step() && point.timestamp() == old.timestamp() && a > b);
    return isLater ? point : old;
  }

  private Metric point() {
    return new Metric(
        "m" + random.nextInt(3),
        VALUES[random.nextInt(VALUES.length)],
        random.nextInt(4),
        random.nextInt(-2, 3));
  }
}
