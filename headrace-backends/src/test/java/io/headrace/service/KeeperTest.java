package io.headrace.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.Assets;
import io.headrace.asset.Draft;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Every hour on the hour, in real records; the time is told. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeeperTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore records;
  private Instant now = NOON.minusSeconds(600);
  private Assets assets;
  private Timetable timetable;
  private final Set<RunId> runs = ConcurrentHashMap.newKeySet();
  private final List<String> started = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    records = database.open(folder);
    assets = Assets.open(records, folder.resolve("secrets"), () -> now);
    timetable = Timetable.open(records);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private void schedule(String cron, boolean enabled) {
    var trigger = new LinkedHashMap<String, Value>();
    trigger.put("type", new Value.Text("cron"));
    trigger.put("expression", new Value.Text(cron));
    var body = new LinkedHashMap<String, Value>();
    body.put("trigger", new Value.Table(trigger));
    body.put("is_enabled", new Value.Flag(enabled));
    body.put("create_job", new Value.Text("/jobs/train.yml"));
    assets.create(
        new Draft(
            AssetKind.SCHEDULE,
            "nightly",
            Optional.empty(),
            new Value.Table(body),
            Draft.Told.NOTHING),
        "me");
  }

  private Keeper keeper(Keeper.Starter starter) {
    return new Keeper(
        assets,
        timetable,
        runs::contains,
        starter,
        new ServiceLog() {
          @Override
          public void note(String line) {}

          @Override
          public void failed(String doing, Throwable cause) {
            failures.add(doing);
          }
        });
  }

  private void start(Asset schedule, RunId run) {
    started.add(run.value());
    runs.add(run);
  }

  @Test
  void a_moment_starts_one_run_named_after_it_and_the_next_moment_is_told() throws Exception {
    schedule("0 * * * *", true);
    var keeper = keeper(this::start);
    assertThat(keeper.look(NOON.minusSeconds(1))).contains(NOON);
    assertThat(started).isEmpty();
    assertThat(keeper.look(NOON.plusMillis(3))).contains(NOON.plus(Duration.ofHours(1)));
    keeper.look(NOON.plusSeconds(30));
    assertThat(started).containsExactly("nightly_20260301t120000");
    assertThat(timetable.starts("nightly", 10))
        .singleElement()
        .satisfies(start -> {
          assertThat(start.state()).isEqualTo(Start.State.STARTED);
          assertThat(start.missed()).isEqualTo(1);
        });
  }

  @Test
  void given_nobody_looked_for_five_hours_then_one_run_makes_up_for_them() throws Exception {
    schedule("0 * * * *", true);
    keeper(this::start).look(NOON.plus(Duration.ofHours(4)).plusSeconds(5));
    assertThat(started).containsExactly("nightly_20260301t160000");
    assertThat(timetable.starts("nightly", 10).getFirst().missed()).isEqualTo(5);
  }

  @Test
  void given_a_clock_that_is_set_back_a_day_then_nothing_starts_again() throws Exception {
    schedule("0 * * * *", true);
    var keeper = keeper(this::start);
    keeper.look(NOON.plusSeconds(1));
    keeper.look(NOON.minus(Duration.ofDays(1)));
    keeper.look(NOON.plusSeconds(2));
    assertThat(started).hasSize(1);
  }

  @Test
  void given_a_death_before_the_run_was_there_then_the_next_keeper_starts_it_once()
      throws Exception {
    schedule("0 * * * *", true);
    keeper(
            (_, _) -> {
              throw new IOException("the power went");
            })
        .look(NOON);
    assertThat(timetable.unsettled()).hasSize(1);
    var next = keeper(this::start);
    next.look(NOON.plusSeconds(90));
    next.look(NOON.plusSeconds(95));
    assertThat(started).containsExactly("nightly_20260301t120000");
    assertThat(timetable.unsettled()).isEmpty();
  }

  @Test
  void given_a_death_after_the_run_was_there_then_it_is_not_started_again() throws Exception {
    schedule("0 * * * *", true);
    keeper(
            (schedule, run) -> {
              start(schedule, run);
              throw new IOException("the power went");
            })
        .look(NOON);
    keeper(this::start).look(NOON.plusSeconds(90));
    assertThat(started).hasSize(1);
    assertThat(timetable.starts("nightly", 1).getFirst().state()).isEqualTo(Start.State.STARTED);
  }

  @Test
  void given_a_job_that_cannot_be_begun_then_that_is_written_down_and_not_tried_again()
      throws Exception {
    schedule("0 * * * *", true);
    var tries = new ArrayList<RunId>();
    var keeper =
        keeper((_, run) -> {
          tries.add(run);
          throw Problem.of(ErrorCode.MISSING_PATH, "there is no train.yml").asException();
        });
    keeper.look(NOON);
    keeper.look(NOON.plusSeconds(5));
    assertThat(tries).hasSize(1);
    assertThat(failures).hasSize(1);
    var start = timetable.starts("nightly", 1).getFirst();
    assertThat(start.state()).isEqualTo(Start.State.FAILED);
    assertThat(start.why()).isEqualTo("there is no train.yml");
  }

  @Test
  void given_a_disabled_schedule_then_it_starts_nothing_nor_makes_up_when_it_is_enabled()
      throws Exception {
    schedule("0 * * * *", false);
    var keeper = keeper(this::start);
    assertThat(keeper.look(NOON.plusSeconds(5))).isEmpty();
    now = NOON.plus(Duration.ofMinutes(90));
    schedule("0 * * * *", true);
    keeper.look(now.plusSeconds(5));
    assertThat(started).isEmpty();
    keeper.look(NOON.plus(Duration.ofHours(2)));
    assertThat(started).containsExactly("nightly_20260301t140000");
  }

  @Test
  void given_a_trigger_that_makes_no_sense_then_it_is_told_once_and_others_go_on()
      throws Exception {
    schedule("99 * * * *", true);
    var keeper = keeper(this::start);
    keeper.look(NOON);
    keeper.look(NOON.plusSeconds(5));
    assertThat(failures).hasSize(1);
  }

  @Test
  void given_four_keepers_of_one_schedule_then_each_moment_starts_once() throws Exception {
    schedule("* * * * *", true);
    var keepers = Stream.generate(() -> keeper(this::start)).limit(4).toList();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int minute = 0; minute < 30; minute++) {
        var at = NOON.plusSeconds(60L * minute);
        List<Callable<Optional<Instant>>> looks = new ArrayList<>();
        keepers.forEach(keeper -> looks.add(() -> keeper.look(at)));
        for (var look : pool.invokeAll(looks)) {
          look.get();
        }
      }
    }
    assertThat(started).hasSize(30).doesNotHaveDuplicates();
    assertThat(timetable.unsettled()).isEmpty();
  }
}
