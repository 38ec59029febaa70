package io.headrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.backend.sqlite.SqliteMetadataStore;
import io.headrace.spi.MetadataStore;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.LoggedModels;
import io.headrace.tracking.Metric;
import io.headrace.tracking.RunLog.Pair;
import io.headrace.tracking.Runs;
import io.headrace.tracking.TraceInfo;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workspace stays open in this process, as it is where a server runs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GcCommandTest {
  @TempDir Path folder;
  private Shell shell;
  private MetadataStore records;
  private FileObjectStore objects;
  private Tracking tracking;

  @BeforeEach
  void arrive() {
    shell = new Shell(folder);
    shell.run("gc").exits(0);
    Workspace workspace = Workspace.open(Optional.of(folder), folder);
    records = SqliteMetadataStore.open(workspace.records());
    objects = new FileObjectStore(workspace.objects());
    tracking = Tracking.open(records, objects, InstantSource.system());
  }

  @AfterEach
  void leave() {
    records.close();
    objects.close();
  }

  private String run(String experiment, String artifact) throws IOException {
    String id =
        tracking.runs().create(new Runs.NewRun(experiment, "me", "", 1, Map.of())).info().runId();
    tracking.log().log(
        id,
        List.of(new Metric("loss", 0.5, 1, 0, Optional.empty())),
        List.of(new Pair("lr", "1")),
        List.of(new Pair("kind", "x")));
    tracking
        .artifacts()
        .put(
            ArtifactPath.of(experiment + "/" + id + "/artifacts/" + artifact),
            new ByteArrayInputStream(artifact.getBytes(UTF_8)));
    return id;
  }

  private String gc(String query, String... more) {
    String[] all = new String[more.length + 7];
    all[0] = "gc";
    System.arraycopy(more, 0, all, 1, more.length);
    String[] rest = {"--unused-for", "0s", "-o", "tsv", "--query", query};
    System.arraycopy(rest, 0, all, more.length + 1, rest.length);
    return shell.run(all).exits(0).out().strip();
  }

  private long rows(String table) {
    return records.read(connection -> {
      try (var select = connection.prepareStatement("select count(*) from " + table);
          var row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    });
  }

  @Test
  void when_a_run_was_deleted_then_it_goes_with_its_rows_and_bytes_and_others_stay()
      throws IOException {
    String gone = run("0", "gone.txt");
    String kept = run("0", "kept.txt");
    tracking.runs().delete(gone);
    assertThat(gc("[runs[0], objects, bytes]", "--dry-run")).isEqualTo(gone + "\n1\n8");
    assertThat(tracking.runs().get(gone).params()).containsEntry("lr", "1");
    assertThat(gc("[runs[0], objects, bytes]")).isEqualTo(gone + "\n1\n8");
    assertThatThrownBy(() -> tracking.runs().get(gone)).isInstanceOf(TrackingException.class);
    assertThat(tracking.runs().get(kept).params()).containsEntry("lr", "1");
    for (String table : List.of("runs", "params", "tags", "metrics", "points")) {
      assertThat(rows("tracking_" + table)).as(table).isEqualTo(1);
    }
    assertThat(tracking.artifacts().list(ArtifactPath.of("0/" + kept + "/artifacts"))).hasSize(1);
    assertThat(gc("[length(runs), objects]")).isEqualTo("0\n0");
    shell.run("fsck").exits(0);
  }

  @Test
  void when_an_experiment_was_deleted_then_all_in_it_goes() throws IOException {
    String experiment = tracking.experiments().create("old", "", Map.of("a", "b"));
    run(experiment, "a.txt");
    String model =
        tracking
            .models()
            .create(
                new LoggedModels.NewModel(
                    experiment, "m", "", "", Map.of("p", "1"), Map.of("t", "1")))
            .id();
    tracking
        .artifacts()
        .put(
            ArtifactPath.of(experiment + "/models/" + model + "/artifacts/MLmodel"),
            new ByteArrayInputStream(new byte[] {1, 2, 3}));
    tracking
        .traces()
        .start(
            new TraceInfo(
                "tr-" + "0".repeat(32),
                experiment,
                5,
                OptionalLong.empty(),
                TraceInfo.State.OK,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of("m", "x"),
                Map.of("t", "x"),
                List.of()));
    tracking.experiments().delete(experiment);
    assertThat(gc("[experiments[0], length(runs), objects]", "--older-than", "1d"))
        .isEqualTo("None\n0\n0");
    assertThat(gc("[experiments[0], length(runs), objects]")).isEqualTo(experiment + "\n1\n2");
    for (String table :
        List.of(
            "tracking_runs",
            "tracking_models",
            "tracking_model_params",
            "tracking_experiment_tags",
            "tracking_artifacts",
            "traces",
            "trace_tags",
            "trace_metadata")) {
      assertThat(rows(table)).as(table).isZero();
    }
    assertThat(tracking.experiments().create("old", "", Map.of())).isNotEmpty();
    shell.run("fsck").exits(0);
  }

  @Test
  void when_bytes_were_used_of_late_then_they_go_another_time() throws IOException {
    String gone = run("0", "a.txt");
    tracking.runs().delete(gone);
    assertThat(shell.run("gc").exits(0).out())
        .contains("removed run " + gone, "0 objects", "1 more objects are needed by nothing");
    assertThat(gc("objects")).isEqualTo("1");
  }

  @Test
  void when_two_runs_have_the_same_bytes_then_they_stay_for_the_other() throws IOException {
    String gone = run("0", "same.txt");
    String kept = run("0", "same.txt");
    tracking.runs().delete(gone);
    assertThat(gc("objects")).isEqualTo("0");
    assertThat(
            tracking.artifacts().find(ArtifactPath.of("0/" + kept + "/artifacts/same.txt")).size())
        .isEqualTo(8);
  }

  @Test
  void when_data_is_registered_then_its_folder_and_files_stay() {
    shell.write("data/a.csv", "1,2");
    shell.write("data/sub/b.csv", "3,4");
    shell
        .run("data", "create", "-n", "numbers", "-v", "1", "-p", "data", "-t", "uri_folder")
        .exits(0);
    assertThat(gc("objects")).isEqualTo("0");
    shell.run("fsck").exits(0);
  }

  @Test
  void when_runs_are_named_then_only_these_go_and_what_is_not_deleted_is_refused()
      throws IOException {
    String one = run("0", "1.txt");
    String two = run("0", "2.txt");
    tracking.runs().delete(one);
    tracking.runs().delete(two);
    assertThat(gc("runs", "--run-ids", one)).isEqualTo(one);
    assertThat(shell.run("gc", "--run-ids", one + "," + two).exits(2).err())
        .contains("run " + one + " cannot be removed; nothing was");
    tracking.runs().restore(two);
    shell.run("gc", "--run-ids", two).exits(2);
    shell.run("gc", "--older-than", "soon").exits(2);
  }

  @Test
  void when_a_time_is_written_then_days_hours_minutes_and_seconds_count() {
    assertThat(GcCommand.duration("--older-than", "1d2h3m4s"))
        .isEqualTo(Duration.ofSeconds(26 * 3600 + 184));
  }
}
