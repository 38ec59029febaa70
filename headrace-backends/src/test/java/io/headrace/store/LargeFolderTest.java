package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prints what a large folder costs; a loaded machine must not fail it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LargeFolderTest {
  /** 100 with HEADRACE_LARGE=1 in the environment: 100,000 files, minutes on a busy disk. */
  private static final int FOLDERS = System.getenv("HEADRACE_LARGE") == null ? 10 : 100;

  private static final long FILES = 1_000;

  @TempDir Path folder;

  @Test
  void a_large_unchanged_folder_is_not_read_again() throws IOException {
    try (var fixture = new Fixture(folder)) {
      Path last = fixture.home;
      for (int i = 0; i < FOLDERS; i++) {
        var sub = Files.createDirectories(fixture.home.resolve("data/s" + i));
        for (int j = 0; j < FILES; j++) {
          last = Files.writeString(sub.resolve("f" + j), i + "," + j);
        }
      }
      Fixture.settle(last);
      var first = timed("first", fixture);
      assertThat(first.files()).isEqualTo(FOLDERS * FILES);
      assertThat(timed("unchanged", fixture)).isEqualTo(first);
      assertThat(timed("unchanged", fixture)).isEqualTo(first);
      Files.writeString(last, "changed");
      assertThat(timed("one changed", fixture)).isNotEqualTo(first);
    }
  }

  private static Captured timed(String what, Fixture fixture) {
    long began = System.nanoTime();
    try (var capture = fixture.identifying()) {
      return capture.data(fixture.home.resolve("data"));
    } finally {
      System.out.printf(
          "%,d files, %s: %.0f ms%n", FOLDERS * FILES, what, (System.nanoTime() - began) / 1e6);
    }
  }
}
