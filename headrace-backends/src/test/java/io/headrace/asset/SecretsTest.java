package io.headrace.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.asset.AssetReference.Wanted;
import io.headrace.json.ValueJson;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

/** Where the credentials of datastores and connections are, and where they are not. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SecretsTest {
  private static final String SECRET = "s3cr3t-Zq8yT0pW";

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore records;

  @BeforeEach
  void open() {
    records = database.open(folder);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private Assets assets() {
    return Assets.open(records, folder.resolve("secrets"), InstantSource.system());
  }

  private static Draft store(String name, String credentials) {
    return draft(
        AssetKind.DATASTORE,
        name,
        """
        {"type": "azure_blob", "account_name": "a", "container_name": "c"%s}\
        """
            .formatted(credentials.isEmpty() ? "" : ", \"credentials\": " + credentials));
  }

  private static Draft draft(AssetKind kind, String name, String body) {
    return new Draft(
        kind, name, Optional.empty(), (Value.Table) ValueJson.read(body), Draft.Told.NOTHING);
  }

  private static String key(String secret) {
    return "{\"account_key\": \"" + secret + "\"}";
  }

  private List<Path> filesWith(String secret) throws IOException {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    try (var files = Files.walk(folder)) {
      var found = new ArrayList<Path>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
          found.add(file);
        }
      }
      return found;
    }
  }

  private List<Path> secretFiles() throws IOException {
    try (var files = Files.list(folder.resolve("secrets"))) {
      return files.toList();
    }
  }

  private static Optional<String> keyOf(Assets assets, String name) {
    return assets
        .credentials(assets.get(AssetKind.DATASTORE, name, new Wanted.Newest()))
        .field("account_key");
  }

  @Test
  void when_a_datastore_has_a_credential_then_it_is_in_one_file_that_only_its_owner_may_read()
      throws Exception {
    var assets = assets();
    var made = assets.create(store("lake", key(SECRET)), "me");
    assertThat(filesWith(SECRET)).hasSize(1).isEqualTo(secretFiles());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secretFiles().get(0))))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets"))))
        .isEqualTo("rwx------");
    assertThat(made.toString()).doesNotContain(SECRET);
    assertThat(assets.credentials(made).toString()).doesNotContain(SECRET);
    assertThat(keyOf(assets, "lake")).contains(SECRET);
  }

  @Test
  void when_the_folder_is_open_to_others_then_it_is_closed_before_anything_is_written()
      throws Exception {
    Files.createDirectory(
        folder.resolve("secrets"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    assets().create(store("lake", key(SECRET)), "me");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets"))))
        .isEqualTo("rwx------");
  }

  @Test
  void when_a_connection_has_credentials_then_only_what_is_no_secret_is_in_its_body()
      throws Exception {
    var made =
        assets()
            .create(
                draft(
                    AssetKind.CONNECTION,
                    "feed",
                    """
                    {"type": "python_feed", "target": "https://feed", "credentials":
                      {"type": "username_password", "username": "ann", "password": "%s"}}\
                    """
                        .formatted(SECRET)),
                "me");
    assertThat(ValueJson.compact(made.body()))
        .contains("\"username\":\"ann\"", "\"password\":null")
        .doesNotContain(SECRET);
    var credentials = assets().credentials(made);
    assertThat(credentials.field("username")).contains("ann");
    assertThat(credentials.field("password")).contains(SECRET);
    assertThat(credentials.field("type")).contains("username_password");
    assertThat(filesWith(SECRET)).isEqualTo(secretFiles());
  }

  @Test
  void when_it_is_created_again_as_shown_then_the_secret_stays_and_nothing_changes()
      throws Exception {
    var assets = assets();
    var made = assets.create(store("lake", key(SECRET)), "me");
    var before = secretFiles();
    assertThat(assets.create(store("lake", "{\"account_key\": null}"), "me")).isEqualTo(made);
    assertThat(assets.create(store("lake", key(SECRET)), "me")).isEqualTo(made);
    assertThat(secretFiles()).isEqualTo(before);
    assertThat(keyOf(assets, "lake")).contains(SECRET);
  }

  @Test
  void when_a_secret_is_to_stay_but_was_never_told_then_it_is_asked_for() {
    assertThatThrownBy(() -> assets().create(store("lake", "{\"account_key\": null}"), "me"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo(ErrorCode.MISSING_FIELD))
        .hasMessageContaining("credentials.account_key");
  }

  @Test
  void when_a_secret_is_replaced_taken_out_or_deleted_then_the_old_one_is_in_no_file()
      throws Exception {
    var assets = assets();
    assets.create(store("lake", key(SECRET)), "me");
    assets.create(store("lake", key("other-Xw93")), "me");
    assertThat(filesWith(SECRET)).isEmpty();
    assertThat(keyOf(assets, "lake")).contains("other-Xw93");
    assets.create(store("lake", "{}"), "me");
    assertThat(filesWith("other-Xw93")).isEmpty();
    assertThat(keyOf(assets, "lake")).isEmpty();
    assets.create(store("lake", key(SECRET)), "me");
    assets.delete(AssetKind.DATASTORE, "lake");
    assertThat(filesWith(SECRET)).isEmpty();
    assertThat(secretFiles()).isEmpty();
  }

  @Test
  void when_set_changes_another_field_then_the_secret_stays() {
    var assets = assets();
    var made = assets.create(store("lake", key(SECRET)), "me");
    var changed = assets.replace(made, Drafting.changed(made, List.of("container_name=d")).body());
    assertThat(changed.text("container_name")).isEqualTo("d");
    assertThat(keyOf(assets, "lake")).contains(SECRET);
    assets.replace(made, Drafting.changed(made, List.of("credentials.account_key=new")).body());
    assertThat(keyOf(assets, "lake")).contains("new");
  }

  @Test
  void when_the_file_is_lost_then_who_opens_the_store_is_told_and_creating_it_again_mends_it()
      throws Exception {
    var assets = assets();
    var made = assets.create(store("lake", key(SECRET)), "me");
    Files.delete(secretFiles().getFirst());
    assertThatThrownBy(() -> assets.credentials(made)).hasMessageContaining("datastore 'lake'");
    assets.create(store("lake", key(SECRET)), "me");
    assertThat(keyOf(assets, "lake")).contains(SECRET);
  }

  @Test
  void when_a_crash_left_a_file_that_nobody_names_then_it_is_swept_once_it_is_old()
      throws Exception {
    var assets = assets();
    assets.create(store("lake", key(SECRET)), "me");
    var orphan = Files.writeString(folder.resolve("secrets/0123"), "left");
    var fresh = Files.writeString(folder.resolve("secrets/4567"), "being written");
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assets.create(store("other", key("x")), "me");
    assertThat(orphan).doesNotExist();
    assertThat(fresh).exists();
    assertThat(keyOf(assets, "lake")).contains(SECRET);
  }

  @Test
  void when_many_write_the_same_store_at_once_then_one_secret_is_left_and_it_can_be_read()
      throws Exception {
    try (var other = database.open(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var ours = assets();
      var theirs = Assets.open(other, folder.resolve("secrets"), InstantSource.system());
      var work = new ArrayList<Callable<Asset>>();
      for (int i = 0; i < 20; i++) {
        var from = i % 2 == 0 ? ours : theirs;
        String secret = "secret" + i;
        work.add(() -> from.create(store("lake", key(secret)), "me"));
      }
      for (var made : threads.invokeAll(work)) {
        made.get();
      }
      assertThat(keyOf(ours, "lake").orElseThrow()).startsWith("secret");
      assertThat(secretFiles()).hasSize(1);
    }
  }

  @Test
  void given_records_of_an_earlier_version_then_secrets_and_every_trace_of_them_go()
      throws Exception {
    records.close();
    records = database.openBare(folder);
    records.migrate("asset", Tables.STEPS.subList(0, 1));
    insertOld("lake", ", \"credentials\": " + key(SECRET));
    insertOld("gone", ", \"credentials\": " + key("deleted-" + SECRET));
    insertOld("plain", "");
    records.writeNow(c -> Sql.update(c, "delete from asset where name = 'gone'"));
    assertThat(bodies()).anyMatch(it -> it.contains(SECRET));

    var assets = assets();
    assertThat(bodies()).noneMatch(it -> it.contains(SECRET));
    assertThat(filesWith(SECRET)).isEqualTo(secretFiles()).hasSize(1);
    assertThat(keyOf(assets, "lake")).contains(SECRET);
    assertThat(assets.get(AssetKind.DATASTORE, "plain", new Wanted.Newest()).text("account_name"))
        .isEqualTo("a");
    assertThat(keyOf(assets(), "lake")).contains(SECRET);
  }

  private List<String> bodies() {
    return records.read(c -> Sql.list(c, "select body from asset", row -> row.getString(1)));
  }

  private void insertOld(String name, String more) {
    records.writeNow(c ->
        Sql.update(
            c,
            "insert into asset values ('datastore', ?, '', 1, ?, '', '{}', '{}', 0, 1, 1, '', '')",
            name,
            "{\"type\": \"azure_blob\", \"account_name\": \"a\"" + more + "}"));
  }
}
