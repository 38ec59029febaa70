package io.headrace.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import io.headrace.plan.Code;
import io.headrace.problem.ProblemException;
import io.headrace.store.FolderManifest.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CaptureTest {
  @TempDir Path folder;

  private Fixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Captured data(String name) {
    try (var capture = fixture.storing()) {
      return capture.data(fixture.home.resolve(name));
    }
  }

  private Captured code(String name, String... includes) {
    try (var capture = fixture.storing()) {
      return capture.code(local(name, includes));
    }
  }

  private Code.Local local(String name, String... includes) {
    var paths = new ArrayList<Path>();
    for (var include : includes) {
      paths.add(fixture.home.resolve(include));
    }
    return new Code.Local(fixture.home.resolve(name), paths);
  }

  private List<String> paths(Captured captured) throws IOException {
    return FolderManifest.read(fixture.store, captured.digest()).entries().stream()
        .map(Entry::path)
        .toList();
  }

  @Nested
  class Given_data {
    @Test
    void when_it_is_a_file_then_its_digest_is_that_of_its_bytes() throws IOException {
      fixture.write("d/x.csv", "1,2");
      var captured = data("d/x.csv");
      assertThat(captured).isEqualTo(new Captured(Digest.ofText("1,2"), false, "x.csv", 3, 1));
      assertThat(fixture.store.intact(captured.digest())).isTrue();
    }

    @Test
    void when_it_is_a_folder_then_files_and_empty_folders_are_in_it_in_order() throws IOException {
      fixture.write("d/b/x", "1");
      fixture.write("d/b.txt", "2");
      fixture.write("d/a", "3");
      Files.createDirectories(fixture.home.resolve("d/e/f"));
      var captured = data("d");
      assertThat(captured.files()).isEqualTo(3);
      assertThat(captured.bytes()).isEqualTo(3);
      assertThat(paths(captured)).containsExactly("a", "b.txt", "b/x", "e/f");
    }

    @Test
    void when_only_identified_then_the_digest_is_the_same_and_nothing_is_stored()
        throws IOException {
      fixture.write("d/b/x", "1");
      Captured identified;
      try (var capture = fixture.identifying()) {
        identified = capture.data(fixture.home.resolve("d"));
      }
      assertThat(fixture.store.size(identified.digest())).isEqualTo(-1);
      assertThat(data("d")).isEqualTo(identified);
      assertThat(fixture.store.missing(List.of(identified.digest(), Digest.ofText("1")))).isEmpty();
    }

    @Test
    void when_copied_elsewhere_with_other_rights_and_times_then_the_digest_is_the_same()
        throws IOException {
      fixture.write("one/s/x", "1");
      var copy = fixture.write("two/s/x", "1");
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
      Files.setLastModifiedTime(copy, Fixture.longAgo());
      assertThat(data("two").digest()).isEqualTo(data("one").digest());
    }

    @Test
    void when_there_is_an_ignore_file_in_its_root_then_it_counts_and_the_amlignore_wins()
        throws IOException {
      fixture.write("d/.gitignore", "*\n");
      fixture.write("d/.amlignore", "*.tmp\nskip/\n");
      fixture.write("d/a.tmp", "");
      fixture.write("d/skip/x", "");
      fixture.write("d/sub/.amlignore", "*");
      fixture.write("d/sub/x", "");
      assertThat(paths(data("d")))
          .containsExactly(".amlignore", ".gitignore", "sub/.amlignore", "sub/x");
    }

    @Test
    void when_the_workspace_is_in_it_then_the_workspace_is_left_out() throws IOException {
      fixture.write("x", "1");
      assertThat(paths(data("."))).containsExactly("x");
    }

    @Test
    void when_nothing_is_there_then_the_problem_names_it() {
      assertThatThrownBy(() -> data("nothing"))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("HR-1012")
          .hasMessageContaining("nothing");
    }
  }

  @Nested
  class Given_links {
    @Test
    void when_they_lead_to_files_and_folders_then_they_are_followed() throws IOException {
      fixture.write("elsewhere/f/x", "1");
      fixture.write("d/a", "2");
      Files.createSymbolicLink(fixture.home.resolve("d/l"), fixture.home.resolve("elsewhere"));
      Files.createSymbolicLink(fixture.home.resolve("d/m"), Path.of("a"));
      assertThat(paths(data("d"))).containsExactly("a", "l/f/x", "m");
    }

    @Test
    void when_one_leads_to_a_folder_around_itself_then_the_problem_names_it() throws IOException {
      fixture.write("d/s/x", "1");
      Files.createSymbolicLink(fixture.home.resolve("d/s/up"), fixture.home.resolve("d"));
      assertThatThrownBy(() -> data("d"))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("d/s/up")
          .hasMessageContaining("around itself");
    }

    @Test
    void when_one_leads_nowhere_then_the_problem_names_it_unless_ignored() throws IOException {
      fixture.write("d/x", "1");
      Files.createSymbolicLink(fixture.home.resolve("d/broken"), Path.of("not-there"));
      assertThatThrownBy(() -> data("d")).hasMessageContaining("d/broken leads nowhere");
      fixture.write("d/.amlignore", "broken\n");
      assertThat(paths(data("d"))).containsExactly(".amlignore", "x");
    }

    @Test
    void when_links_multiply_then_it_ends() throws IOException {
      for (int i = 0; i < 30; i++) {
        var level = Files.createDirectories(fixture.home.resolve("bomb/" + i));
        for (var name : List.of("a", "b", "c", "d")) {
          Files.createSymbolicLink(level.resolve(name), Path.of("../" + (i + 1)));
        }
      }
      Files.createDirectories(fixture.home.resolve("bomb/30"));
      assertThatThrownBy(() -> data("bomb/0")).hasMessageContaining("HR-2001");
    }
  }

  @Nested
  class Given_a_cache {
    /** Bytes that only a reader could tell: same size, inode and modification time. */
    private void rewrite(Path file, String text) throws IOException {
      var time = Files.getLastModifiedTime(file);
      Files.writeString(file, text);
      Fixture.restoreTime(file, time);
    }

    @Test
    void when_nothing_changed_then_nothing_is_read_again() throws IOException {
      var file = fixture.write("d/x", "one");
      Fixture.settle(file);
      var first = data("d");

      var cache = fixture.cache();
      assertThat(cache.folder(fixture.home.resolve("d")).known("x", FileStat.of(file)))
          .contains(Digest.ofText("one"));
      assertThat(data("d")).isEqualTo(first);
    }

    @Test
    void when_a_file_is_rewritten_with_its_old_size_and_time_then_it_is_noticed()
        throws IOException {
      var file = fixture.write("d/x", "one");
      Fixture.settle(file);
      data("d");
      rewrite(file, "two");
      assertThat(FolderManifest.read(fixture.store, data("d").digest()).files().getFirst().digest())
          .isEqualTo(Digest.ofText("two"));
    }

    @Test
    void when_a_file_was_written_just_before_it_was_read_then_it_is_not_trusted()
        throws IOException {
      for (int i = 0; i < 50; i++) {
        var file = fixture.write("d/x", "a" + (i % 10));
        assertThat(data("d/x").digest()).isEqualTo(Digest.ofText("a" + (i % 10)));
        rewrite(file, "b" + (i % 10));
        assertThat(data("d/x").digest()).isEqualTo(Digest.ofText("b" + (i % 10)));
      }
    }

    @Test
    void when_an_object_is_gone_then_it_is_stored_again() throws IOException {
      var file = fixture.write("d/x", "one");
      Fixture.settle(file);
      data("d");
      fixture.store.remove(Digest.ofText("one"));
      data("d");
      assertThat(fixture.store.intact(Digest.ofText("one"))).isTrue();
    }

    @Test
    void when_the_same_path_is_captured_twice_in_one_run_then_it_is_looked_at_once()
        throws IOException {
      var file = fixture.write("d/x", "one");
      try (var capture = fixture.storing()) {
        var first = capture.data(file);
        Files.writeString(file, "other");
        assertThat(capture.data(file)).isEqualTo(first);
      }
    }

    @Test
    void
        when_many_files_are_prepared_then_each_is_as_if_captured_alone_and_what_fails_is_told_later()
            throws IOException {
      var paths = new ArrayList<Path>();
      for (int i = 0; i < 300; i++) {
        paths.add(fixture.write("many/f" + i, "x" + i % 50));
      }
      paths.add(fixture.home.resolve("many"));
      paths.add(fixture.home.resolve("not-there"));
      try (var capture = fixture.storing()) {
        capture.prepare(paths);
        for (int i = 0; i < 300; i++) {
          assertThat(capture.data(paths.get(i)))
              .isEqualTo(
                  new Captured(
                      Digest.ofText("x" + i % 50), false, "f" + i, ("x" + i % 50).length(), 1));
        }
        assertThat(capture.data(paths.get(300)).files()).isEqualTo(300);
        assertThatThrownBy(() -> capture.data(paths.get(301))).hasMessageContaining("HR-1012");
      }
    }

    @Test
    void when_a_thousand_small_files_are_unchanged_then_each_costs_microseconds()
        throws IOException {
      Path last = fixture.home;
      for (int i = 0; i < 1_000; i++) {
        last = fixture.write("many/f" + i, "x" + i);
      }
      Fixture.settle(last);
      for (int round = 0; round < 3; round++) {
        long began = System.nanoTime();
        try (var capture = fixture.storing()) {
          var paths = new ArrayList<Path>();
          for (int i = 0; i < 1_000; i++) {
            paths.add(fixture.home.resolve("many/f" + i));
          }
          capture.prepare(paths);
          for (int i = 0; i < 1_000; i++) {
            var captured = capture.data(fixture.home.resolve("many/f" + i));
            assertThat(captured.digest()).isEqualTo(Digest.ofText("x" + i));
          }
        }
        System.out.printf(
            "1,000 single files, round %d: %.1f ms%n", round, (System.nanoTime() - began) / 1e6);
      }
    }
  }

  @Nested
  class Given_code {
    @Test
    void then_empty_folders_vanish_and_the_right_to_execute_stays() throws IOException {
      fixture.write("c/train.py", "x");
      Files.createDirectories(fixture.home.resolve("c/empty"));
      Files.setPosixFilePermissions(
          fixture.write("c/run.sh", "y"), PosixFilePermissions.fromString("rwxr-xr-x"));
      var captured = code("c");
      assertThat(paths(captured)).containsExactly("run.sh", "train.py");
      var manifest = FolderManifest.read(fixture.store, captured.digest());
      assertThat(manifest.file("run.sh").orElseThrow().executable()).isTrue();
      assertThat(manifest.file("train.py").orElseThrow().executable()).isFalse();
    }

    @Test
    void when_it_is_one_file_then_only_that_is_in_the_snapshot() throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("c/other.py", "x");
      assertThat(paths(code("c/train.py"))).containsExactly("train.py");
    }

    @Test
    void when_all_is_ignored_then_it_is_an_error() throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("c/.amlignore", "*\n");
      assertThatThrownBy(() -> code("c")).hasMessageContaining("HR-2002");
    }

    @Test
    void when_a_folder_is_ignored_then_it_is_not_even_opened() throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("c/.amlignore", "secret/\n");
      fixture.write("c/secret/x", "y");
      Files.createSymbolicLink(fixture.home.resolve("c/secret/loop"), fixture.home.resolve("c"));
      assertThat(paths(code("c"))).containsExactly(".amlignore", "train.py");
    }

    @Test
    void when_there_are_includes_then_they_stand_in_the_root_under_the_same_ignore_file()
        throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("c/.amlignore", "*.tmp\nlib/private/\n");
      fixture.write("shared/lib/a.py", "a");
      fixture.write("shared/lib/a.tmp", "a");
      fixture.write("shared/lib/private/p", "a");
      fixture.write("shared/one.txt", "1");
      assertThat(paths(code("c", "shared/lib", "shared/one.txt")))
          .containsExactly(".amlignore", "lib/a.py", "one.txt", "train.py");
    }

    @Test
    void when_an_include_names_a_zip_that_is_not_there_then_the_folder_is_zipped()
        throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("shared/lib/a.py", "import b");
      fixture.write("shared/lib/sub/b.py", "");
      var captured = code("c", "shared/lib.zip");
      assertThat(paths(captured)).containsExactly("lib.zip", "train.py");
      try (var capture = fixture.identifying()) {
        assertThat(capture.code(local("c", "shared/lib.zip"))).isEqualTo(captured);
      }
      var zip = new Folders(fixture.store).open(captured.digest(), "lib.zip").orElseThrow();
      try (var entries = new ZipInputStream(zip)) {
        assertThat(entries.getNextEntry().getName()).isEqualTo("lib/a.py");
        assertThat(new String(entries.readAllBytes(), UTF_8)).isEqualTo("import b");
        assertThat(entries.getNextEntry().getName()).isEqualTo("lib/sub/b.py");
      }
    }

    @Test
    void when_an_include_clashes_or_is_missing_then_it_is_an_error() throws IOException {
      fixture.write("c/train.py", "x");
      fixture.write("shared/train.py", "a");
      assertThatThrownBy(() -> code("c", "shared/train.py")).hasMessageContaining("HR-1018");
      assertThatThrownBy(() -> code("c", "shared/no.py")).hasMessageContaining("HR-1012");
      assertThatThrownBy(() -> code("c", "shared/no.zip")).hasMessageContaining("HR-1012");
    }

    @Test
    void when_it_is_large_then_a_warning_names_the_biggest() throws IOException {
      fixture.write("c/train.py", "x");
      for (int i = 0; i < 10_001; i++) {
        fixture.write("c/.git/objects/" + i, "");
      }
      try (var capture = fixture.identifying()) {
        capture.code(local("c"));
        assertThat(capture.warnings()).hasSize(1);
        assertThat(capture.warnings().getFirst().toString())
            .contains("warning[HR-2003]")
            .contains(".git/ (0.0 MB in 10,001 files)")
            .contains(".amlignore");
      }
    }
  }

  /** Runs in a process of its own, in another locale. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) throws IOException {
      var store = new io.headrace.backend.file.FileObjectStore(Path.of(arguments[1]));
      try (var capture = Capture.storing(store, StatCache.inMemory(), Path.of(arguments[1]))) {
        var captured = capture.data(Path.of(arguments[0]));
        new Staging(store, Sources.NONE).giveFolder(captured.digest(), Path.of(arguments[2]));
        System.out.println(captured.digest());
      }
    }
  }

  @Nested
  class Given_names_beyond_ascii {
    private static final String NAME = "gr\u00fc\u00dfe \uD83D\uDE00/\u4e2d.csv";

    private String inLocale(String locale, String target) throws Exception {
      var builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Elsewhere.class.getName(),
              fixture.home.resolve("d").toString(),
              folder.resolve("objects-" + locale).toString(),
              folder.resolve(target).toString());
      builder.environment().put("LC_ALL", locale);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      var process = builder.start();
      var line = process.inputReader(UTF_8).readLine();
      assertThat(process.waitFor()).isZero();
      return line;
    }

    @Test
    void when_the_locale_differs_then_digest_and_names_do_not() throws Exception {
      // Made by a shell, whose bytes no locale of ours touches.
      var made = fixture.home.resolve("make.sh");
      Files.writeString(
          made,
          "mkdir -p \"$1/d/"
              + NAME.substring(0, NAME.indexOf('/'))
              + "\"\n"
              + "printf 1 > \"$1/d/"
              + NAME
              + "\"\n");
      run("sh", made.toString(), fixture.home.toString());
      var posix = inLocale("C", "given-c");
      assertThat(inLocale("C.UTF-8", "given-utf8")).isEqualTo(posix);
      Files.writeString(made, "cat \"$1/" + NAME + "\" > \"$1/../found\"\n");
      run("sh", made.toString(), folder.resolve("given-c").toString());
      assertThat(folder.resolve("found")).hasContent("1");
    }

    @Test
    void when_a_name_is_not_utf_8_then_the_problem_shows_its_bytes() throws Exception {
      var made = fixture.home.resolve("make.sh");
      Files.writeString(made, "mkdir -p \"$1/d\"; printf 1 > \"$1/d/$(printf 'caf\\351')\"\n");
      run("sh", made.toString(), fixture.home.toString());
      assertThatThrownBy(() -> data("d"))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("caf%E9");
    }

    private static void run(String... command) throws Exception {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
  }

  @Nested
  class Given_what_a_stranger_stored {
    @Test
    void when_a_list_of_files_is_unsafe_or_damaged_then_it_is_refused() throws IOException {
      var hostile = "headrace-folder 1\nf " + Digest.ofText("x").hex() + " 1 ../../etc/cron.d/x\n";
      var digest = fixture.store.put(new ByteArrayInputStream(hostile.getBytes(UTF_8)));
      assertThatThrownBy(() -> fixture.staging().giveFolder(digest, folder.resolve("given")))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("HR-2004");
    }
  }
}
