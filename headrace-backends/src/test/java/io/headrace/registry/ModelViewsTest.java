package io.headrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.AssetReference.Wanted;
import io.headrace.asset.Assets;
import io.headrace.asset.Draft;
import io.headrace.asset.StoredPath;
import io.headrace.backend.file.FileObjectStore;
import io.headrace.name.Digest;
import io.headrace.problem.ProblemException;
import io.headrace.registry.ModelVersions.NewVersion;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.store.FolderManifest;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.Tracking;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A model is one thing, whether az or MLflow made it. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ModelViewsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore records;
  private FileObjectStore objects;
  private Tracking tracking;
  private Registry registry;
  private Assets assets;

  @BeforeEach
  void open() {
    records = database.open(folder);
    objects = new FileObjectStore(folder.resolve("objects"));
    tracking = Tracking.open(records, objects, CLOCK);
    registry = open(WebhookSettings.PUBLIC);
    assets = Assets.open(records, folder.resolve("secrets"), CLOCK, Registry.watch(records, CLOCK));
  }

  private Registry open(WebhookSettings settings) {
    return Registry.open(
        records,
        objects,
        tracking,
        CLOCK,
        new Registry.Hooks(settings, folder.resolve("webhooks.key"), line -> {}));
  }

  @AfterEach
  void close() {
    registry.close();
    records.close();
    objects.close();
  }

  private StoredPath stored(Map<String, String> files) throws IOException {
    var entries = new java.util.ArrayList<FolderManifest.Entry>();
    for (var file : files.entrySet()) {
      byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
      Digest digest = objects.put(new ByteArrayInputStream(bytes));
      entries.add(new FolderManifest.FileEntry(file.getKey(), digest, bytes.length, false));
    }
    return new StoredPath(FolderManifest.ofUnsorted(entries).put(objects), "model", true);
  }

  private Asset create(String name, String version, String path, String tag) {
    return assets.create(
        new Draft(
            AssetKind.MODEL,
            name,
            version.isEmpty() ? Optional.empty() : Optional.of(version),
            new Value.Table(
                Map.of("type", new Value.Text("custom_model"), "path", new Value.Text(path))),
            new Draft.Told(
                Optional.of("about"),
                Optional.of(Map.of("tag", new Value.Text(tag))),
                Optional.empty())),
        "me");
  }

  private ModelVersion mlflow(String name, String source) throws IOException {
    return registry
        .versions()
        .create(
            new NewVersion(
                name, source, Optional.empty(), Optional.empty(), "", "said", Map.of("k", "v")),
            "");
  }

  private Asset asset(String name, String version) {
    return assets.get(AssetKind.MODEL, name, new Wanted.Version(version));
  }

  @Test
  void when_az_makes_a_model_then_mlflow_finds_it_with_its_files() throws Exception {
    StoredPath path = stored(Map.of("MLmodel", "flavors: {sklearn: {}}\n", "data/w.txt", "w"));
    create("price", "", path.uri(), "a");
    ModelVersion version = registry.versions().get("price", "1");
    assertThat(version.tags()).containsEntry("tag", "a");
    assertThat(version.description()).contains("about");
    assertThat(version.user()).isEqualTo("me");
    String uri = registry.versions().downloadUri("price", "1");
    assertThat(uri).isEqualTo(version.source());
    ArtifactPath root = Artifacts.placeOf(uri).orElseThrow();
    assertThat(tracking.artifacts().list(root))
        .extracting(Artifacts.Entry::name)
        .containsExactly("MLmodel", "data");
    assertThat(registry.versions().inspectPending()).hasSize(1);
    ModelVersion inspected = registry.versions().get("price", "1");
    assertThat(inspected.facts().format()).isEqualTo("sklearn");
    assertThat(inspected.facts().bytes()).isEqualTo(24);
    assertThat(asset("price", "1").properties())
        .containsEntry("headrace.format", new Value.Text("sklearn"));
    assertThat(registry.versions().inspectPending()).isEmpty();
  }

  @Test
  void when_az_makes_a_model_of_one_file_then_mlflow_sees_a_folder_with_it() throws Exception {
    Digest digest = objects.put(new ByteArrayInputStream("bytes".getBytes(StandardCharsets.UTF_8)));
    create("one", "1", new StoredPath(digest, "m.bin", false).uri(), "a");
    ArtifactPath root =
        Artifacts.placeOf(registry.versions().downloadUri("one", "1")).orElseThrow();
    assertThat(tracking.artifacts().list(root))
        .containsExactly(new Artifacts.Entry("m.bin", false, 5));
    assertThat(tracking.artifacts().find(ArtifactPath.of(root + "/m.bin")).digest())
        .isEqualTo(digest);
  }

  @Test
  void when_mlflow_makes_a_version_then_az_finds_it() throws Exception {
    registry.models().create("price", Map.of(), "", "");
    mlflow("price", "s3://bucket/x");
    Asset asset = asset("price", "1");
    assertThat(asset.text("path")).isEqualTo("s3://bucket/x");
    assertThat(asset.tags()).containsEntry("k", new Value.Text("v"));
    assertThat(asset.description()).isEqualTo("said");
    assertThat(create("price", "", "s3://other", "b").version()).isEqualTo("2");
    assertThat(mlflow("price", "s3://bucket/y").version()).isEqualTo(3);
  }

  @Test
  void when_something_is_said_on_one_side_then_the_other_says_it_too() throws Exception {
    registry.models().create("price", Map.of(), "", "");
    mlflow("price", "s3://bucket/x");
    registry.versions().setTag("price", "1", "k", "w");
    registry.versions().update("price", "1", Optional.of("more"));
    assertThat(asset("price", "1").tags()).containsEntry("k", new Value.Text("w"));
    assertThat(asset("price", "1").description()).isEqualTo("more");
    assets.tell(
        asset("price", "1"),
        new Draft.Told(
            Optional.empty(), Optional.of(Map.of("z", new Value.Text("1"))), Optional.empty()));
    assertThat(registry.versions().get("price", "1").tags()).isEqualTo(Map.of("z", "1"));
    registry.aliases().set("price", "champion", "1", "ada");
    assertThat(assets.get(AssetKind.MODEL, "price", new Wanted.Label("champion")).version())
        .isEqualTo("1");
    assets.label(asset("price", "1"), "live");
    assertThat(registry.aliases().version("price", "live").version()).isEqualTo(1);
    assets.unlabel(asset("price", "1"), "champion");
    assertThat(registry.models().get("price").aliases()).containsOnlyKeys("live");
    assertThat(registry.aliases().moves("price", "champion"))
        .extracting(AliasMove::user)
        .containsExactly("", "ada");
  }

  @Test
  void when_mlflow_renames_or_deletes_then_az_sees_it() throws Exception {
    registry.models().create("price", Map.of(), "", "");
    mlflow("price", "s3://bucket/x");
    mlflow("price", "s3://bucket/y");
    registry.models().rename("price", "cost");
    registry.versions().delete("cost", "2", "");
    assertThat(assets.all(AssetKind.MODEL, "")).extracting(Asset::title).containsExactly("cost:1");
    assertThat(mlflow("cost", "s3://bucket/z").version()).isEqualTo(3);
    registry.models().delete("cost");
    assertThat(assets.all(AssetKind.MODEL, "")).isEmpty();
  }

  @Test
  void when_a_version_of_az_is_no_whole_number_then_mlflow_gives_it_the_next() {
    create("price", "1.0", "s3://a", "a");
    create("price", "2", "s3://b", "b");
    create("price", "1", "s3://c", "c");
    assertThat(registry.versions().ofAsset("price", "1.0").version()).isEqualTo(1);
    assertThat(registry.versions().ofAsset("price", "2").version()).isEqualTo(2);
    assertThat(registry.versions().ofAsset("price", "1").version()).isEqualTo(3);
  }

  @Test
  void when_models_were_there_before_then_opening_takes_them_in() {
    Assets before = Assets.open(records, folder.resolve("secrets"), CLOCK);
    Asset old =
        before.create(
            new Draft(
                AssetKind.MODEL,
                "old",
                Optional.of("4"),
                new Value.Table(Map.of("path", new Value.Text("s3://x"))),
                Draft.Told.NOTHING),
            "me");
    before.label(old, "prod");
    registry.close();
    registry = open(WebhookSettings.PUBLIC);
    assertThat(registry.versions().get("old", "4").aliases()).containsExactly("prod");
  }

  @Test
  void when_a_prompt_has_the_name_then_no_model_gets_it_and_prompts_are_no_models()
      throws Exception {
    Map<String, String> prompt =
        Map.of("mlflow.prompt.is_prompt", "true", "mlflow.prompt.text", "hi");
    registry.models().create("greet", Map.of("mlflow.prompt.is_prompt", "true"), "", "");
    registry
        .versions()
        .create(
            new NewVersion(
                "greet", "dummy-source", Optional.empty(), Optional.empty(), "", "", prompt),
            "");
    assertThat(assets.all(AssetKind.MODEL, "")).isEmpty();
    assertThatThrownBy(() -> create("greet", "", "s3://a", "a"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("prompt");
    assertThat(assets.all(AssetKind.MODEL, "")).isEmpty();
  }

  @Test
  void when_two_are_compared_then_files_and_tags_that_differ_are_told() throws Exception {
    create("m", "1", stored(Map.of("a", "1", "b", "2")).uri(), "x");
    create("m", "2", stored(Map.of("a", "1", "b", "3", "c", "4")).uri(), "y");
    registry.versions().inspectPending();
    Value.Table told =
        new ModelComparison(tracking, objects)
            .of(registry.versions().get("m", "1"), registry.versions().get("m", "2"));
    assertThat(told.entries().get("same_bytes")).isEqualTo(new Value.Flag(false));
    assertThat(told.entries().get("files"))
        .isEqualTo(
            Outbox.data(
                "added", new Value.Items(List.of(new Value.Text("c"))),
                "removed", new Value.Items(List.of()),
                "changed", new Value.Items(List.of(new Value.Text("b")))));
    assertThat(Objects.requireNonNull(told.entries().get("tags")).toString()).contains("x", "y");
  }
}
