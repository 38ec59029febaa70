package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5: a small disk that fills up while a run goes on. Needs the right to mount one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FullDiskTest {
  private static final int MEGABYTES = 24;

  @TempDir Path folder;
  private Path disk;
  private Headrace user;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        sh("mount -t tmpfs -o size=" + MEGABYTES + "m tmpfs '" + disk + "'"),
        "a tmpfs cannot be mounted here");
    user = new Headrace(folder.resolve("project"), disk, folder.resolve("captured"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (user != null) {
      user.close();
      assertThat(sh("umount -l '" + disk + "'")).isTrue();
    }
  }

  private static boolean sh(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("/bin/sh", "-c", command + " 2>/dev/null").start().waitFor() == 0;
  }

  /** Takes all space but this much. */
  private Path fill(long leaveKilobytes) throws Exception {
    var ballast = disk.resolve("ballast");
    long free = Files.getFileStore(disk).getUsableSpace() / 1024 - leaveKilobytes;
    assertThat(sh("head -c " + free + "k /dev/zero > '" + ballast + "'")).isTrue();
    return ballast;
  }

  /** The first writes within the space there is, the second over it. */
  private void pipeline() {
    user.write(
        "p.yml",
        Pipelines.head("full")
            + Pipelines.step("small", "echo small >> '" + user.file("ledger") + "'; echo 1 > $OUT")
            + Pipelines.step(
                "large", "cat ${{inputs.small}} > $OUT; head -c 8M /dev/zero >> $OUT", "small"));
  }

  @Test
  void when_it_is_full_before_the_run_then_it_says_so_and_runs_once_there_is_space()
      throws Exception {
    pipeline();
    user.run("run", "list").exits(0);
    var ballast = fill(0);
    var full = user.run("run", "p.yml").exits(3);
    assertThat(full.said()).contains(disk.toString()).contains("bytes free");
    Files.delete(ballast);
    user.run("run", "p.yml").exits(0);
    assertThat(user.run("fsck").exits(0).out()).contains("all whole");
  }

  @Test
  void when_a_step_fills_it_then_what_was_done_stays_and_the_next_run_completes() throws Exception {
    pipeline();
    user.run("run", "list").exits(0);
    var ballast = fill(2048);
    var full = user.run("run", "p.yml").exits(3);
    assertThat(full.said()).as("%s", full).containsPattern("bytes free|No space left on device");
    Files.delete(ballast);
    user.run("resume").code();
    user.run("run", "p.yml").exits(0);
    assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    assertThat(Files.readAllLines(user.file("ledger")))
        .as("small was done")
        .containsExactly("small");
  }

  @Test
  void when_it_is_full_at_any_moment_then_nothing_is_damaged() throws Exception {
    pipeline();
    user.run("run", "list").exits(0);
    for (long kilobytes = 8; kilobytes <= 1024; kilobytes *= 2) {
      var ballast = fill(kilobytes);
      var full = user.run("run", "p.yml");
      assertThat(full.code()).as("with %d KiB free: %s", kilobytes, full).isEqualTo(3);
      full.exits(3);
      assertThat(full.said())
          .as("with %d KiB free", kilobytes)
          .containsPattern("bytes free|No space left on device");
      Files.delete(ballast);
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    }
    // A step that failed on the full disk while no engine was there to tell it is told now; then
    // all goes on.
    var told = user.run("run", "p.yml");
    var last = told.code() == 0 ? told : user.run("run", "p.yml").exits(0);
    assertThat(last.out()).contains("Completed");
  }
}
