package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.name.Visible;
import io.headrace.registry.Registry;
import io.headrace.registry.RegistrySearch;
import io.headrace.registry.WebhookSettings;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Searches of somebody who may not see everything. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VisibleTest {
  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore records;
  private FileObjectStore objects;
  private Tracking tracking;
  private Registry registry;
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void open() {
    records = database.open(folder);
    objects = new FileObjectStore(folder.resolve("objects"));
    tracking = Tracking.open(records, objects, InstantSource.system());
    registry =
        Registry.open(
            records,
            objects,
            tracking,
            InstantSource.system(),
            new Registry.Hooks(
                WebhookSettings.of(Map.of()), folder.resolve("webhooks.key"), _ -> {}));
    for (int i = 0; i < 4; i++) {
      ids.add(tracking.experiments().create("e" + i, "", Map.of()));
      registry.models().create("m" + i, Map.of(), "", "");
    }
    tracking.evaluation().create("one", List.of(ids.get(0)), Map.of());
    tracking.evaluation().create("both", List.of(ids.get(0), ids.get(1)), Map.of());
    tracking.evaluation().create("none", List.of(), Map.of());
  }

  @AfterEach
  void close() {
    registry.close();
    records.close();
    objects.close();
  }

  private List<String> experiments(Visible visible) {
    return tracking
        .experimentSearch()
        .search(visible, "", Lifecycle.View.ALL, List.of("name ASC"), 100, Optional.empty())
        .items()
        .stream()
        .map(Experiment::name)
        .toList();
  }

  private List<String> datasets(Visible visible) {
    return tracking
        .evaluation()
        .search(
            new EvaluationDatasets.Question(
                visible, List.of(), "", List.of("name ASC"), 100, Optional.empty()))
        .items()
        .stream()
        .map(EvaluationDataset::name)
        .toList();
  }

  private List<String> models(Visible visible) {
    return registry
        .search()
        .models(new RegistrySearch.Question(visible, "", List.of(), 100, Optional.empty()))
        .items()
        .stream()
        .map(it -> it.name())
        .toList();
  }

  private List<String> runs(Visible visible) {
    var part = Runs.among(visible).orElseThrow();
    return records.read(connection ->
        Sql.list(connection, part.sql(), row -> row.getString(1), part.values().toArray()));
  }

  @Test
  void given_some_then_only_they_are_found() {
    Visible two = new Visible.Only(Set.of(ids.get(0), ids.get(2)));
    assertThat(experiments(two)).containsExactly("e0", "e2");
    assertThat(experiments(Visible.all())).hasSize(5);
    assertThat(datasets(two)).containsExactly("one");
    assertThat(datasets(new Visible.Only(Set.of(ids.get(0), ids.get(1)))))
        .containsExactly("both", "one");
    assertThat(datasets(Visible.all())).containsExactly("both", "none", "one");
    assertThat(models(new Visible.Only(Set.of("m1", "m3", "none such"))))
        .containsExactly("m1", "m3");
    var run =
        tracking.runs().create(new Runs.NewRun(ids.get(2), "", "", 1, Map.of())).info().runId();
    assertThat(runs(two)).containsExactly(run);
    assertThat(runs(new Visible.Only(Set.of(ids.get(1))))).isEmpty();
  }

  @Test
  void given_nothing_then_nothing_is_found() {
    Visible nothing = new Visible.Only(Set.of());
    assertThat(experiments(nothing)).isEmpty();
    assertThat(datasets(nothing)).isEmpty();
    assertThat(models(nothing)).isEmpty();
    assertThat(runs(nothing)).isEmpty();
    assertThat(registry.search().places(Set.of())).isEmpty();
  }

  @Test
  void given_a_path_then_its_owners_are_all_whose_places_overlap_it() {
    var within =
        tracking
            .experiments()
            .create("within", "mlflow-artifacts:/" + ids.get(0) + "/sub", Map.of());
    var outer = ids.get(0);
    assertThat(owners(outer + "/run/artifacts/x")).containsExactly(outer);
    assertThat(owners(outer + "/sub/run/artifacts/x")).containsExactlyInAnyOrder(outer, within);
    assertThat(owners(outer)).containsExactlyInAnyOrder(outer, within);
    assertThat(owners(outer + "0")).isEmpty();
    assertThat(owners("elsewhere/x")).isEmpty();
    assertThat(owners("")).containsAll(ids).contains(within);
  }

  private List<String> owners(String path) {
    return tracking.experiments().owners(ArtifactPath.of(path));
  }
}
