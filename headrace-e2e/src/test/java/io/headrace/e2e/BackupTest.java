package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headrace backup} and {@code restore}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BackupTest {
  @TempDir Path folder;
  @TempDir Path elsewhere;

  private Path backup;

  @BeforeEach
  void where() {
    backup = elsewhere.resolve("backup");
  }

  private static void steps(Headrace user, String... names) {
    var text = new StringBuilder("type: pipeline\njobs:\n");
    for (var name : names) {
      text.append(
          """
            %s:
              type: command
              command: echo %s > ${{outputs.x}} && cp NOTES/wait ${{outputs.x}}.w 2> /dev/null; while [ -e NOTES/wait ]; do sleep 0.02; done
              environment: azureml:local
              outputs: {x: {type: uri_file}}
          """
              .formatted(name, name)
              .replace("NOTES", user.project().toString()));
    }
    user.write("p.yml", text.toString());
  }

  private List<Path> objects() throws IOException {
    try (var files = Files.walk(backup.resolve("objects"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(it -> !it.startsWith(backup.resolve("objects/tmp")))
          .sorted()
          .toList();
    }
  }

  @Test
  void when_it_is_taken_while_a_run_goes_on_then_the_restored_workspace_is_whole_and_finishes_it()
      throws IOException {
    try (var user = new Headrace(folder.resolve("one"))) {
      steps(user, "a", "b");
      user.run("run", "p.yml").exits(0);
      user.write(
          "store.yml",
          """
          name: lake
          type: azure_blob
          account_name: a
          container_name: c
          credentials: {account_key: very-secret}
          """);
      user.run("datastore", "create", "-f", "store.yml").exits(0);

      user.write("wait", "");
      steps(user, "a", "b", "c");
      var server = user.start("server", "--port", "0");
      Await.until(server::err, () -> server.out().contains("  at  "));
      user.run("job", "create", "-f", "p.yml", "--name", "unfinished").exits(0);
      Await.until(
          server::err, () -> user.run("run", "show", "unfinished").out().contains("running"));
      assertThat(user.run("backup", backup.toString()).exits(0).out()).contains("objects copied");
      server.kill();
      Files.delete(user.file("wait"));

      try (var other = new Headrace(elsewhere.resolve("two"))) {
        var out = other.run("restore", backup.toString()).exits(0).out();
        assertThat(out).contains("all whole");
        other.run("fsck").exits(0);
        assertThat(other.run("run", "list").exits(0).out()).contains("Completed", "unfinished");
        assertThat(other.run("resume", "unfinished").exits(0).out()).contains("Completed");
        var secrets = other.state().resolve("secrets");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
            .isEqualTo("rwx------");
        assertThat(other.run("restore", backup.toString()).exits(2).err())
            .contains("has records already");
      }
    }
  }

  @Test
  void when_it_is_taken_again_then_only_what_is_new_is_copied_and_damage_is_not_taken_along()
      throws IOException {
    try (var user = new Headrace(folder.resolve("one"))) {
      steps(user, "a", "b");
      user.run("run", "p.yml").exits(0);
      int first =
          user.json("backup", backup.toString(), "-o", "json").get("objects_copied").asInt();
      assertThat(first).isPositive();
      // As a first backup leaves it that is cut off before its end.
      Files.move(backup.resolve("records.db"), backup.resolve("records.db.coming"));
      assertThat(user.json("backup", backup.toString(), "-o", "json").get("objects_copied").asInt())
          .isZero();
      steps(user, "a", "b", "d");
      user.run("run", "p.yml").exits(0);
      var again = user.json("backup", backup.toString(), "-o", "json");
      assertThat(again.get("objects_present").asInt()).isEqualTo(first);
      assertThat(again.get("objects_copied").asInt()).isPositive();

      steps(user, "a", "b", "d", "e");
      user.run("run", "p.yml").exits(0);
      var newest = newestObject(user);
      assertThat(newest.toFile().setWritable(true)).isTrue();
      Files.writeString(newest, "something else");
      var before = objects();
      assertThat(user.run("backup", backup.toString()).exits(3).err())
          .contains("is damaged, and not copied", "fsck --repair");
      assertThat(objects()).containsAll(before);
    }
  }

  private static Path newestObject(Headrace user) throws IOException {
    var known = user.state().resolve("objects");
    try (var files = Files.walk(known)) {
      return files
          .filter(Files::isRegularFile)
          .filter(it -> !known.relativize(it).startsWith("tmp"))
          .max(Comparator.comparing(BackupTest::changed))
          .orElseThrow();
    }
  }

  private static java.nio.file.attribute.FileTime changed(Path file) {
    try {
      return (java.nio.file.attribute.FileTime) Files.getAttribute(file, "unix:ctime");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void when_the_folder_is_the_wrong_one_then_it_says_so_and_nothing_is_touched()
      throws IOException {
    try (var user = new Headrace(folder.resolve("one"))) {
      steps(user, "a");
      user.run("run", "p.yml").exits(0);
      assertThat(user.run("backup", user.state().resolve("b").toString()).exits(2).err())
          .contains("in the workspace itself");
      Files.createDirectories(backup);
      Files.writeString(backup.resolve("mine.txt"), "mine");
      assertThat(user.run("backup", backup.toString()).exits(2).err()).contains("has other files");
      assertThat(user.run("restore", backup.toString()).exits(2).err())
          .contains("holds no finished backup");
      assertThat(backup).isDirectoryContaining("glob:**/mine.txt");
    }
  }
}
