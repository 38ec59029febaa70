package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.run.JobStatus;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.spi.MetadataStore;
import io.headrace.store.FolderManifest;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RunTrackingTest {
  private static final Digest KEY = Digest.ofText("key");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Parameter TestDatabase database;
  @TempDir Path workspace;
  private MetadataStore records;
  private FileObjectStore objects;
  private Tracking tracking;
  private final RunTracking projection = new RunTracking();

  @BeforeEach
  void open() {
    records = database.open(workspace);
    objects = new FileObjectStore(workspace.resolve("objects"));
    tracking = Tracking.open(records, objects, InstantSource.system());
  }

  @AfterEach
  void close() {
    records.close();
    objects.close();
  }

  private void tell(RunEvent... events) {
    for (RunEvent event : events) {
      records.writeNow(connection -> {
        projection.apply(connection, event);
        return true;
      });
    }
  }

  private static RunEvent created(String run) {
    return new RunEvent.Created(
        new RunId(run),
        NOON,
        KEY,
        "Taxi",
        "nyc",
        "about taxis",
        "pipeline.yml",
        "ann",
        7,
        List.of(),
        Map.of("team", "x"),
        Map.of("rate", "0.1"));
  }

  private static RunEvent started(String run, String step, String child, Instant at) {
    return new RunEvent.StepStarted(
        new RunId(run),
        at,
        new StepId(step),
        new RunId(child),
        new RunId(run),
        1,
        KEY,
        "Train it",
        Map.of("depth", "3"),
        Map.of());
  }

  private static RunEvent reused(String run, String step, String child, String from) {
    return new RunEvent.StepReused(
        new RunId(run),
        NOON,
        new StepId(step),
        new RunId(child),
        new RunId(run),
        KEY,
        new RunId(from),
        "Train it",
        Map.of("depth", "3"),
        Map.of());
  }

  private static RunEvent succeeded(String run, String step, String child, Optional<Digest> made) {
    return new RunEvent.StepSucceeded(
        new RunId(run),
        NOON.plusSeconds(9),
        new StepId(step),
        new RunId(child),
        KEY,
        NOON.plusSeconds(2),
        Map.of(),
        made);
  }

  private Digest manifest(String... paths) throws IOException {
    List<FolderManifest.Entry> files = new java.util.ArrayList<>();
    for (String path : paths) {
      Digest digest = objects.put(new ByteArrayInputStream(path.getBytes(StandardCharsets.UTF_8)));
      files.add(new FolderManifest.FileEntry(path, digest, path.length(), false));
    }
    return FolderManifest.ofUnsorted(files).put(objects);
  }

  private List<String> names(String run, String folder) throws IOException {
    ArtifactPath root =
        Artifacts.placeOf(tracking.runs().get(run).info().artifactUri()).orElseThrow();
    return tracking.artifacts().list(root.then(ArtifactPath.of(folder))).stream()
        .map(Artifacts.Entry::name)
        .toList();
  }

  @Test
  void given_a_pipeline_that_ran_then_it_is_a_parent_with_a_child_for_each_step() {
    tell(
        created("p1"),
        started("p1", "train", "c1", NOON.plusSeconds(1)),
        succeeded("p1", "train", "c1", Optional.empty()),
        started("p1", "score", "c2", NOON.plusSeconds(10)),
        new RunEvent.StepFailed(
            new RunId("p1"),
            NOON.plusSeconds(11),
            new StepId("score"),
            new RunId("c2"),
            Optional.of(1),
            JobStatus.Cause.USER_COMMAND,
            "exit status 1",
            Optional.empty()),
        new RunEvent.StepSkipped(
            new RunId("p1"), NOON.plusSeconds(11), new StepId("last"), new StepId("score")),
        new RunEvent.Ended(new RunId("p1"), NOON.plusSeconds(12), RunStatus.FAILED, ""));

    Run parent = tracking.runs().get("p1");
    assertThat(parent.info().name()).isEqualTo("Taxi");
    assertThat(parent.info().status()).isEqualTo(Status.FAILED);
    assertThat(parent.info().started()).isEqualTo(NOON.toEpochMilli());
    assertThat(parent.info().ended()).hasValue(NOON.plusSeconds(12).toEpochMilli());
    assertThat(parent.params()).isEqualTo(Map.of("rate", "0.1"));
    assertThat(parent.tags())
        .containsEntry("team", "x")
        .containsEntry("mlflow.user", "ann")
        .containsEntry("mlflow.source.name", "pipeline.yml")
        .containsEntry("mlflow.note.content", "about taxis");
    assertThat(tracking.experiments().named("nyc").orElseThrow().id())
        .isEqualTo(parent.info().experimentId());

    Run child = tracking.runs().get("c1");
    assertThat(child.info().status()).isEqualTo(Status.FINISHED);
    assertThat(child.info().started()).isEqualTo(NOON.plusSeconds(2).toEpochMilli());
    assertThat(child.info().name()).isEqualTo("Train it");
    assertThat(child.info().experimentId()).isEqualTo(parent.info().experimentId());
    assertThat(child.tags())
        .containsEntry("mlflow.parentRunId", "p1")
        .containsEntry("headrace.step", "train");
    assertThat(child.params()).isEqualTo(Map.of("depth", "3"));
    assertThat(tracking.runs().get("c2").tags()).containsEntry("headrace.message", "exit status 1");
    assertThat(tracking.runs().children("p1", 10, Optional.empty()).items())
        .extracting(listed -> listed.info().runId())
        .containsExactly("c1", "c2");
  }

  @Test
  void given_a_step_that_logs_its_input_in_its_own_words_then_they_count() {
    tell(created("p1"), started("p1", "train", "c1", NOON));
    tracking.log().log("c1", List.of(), List.of(new RunLog.Pair("depth", "3.0")), List.of());
    assertThat(run("c1").params()).isEqualTo(Map.of("depth", "3.0"));

    tell(started("p1", "train", "c1", NOON), reused("p1", "again", "c2", "c1"));
    assertThat(run("c1").params()).isEqualTo(Map.of("depth", "3.0"));
    assertThat(run("c2").params()).isEqualTo(Map.of("depth", "3.0"));
    assertThatThrownBy(() ->
            tracking.log().log("c1", List.of(), List.of(new RunLog.Pair("depth", "4")), List.of()))
        .hasMessageContaining("Changing param values is not allowed");
  }

  @Test
  void given_the_same_events_again_then_nothing_changes() {
    RunEvent[] events = {
      created("p1"),
      started("p1", "train", "c1", NOON),
      succeeded("p1", "train", "c1", Optional.empty()),
      reused("p1", "again", "c2", "c1"),
      new RunEvent.Ended(new RunId("p1"), NOON, RunStatus.COMPLETED, "")
    };
    tell(events[0], events[1]);
    tracking.log().metric("c1", new Metric("m", 1, 1, 1));
    tell(events);
    List<Run> before = List.of(run("p1"), run("c1"), run("c2"));
    tell(events);
    assertThat(List.of(run("p1"), run("c1"), run("c2"))).isEqualTo(before);
  }

  private Run run(String id) {
    return tracking.runs().get(id);
  }

  @Test
  void given_a_reused_step_then_it_shows_what_the_first_one_logged() throws IOException {
    tell(created("p1"), started("p1", "train", "c1", NOON));
    for (int step = 0; step < 3; step++) {
      tracking.log().metric("c1", new Metric("loss", 3 - step, 5, step));
    }
    tracking.log().metric("c1", new Metric("nan", Double.NaN, 5, 0));
    tracking.log().log("c1", List.of(), List.of(new RunLog.Pair("found", "0.3")), List.of());
    put("c1", "model/MLmodel", "m");
    tell(
        succeeded(
            "p1", "train", "c1", Optional.of(manifest("outputs/a.txt", "user_logs/std_log.txt"))));
    tell(created("p2"), reused("p2", "fit", "c2", "c1"));
    tell(created("p3"), reused("p3", "fit", "c3", "c2"));

    for (String id : new String[] {"c2", "c3"}) {
      Run reused = run(id);
      assertThat(reused.info().status()).isEqualTo(Status.FINISHED);
      assertThat(reused.metrics()).isEqualTo(run("c1").metrics());
      assertThat(reused.params()).isEqualTo(Map.of("depth", "3", "found", "0.3"));
      assertThat(names(id, "")).containsExactly("model", "outputs", "user_logs");
      assertThat(names(id, "model")).containsExactly("MLmodel");
      assertThat(tracking.history().of(id, "loss", OptionalInt.empty(), Optional.empty()).items())
          .containsExactly(new Metric("loss", 1, 5, 2));
    }
    assertThat(run("c3").tags()).containsEntry("headrace.reused_from", "c2");
    assertThat(text("c3", "model/MLmodel")).isEqualTo("m");
    assertThat(text("c3", "outputs/a.txt")).isEqualTo("outputs/a.txt");
  }

  private void put(String run, String path, String text) throws IOException {
    tracking
        .artifacts()
        .put(place(run, path), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private ArtifactPath place(String run, String path) {
    return Artifacts.placeOf(run(run).info().artifactUri())
        .orElseThrow()
        .then(ArtifactPath.of(path));
  }

  private String text(String run, String path) throws IOException {
    try (var bytes = tracking.artifacts().open(tracking.artifacts().find(place(run, path)))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void given_artifacts_of_both_kinds_then_the_clients_own_win() throws IOException {
    tell(created("p1"), started("p1", "train", "c1", NOON));
    put("c1", "outputs/a.txt", "the client's");
    tell(succeeded("p1", "train", "c1", Optional.of(manifest("outputs/a.txt", "outputs/b.txt"))));
    assertThat(names("c1", "outputs")).containsExactly("a.txt", "b.txt");
    assertThat(text("c1", "outputs/a.txt")).isEqualTo("the client's");
  }

  @Test
  void given_a_job_of_a_single_step_then_it_is_its_own_child() {
    tell(
        created("j1"),
        started("j1", "main", "j1", NOON),
        succeeded("j1", "main", "j1", Optional.empty()),
        new RunEvent.Ended(new RunId("j1"), NOON.plusSeconds(20), RunStatus.COMPLETED, ""));
    assertThat(run("j1").info().parent()).isEmpty();
    assertThat(run("j1").info().status()).isEqualTo(Status.FINISHED);
    assertThat(run("j1").params()).isEqualTo(Map.of("rate", "0.1", "depth", "3"));
    assertThat(tracking.runs().newest(10, Optional.empty()).items()).hasSize(1);
  }

  @Test
  void given_an_experiment_that_was_deleted_then_a_new_run_brings_it_back() {
    tell(created("p1"));
    tracking.experiments().delete(run("p1").info().experimentId());
    tell(created("p2"));
    assertThat(tracking.experiments().named("nyc").orElseThrow().lifecycle())
        .isEqualTo(Lifecycle.ACTIVE);
  }

  @Test
  void given_many_runs_then_pages_show_each_once_newest_first() {
    for (int i = 0; i < 7; i++) {
      tell(created("p" + i), started("p" + i, "s", "c" + i, NOON));
    }
    List<String> seen = new java.util.ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Page<Runs.Listed> page = tracking.runs().newest(3, next);
      page.items().forEach(listed -> seen.add(listed.info().runId()));
      next = page.next();
    } while (next.isPresent());
    assertThat(seen).containsExactly("p6", "p5", "p4", "p3", "p2", "p1", "p0");
  }

  @Test
  void given_thousands_of_steps_then_all_are_children() {
    tell(created("big"));
    steps(3_000);
    assertThat(tracking.runs().children("big", 20_000, Optional.empty()).items()).hasSize(3_000);
  }

  private void steps(int count) {
    List<CompletableFuture<Boolean>> writes = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) {
      RunEvent start = started("big", "s" + i, "big_" + i, NOON);
      RunEvent end = succeeded("big", "s" + i, "big_" + i, Optional.empty());
      for (RunEvent event : new RunEvent[] {start, end}) {
        writes.add(
            records.write(connection -> {
              projection.apply(connection, event);
              return true;
            }));
      }
    }
    writes.forEach(CompletableFuture::join);
  }
}
