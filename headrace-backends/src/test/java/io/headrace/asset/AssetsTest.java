package io.headrace.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.asset.AssetReference.Wanted;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Names, versions and labels, in real records. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AssetsTest {
  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore records;
  private Assets assets;

  @BeforeEach
  void open() {
    records = database.open(folder);
    assets = Assets.open(records, folder.resolve("secrets"), InstantSource.system());
  }

  @AfterEach
  void close() {
    records.close();
  }

  private static Draft draft(String version, String path) {
    return new Draft(
        AssetKind.DATA,
        "taxi",
        version.isEmpty() ? Optional.empty() : Optional.of(version),
        new Value.Table(Map.of("type", new Value.Text("uri_file"), "path", new Value.Text(path))),
        Draft.Told.NOTHING);
  }

  private String versionOf(String reference) {
    return assets
        .find(AssetKind.DATA, AssetReference.parse(reference).orElseThrow())
        .map(Asset::version)
        .orElse("none");
  }

  @Test
  void when_no_version_is_given_then_the_next_whole_number_is_taken() {
    assertThat(assets.create(draft("", "a"), "me").version()).isEqualTo("1");
    assets.create(draft("7", "b"), "me");
    assets.create(draft("2024-05", "c"), "me");
    assertThat(assets.create(draft("", "d"), "me").version()).isEqualTo("8");
  }

  @Test
  void when_a_version_is_made_again_then_the_same_is_no_change_and_another_is_refused() {
    var first = assets.create(draft("1", "a"), "me");
    assertThat(assets.create(draft("1", "a"), "you")).isEqualTo(first);
    assertThatThrownBy(() -> assets.create(draft("1", "b"), "me"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("path");
  }

  @Test
  void when_a_name_is_resolved_then_versions_labels_and_the_newest_are_found() {
    var one = assets.create(draft("1", "a"), "me");
    assets.create(draft("2", "b"), "me");
    assets.label(one, "prod");
    assertThat(versionOf("azureml:taxi:1")).isEqualTo("1");
    assertThat(versionOf("azureml:taxi@latest")).isEqualTo("2");
    assertThat(versionOf("azureml:taxi")).isEqualTo("2");
    assertThat(versionOf("azureml:taxi@prod")).isEqualTo("1");
    assertThat(versionOf("azureml://registries/r/data/taxi/versions/1")).isEqualTo("1");
    assertThat(versionOf("azureml://registries/r/models/taxi/versions/1")).isEqualTo("none");
    assertThat(versionOf("azureml:taxi:3")).isEqualTo("none");
    assets.archive(AssetKind.DATA, "taxi", Optional.of("2"), true);
    assertThat(versionOf("azureml:taxi@latest")).isEqualTo("1");
    assertThatThrownBy(() -> assets.get(AssetKind.DATA, "taxi", new Wanted.Version("3")))
        .hasMessageContaining("version '3'");
  }

  @Test
  void when_it_is_changed_with_set_then_only_what_is_told_of_it_changes() {
    var asset = assets.create(draft("1", "a"), "me");
    var draft = Drafting.changed(asset, List.of("tags.stage=checked", "description=ours"));
    var changed = assets.tell(assets.replace(asset, draft.body()), draft.told());
    assertThat(changed.tags()).containsEntry("stage", new Value.Text("checked"));
    assertThat(changed.description()).isEqualTo("ours");
    assertThat(changed.body()).isEqualTo(asset.body());
    assertThatThrownBy(
            () -> assets.replace(asset, Drafting.changed(asset, List.of("path=z")).body()))
        .hasMessageContaining("never changes");
  }

  @Test
  void when_two_processes_make_the_next_version_at_once_then_each_gets_its_own() throws Exception {
    try (var other = database.open(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var theirs = Assets.open(other, folder.resolve("secrets"), InstantSource.system());
      var work = new java.util.ArrayList<Callable<String>>();
      for (int i = 0; i < 20; i++) {
        var from = i % 2 == 0 ? assets : theirs;
        String path = "p" + i;
        work.add(() -> from.create(draft("", path), "me").version());
      }
      var versions = new HashSet<String>();
      for (var made : threads.invokeAll(work)) {
        versions.add(made.get());
      }
      assertThat(versions).hasSize(20).contains("1", "20");
    }
  }
}
