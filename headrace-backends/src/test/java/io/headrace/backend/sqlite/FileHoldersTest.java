package io.headrace.backend.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FileHoldersTest {
  @Test
  void given_a_process_that_has_the_file_open_then_it_is_named(@TempDir Path folder)
      throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "the system does not tell");
    var file = Files.createFile(folder.resolve("records.db"));
    assertThat(FileHolders.describe(file)).isEqualTo("who holds it is not known");
    var holder = new ProcessBuilder("sleep", "1000").redirectInput(file.toFile()).start();
    try {
      assertThat(FileHolders.describe(file)).isEqualTo("open in pid " + holder.pid() + " (sleep)");
    } finally {
      holder.destroyForcibly();
    }
  }
}
