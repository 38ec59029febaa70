package io.headrace.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.Digest;
import io.headrace.plan.Code;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StagingTest {
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

  private static int bash(String command, Path in) throws Exception {
    return new ProcessBuilder("bash", "-c", command).directory(in.toFile()).start().waitFor();
  }

  @Nested
  class Given_an_input_folder {
    private Captured data = new Captured(Digest.ofText(""), true, "", 0, 0);
    private Path run = Path.of("");
    private Given given = new Given("", data.digest(), true, run);

    @BeforeEach
    void give() throws IOException {
      fixture.write("data/train.csv", "1,2,3");
      fixture.write("data/sub/test.csv", "4,5,6");
      try (var capture = fixture.storing()) {
        data = capture.data(fixture.home.resolve("data"));
      }
      run = Files.createDirectories(fixture.workspace.resolve("run"));
      given = new Given("data", data.digest(), true, run.resolve("in"));
      fixture.staging().giveFolder(data.digest(), given.path());
    }

    @Test
    void when_the_step_only_reads_then_nothing_is_changed() throws Exception {
      assertThat(bash("cat in/train.csv in/sub/test.csv", run)).isZero();
      assertThat(fixture.staging().changes(List.of(given))).isEmpty();
    }

    @Test
    void when_the_step_appends_through_the_link_then_it_is_told_and_the_store_stays_whole()
        throws Exception {
      assertThat(bash("chmod u+w in/train.csv; echo 9 >> in/train.csv", run)).isZero();
      var problems = fixture.staging().changes(List.of(given));
      assertThat(problems).hasSize(1);
      assertThat(problems.getFirst().code()).isEqualTo(ErrorCode.INPUT_CHANGED);
      assertThat(problems.getFirst().message()).contains("'data'").contains("train.csv");
      assertThat(fixture.store.missing(List.of(Digest.ofText("1,2,3"))))
          .containsExactly(Digest.ofText("1,2,3"));
      assertThat(fixture.store.intact(Digest.ofText("4,5,6"))).isTrue();
    }

    @Test
    void when_the_source_still_has_the_bytes_then_the_object_is_made_whole_again()
        throws Exception {
      Fixture.settle(fixture.home.resolve("data/sub/test.csv"));
      try (var capture = fixture.storing()) {
        capture.data(fixture.home.resolve("data"));
      }
      assertThat(bash("chmod u+w in/train.csv; printf 9 > in/train.csv", run)).isZero();
      var staging = new Staging(fixture.store, fixture.cache());
      assertThat(staging.changes(List.of(given))).hasSize(1);
      assertThat(fixture.store.intact(Digest.ofText("1,2,3"))).isTrue();
      staging.giveFolder(data.digest(), run.resolve("again"));
      assertThat(run.resolve("again/train.csv")).hasContent("1,2,3");
    }

    @Test
    void when_the_step_replaces_or_removes_a_file_then_it_is_told_and_no_object_is_lost()
        throws Exception {
      assertThat(bash("rm -f in/train.csv in/sub/test.csv; echo new > in/train.csv", run)).isZero();
      assertThat(fixture.staging().changed(given)).containsExactly("sub/test.csv", "train.csv");
      assertThat(fixture.store.missing(List.of(Digest.ofText("1,2,3"), Digest.ofText("4,5,6"))))
          .isEmpty();
    }

    @Test
    void when_the_step_only_touches_files_or_adds_some_then_no_harm_is_done() throws Exception {
      assertThat(bash("touch in/train.csv; chmod 777 in/sub/test.csv; mkdir in/__pycache__", run))
          .isZero();
      assertThat(fixture.staging().changes(List.of(given))).isEmpty();
      assertThat(fixture.store.intact(Digest.ofText("1,2,3"))).isTrue();
    }

    @Test
    void when_the_step_is_over_then_its_folder_can_be_deleted() throws Exception {
      assertThat(bash("rm -r in", run)).isZero();
      assertThat(fixture.store.intact(Digest.ofText("1,2,3"))).isTrue();
    }
  }

  @Nested
  class Given_code {
    @Test
    void then_each_step_gets_its_own_writable_copy() throws Exception {
      fixture.write("c/a/train.py", "x");
      fixture.write("c/run.sh", "#!/bin/sh\nexit 0\n");
      assertThat(bash("chmod +x c/run.sh", fixture.home)).isZero();
      Captured code;
      try (var capture = fixture.storing()) {
        code = capture.code(new Code.Local(fixture.home.resolve("c"), List.of()));
      }
      fixture.staging().giveCode(code.digest(), folder.resolve("one"));
      fixture.staging().giveCode(code.digest(), folder.resolve("two"));
      assertThat(bash("./run.sh && echo y > a/train.py && rm run.sh", folder.resolve("one")))
          .isZero();
      assertThat(folder.resolve("two/a/train.py")).hasContent("x");
      assertThat(fixture.store.intact(Digest.ofText("x"))).isTrue();
    }
  }

  @Nested
  class Given_a_single_file {
    @Test
    void when_changed_through_the_link_then_it_is_told_by_its_name() throws Exception {
      var digest = fixture.store.put(new ByteArrayInputStream("abc".getBytes(UTF_8)));
      var given = new Given("x", digest, false, folder.resolve("in/x.txt"));
      fixture.staging().giveFile(digest, given.path());
      assertThat(fixture.staging().changes(List.of(given))).isEmpty();
      bash("chmod u+w in/x.txt; printf abd > in/x.txt", folder);
      assertThat(fixture.staging().changes(List.of(given)).getFirst().message())
          .contains("'x'")
          .contains("x.txt");
    }

    @Test
    void when_its_object_is_missing_or_damaged_then_the_problem_says_so() throws IOException {
      assertThatThrownBy(
              () -> fixture.staging().giveFile(Digest.ofText("no"), folder.resolve("no")))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("HR-2005");
      var digest = fixture.store.put(new ByteArrayInputStream("abc".getBytes(UTF_8)));
      Files.delete(fixture.object(digest));
      Files.writeString(fixture.object(digest), "abd");
      assertThatThrownBy(() -> fixture.staging().giveFile(digest, folder.resolve("no")))
          .hasMessageContaining("HR-2004");
    }
  }

  @Nested
  class Given_a_stored_folder_to_download {
    @Test
    void then_it_comes_as_ordinary_files_and_replaces_what_was_there() throws IOException {
      fixture.write("d/s/x", "1");
      Files.createDirectories(fixture.home.resolve("d/empty"));
      Captured data;
      try (var capture = fixture.storing()) {
        data = capture.data(fixture.home.resolve("d"));
      }
      var target = folder.resolve("down");
      Files.createDirectories(target.resolve("s"));
      Files.writeString(target.resolve("s/x"), "old");
      var folders = new Folders(fixture.store);
      folders.download(data.digest(), target);
      assertThat(target.resolve("s/x")).hasContent("1");
      assertThat(target.resolve("empty")).isDirectory();
      Files.writeString(target.resolve("s/x"), "mine");
      assertThat(fixture.store.intact(Digest.ofText("1"))).isTrue();
      assertThat(folders.open(data.digest(), "s/y")).isEmpty();
    }

    @Test
    void when_a_link_there_leads_out_then_it_is_refused() throws IOException {
      fixture.write("d/s/x", "1");
      Captured data;
      try (var capture = fixture.storing()) {
        data = capture.data(fixture.home.resolve("d"));
      }
      var target = Files.createDirectories(folder.resolve("down"));
      var outside = Files.createDirectories(folder.resolve("outside"));
      Files.createSymbolicLink(target.resolve("s"), outside);
      assertThatThrownBy(() -> new Folders(fixture.store).download(data.digest(), target))
          .hasMessageContaining("HR-2001");
      assertThat(outside.resolve("x")).doesNotExist();
    }
  }
}
