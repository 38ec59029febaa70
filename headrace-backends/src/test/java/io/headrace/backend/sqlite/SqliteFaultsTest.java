package io.headrace.backend.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.backend.ChildJvm;
import io.headrace.backend.records.MetadataStoreTest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SqliteFaultsTest {
  private static final List<List<String>> TABLES =
      List.of(List.of("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"));

  @TempDir Path folder;

  private MetadataStore open(Path file) {
    var store = SqliteMetadataStore.open(file);
    store.migrate("notes", TABLES);
    return store;
  }

  @Nested
  class Given_a_process_that_is_killed {
    @Test
    void when_the_file_is_opened_again_then_all_that_it_acknowledged_is_there() throws Exception {
      var file = folder.resolve("records.db");
      var random = new Random(7);
      var acknowledged = new ArrayList<Integer>();
      for (int round = 0; round < 5; round++) {
        try (var child =
            new ChildJvm(WritingMain.class, file.toString(), round * 1_000_000 + "", "1000000")) {
          int enough = 20 + random.nextInt(400);
          String line;
          while ((line = child.line()) != null) {
            acknowledged.add(Integer.parseInt(line));
            if (--enough == 0) {
              child.kill();
            }
          }
        }
        try (var store = open(file)) {
          assertThat(new HashSet<>(MetadataStoreTest.ids(store))).containsAll(acknowledged);
          assertThat(check(store)).isEqualTo("ok");
        }
      }
    }
  }

  @Nested
  class Given_several_processes {
    @Test
    void when_they_write_at_once_then_all_is_there_and_none_waits_in_vain() throws Exception {
      var file = folder.resolve("records.db");
      var children = new ArrayList<ChildJvm>();
      for (int i = 0; i < 3; i++) {
        children.add(new ChildJvm(WritingMain.class, file.toString(), i * 10_000 + "", "2000"));
      }
      for (var child : children) {
        String last = "";
        for (var line = child.line(); line != null; line = child.line()) {
          assertThat(line).doesNotContain("failed");
          last = line;
        }
        assertThat(last).isEqualTo("done");
        child.close();
      }
      try (var store = open(file)) {
        assertThat(MetadataStoreTest.ids(store)).hasSize(6_000);
      }
    }

    @Test
    void when_one_holds_the_file_too_long_then_the_other_says_who() throws Exception {
      var file = folder.resolve("records.db");
      try (var store = open(file);
          var holder = new SqliteFile(file).forWriting()) {
        SqliteFile.run(holder, "BEGIN IMMEDIATE");
        long begun = System.nanoTime();
        assertThatThrownBy(() -> store.writeNow(MetadataStoreTest.insert(1, "x")))
            .isInstanceOfSatisfying(
                ProblemException.class,
                e -> assertThat(MetadataStoreTest.code(e)).isEqualTo(ErrorCode.RECORDS))
            .hasMessageContaining("this process")
            .hasMessageContaining(file.toString());
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(20));
        SqliteFile.run(holder, "ROLLBACK");
        store.writeNow(MetadataStoreTest.insert(2, "y"));
        assertThat(MetadataStoreTest.ids(store)).containsExactly(2);
      }
    }
  }

  @Nested
  class Given_two_stores_that_migrate_at_once {
    @Test
    void when_both_are_done_then_each_step_was_applied_once() throws Exception {
      var steps = new ArrayList<List<String>>();
      for (int i = 0; i < 20; i++) {
        steps.add(
            List.of("CREATE TABLE t" + i + " (id INTEGER)", "INSERT INTO t" + i + " VALUES (1)"));
      }
      for (int round = 0; round < 10; round++) {
        var file = folder.resolve("records" + round + ".db");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var both = new ArrayList<Future<?>>();
          for (int i = 0; i < 4; i++) {
            both.add(
                threads.submit(() -> {
                  try (var store = SqliteMetadataStore.open(file)) {
                    store.migrate("many", steps);
                  }
                }));
          }
          for (var one : both) {
            one.get();
          }
        }
      }
    }
  }

  @Nested
  class Given_a_small_disk {
    @Test
    void when_it_is_full_then_nothing_half_is_visible_and_it_goes_on_when_there_is_room()
        throws Exception {
      var disk = Files.createDirectory(folder.resolve("disk"));
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0,
          "a small file system cannot be mounted here");
      try (var store = open(disk.resolve("records.db"))) {
        var text = "x".repeat(10_000);
        var acknowledged = new ArrayList<Integer>();
        var failure = new ArrayList<Throwable>();
        for (int i = 0; failure.isEmpty() && i < 1_000; i++) {
          int id = i;
          try {
            store.writeNow(connection -> {
              for (int part = 0; part < 3; part++) {
                var _ = MetadataStoreTest.insert(id * 3 + part, text).run(connection);
              }
              return 1;
            });
            acknowledged.addAll(List.of(id * 3, id * 3 + 1, id * 3 + 2));
          } catch (ProblemException e) {
            failure.add(e);
          }
        }
        assertThat(failure).hasSize(1);
        assertThat(failure.getFirst())
            .isInstanceOfSatisfying(
                ProblemException.class,
                e -> assertThat(MetadataStoreTest.code(e)).isEqualTo(ErrorCode.DISK))
            .hasMessageContaining(disk.toString())
            .hasMessageContaining("bytes free");
        assertThat(MetadataStoreTest.ids(store)).isEqualTo(acknowledged);

        assertThat(run("mount", "-o", "remount,size=20m", disk.toString())).isZero();
        store.writeNow(MetadataStoreTest.insert(1_000_000, text));
        acknowledged.add(1_000_000);
        assertThat(MetadataStoreTest.ids(store)).isEqualTo(acknowledged);
        assertThat(check(store)).isEqualTo("ok");
      } finally {
        run("umount", "-l", disk.toString());
      }
    }

    @Test
    void when_it_is_full_from_the_start_then_the_problem_says_so() throws Exception {
      var disk = Files.createDirectory(folder.resolve("disk"));
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
          "a small file system cannot be mounted here");
      try {
        var filler = disk.resolve("filler");
        run("sh", "-c", "cat /dev/zero > '" + filler + "'");
        var store = SqliteMetadataStore.open(disk.resolve("records.db"));
        assertThatThrownBy(() -> store.migrate("notes", TABLES))
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("bytes free");
        Files.delete(filler);
        store.migrate("notes", TABLES);
        store.writeNow(MetadataStoreTest.insert(1, "x"));
        assertThat(MetadataStoreTest.ids(store)).containsExactly(1);
        store.close();
      } finally {
        run("umount", "-l", disk.toString());
      }
    }

    @Test
    void when_it_turns_read_only_then_reads_go_on() throws Exception {
      var disk = Files.createDirectory(folder.resolve("disk"));
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()) == 0,
          "a small file system cannot be mounted here");
      try {
        try (var store = open(disk.resolve("records.db"))) {
          store.writeNow(MetadataStoreTest.insert(1, "x"));
        }
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();
        try (var store = SqliteMetadataStore.open(disk.resolve("records.db"))) {
          assertThatThrownBy(() -> store.writeNow(MetadataStoreTest.insert(2, "x")))
              .isInstanceOf(ProblemException.class)
              .hasMessageContaining(disk.toString());
          assertThat(run("mount", "-o", "remount,rw", disk.toString())).isZero();
          store.writeNow(MetadataStoreTest.insert(2, "x"));
          assertThat(MetadataStoreTest.ids(store)).containsExactly(1, 2);
        }
      } finally {
        run("umount", "-l", disk.toString());
      }
    }
  }

  @Nested
  class Given_random_works {
    /** Some fail in the middle; what is left is what a plain list would hold. */
    @Test
    void when_many_threads_queue_them_then_the_outcome_is_that_of_one_after_the_other()
        throws Exception {
      for (int seed = 0; seed < 20; seed++) {
        var random = new Random(seed);
        try (var store = open(folder.resolve("random" + seed + ".db"))) {
          var model = new ArrayList<Integer>();
          var writes = new ArrayList<CompletableFuture<Integer>>();
          for (int i = 0; i < 200; i++) {
            var ids = random.ints(1 + random.nextInt(3), 0, 300).boxed().toList();
            boolean thrown = random.nextInt(5) == 0;
            boolean twice = new HashSet<>(ids).size() < ids.size();
            boolean fails = thrown || twice || ids.stream().anyMatch(model::contains);
            if (!fails) {
              model.addAll(ids);
            }
            var write =
                store.write(connection -> {
                  for (var id : ids) {
                    var _ = MetadataStoreTest.insert(id, "x").run(connection);
                  }
                  if (thrown) {
                    throw new IllegalStateException("thrown");
                  }
                  return ids.size();
                });
            writes.add(write.handle((_, failure) -> (failure != null) == fails ? 0 : 1));
            if (random.nextInt(20) == 0) {
              write.exceptionally(_ -> 0).join();
              assertThat(new HashSet<>(MetadataStoreTest.ids(store)))
                  .isEqualTo(new HashSet<>(model));
            }
          }
          assertThat(writes).allMatch(write -> write.join() == 0);
          assertThat(MetadataStoreTest.ids(store)).containsExactlyInAnyOrderElementsOf(model);
        }
      }
    }

    @Test
    void when_readers_run_beside_writers_then_each_read_is_of_one_moment() throws Exception {
      try (var store = open(folder.resolve("records.db"));
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var all = new ArrayList<Future<?>>();
        for (int writer = 0; writer < 4; writer++) {
          int base = writer * 100_000;
          all.add(
              threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                  int id = base + i * 2;
                  store.writeNow(connection -> {
                    var _ = MetadataStoreTest.insert(id, "a").run(connection);
                    return MetadataStoreTest.insert(id + 1, "b").run(connection);
                  });
                  assertThat(MetadataStoreTest.ids(store)).contains(id, id + 1);
                }
              }));
        }
        for (int reader = 0; reader < 20; reader++) {
          all.add(
              threads.submit(() -> {
                for (int i = 0; i < 50; i++) {
                  assertThat(MetadataStoreTest.ids(store).size() % 2).isZero();
                }
              }));
        }
        for (var one : all) {
          one.get(1, TimeUnit.MINUTES);
        }
        assertThat(MetadataStoreTest.ids(store)).hasSize(800);
      }
    }
  }

  @Test
  void speed_is_printed() {
    try (var store = open(folder.resolve("records.db"))) {
      int alone = 300;
      long begun = System.nanoTime();
      for (int i = 0; i < alone; i++) {
        store.writeNow(MetadataStoreTest.insert(i, "x"));
      }
      long one = System.nanoTime() - begun;
      int many = 50_000;
      begun = System.nanoTime();
      var last = CompletableFuture.completedFuture(0);
      for (int i = 0; i < many; i++) {
        last = store.write(MetadataStoreTest.insert(alone + i, "x"));
      }
      last.join();
      System.out.printf(
          "records: %.2f ms a durable write alone, %.1f us in a queue of %d%n",
          one / 1e6 / alone, (System.nanoTime() - begun) / 1e3 / many, many);
    }
  }

  private static String check(MetadataStore store) {
    return store.read(connection -> {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("PRAGMA integrity_check")) {
        rows.next();
        return rows.getString(1);
      }
    });
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
