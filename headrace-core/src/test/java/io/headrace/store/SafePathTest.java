package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SafePathTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/..",
        "a/../b",
        "a/../../b",
        ".",
        "./a",
        "a/.",
        "a//b",
        "a/",
        "\0",
        "a\0b",
        "a/\0"
      })
  void what_could_leave_the_root_is_refused(String name) {
    assertThat(SafePath.isSafe(name)).isFalse();
    assertThatThrownBy(() -> SafePath.resolve(folder, name))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("HR-2001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/b", "...", "..a", "a..", ".a", " ", "a b/c\n", "é/中", "C:\\x", "~"})
  void odd_names_that_stay_below_are_taken(String name) {
    assertThat(SafePath.resolve(folder, name)).startsWithRaw(folder).isNotEqualTo(folder);
  }

  @Test
  void a_link_that_leaves_the_root_is_refused() throws IOException {
    var root = Files.createDirectories(folder.resolve("root/inner"));
    var home = folder.resolve("root");
    Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(home.resolve("out"), folder.resolve("outside"));
    Files.createSymbolicLink(home.resolve("in"), root);
    Files.createSymbolicLink(home.resolve("nowhere"), folder.resolve("not-there"));
    assertThat(SafePath.resolveWithin(home, "in/x")).isEqualTo(home.resolve("in/x"));
    assertThat(SafePath.resolveWithin(home, "new/x/y")).isEqualTo(home.resolve("new/x/y"));
    assertThatThrownBy(() -> SafePath.resolveWithin(home, "out/x"))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> SafePath.resolveWithin(home, "nowhere"))
        .isInstanceOf(ProblemException.class);
  }
}
