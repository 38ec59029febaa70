package io.headrace.backend.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** What every metadata store promises. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public class MetadataStoreTest {
  public static final List<List<String>> TABLES =
      List.of(List.of("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"));

  @Parameter TestDatabase database;
  @TempDir Path folder;
  private MetadataStore store;

  @BeforeEach
  void open() {
    store = database.openBare(folder);
    store.migrate("notes", TABLES);
  }

  @AfterEach
  void close() {
    store.close();
  }

  public static MetadataStore.Work<Integer> insert(int id, String text) {
    return connection -> {
      try (var insert = connection.prepareStatement("INSERT INTO note (id, text) VALUES (?, ?)")) {
        insert.setInt(1, id);
        insert.setString(2, text);
        return insert.executeUpdate();
      }
    };
  }

  public static List<Integer> ids(MetadataStore store) {
    return store.read(connection -> {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT id FROM note ORDER BY id")) {
        var ids = new ArrayList<Integer>();
        while (rows.next()) {
          ids.add(rows.getInt(1));
        }
        return ids;
      }
    });
  }

  /** Keeps the writer busy, so that what is queued meanwhile becomes one transaction. */
  private CountDownLatch holdTheWriter() throws InterruptedException {
    var running = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var _ =
        store.write(connection -> {
          running.countDown();
          try {
            return go.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    running.await();
    return go;
  }

  @Nested
  class Given_writes_that_share_a_transaction {
    @Test
    void when_one_fails_then_it_alone_leaves_nothing() throws Exception {
      var go = holdTheWriter();
      var first = store.write(insert(1, "a"));
      var failing =
          store.write(connection -> {
            var _ = insert(2, "b").run(connection);
            return insert(1, "again").run(connection);
          });
      var last = store.write(insert(3, "c"));
      go.countDown();

      assertThat(first.get()).isEqualTo(1);
      assertThat(last.get()).isEqualTo(1);
      assertThatThrownBy(failing::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SQLException.class)
          .hasMessageMatching("(?is).*unique.*");
      assertThat(ids(store)).containsExactly(1, 3);
    }

    @Test
    void when_the_first_fails_then_the_others_stand() throws Exception {
      var failing =
          store.write(connection -> {
            var _ = insert(1, "a").run(connection);
            throw new IllegalArgumentException("no");
          });
      var next = store.write(insert(2, "b"));
      next.get();

      assertThatThrownBy(failing::get).hasCauseInstanceOf(IllegalArgumentException.class);
      assertThat(ids(store)).containsExactly(2);
    }

    @Test
    void when_they_end_then_they_took_effect_in_the_order_of_the_calls() throws Exception {
      var go = holdTheWriter();
      var writes = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 500; i++) {
        int expected = i;
        writes.add(
            store.write(connection -> {
              try (var statement = connection.createStatement();
                  var rows = statement.executeQuery("SELECT count(*) FROM note")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(expected);
              }
              return insert(expected, "x").run(connection);
            }));
      }
      go.countDown();
      CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).get();
      assertThat(ids(store)).hasSize(500).isSorted();
    }
  }

  @Nested
  class Given_a_write {
    @Test
    void when_it_has_completed_then_a_read_and_another_store_see_it() {
      assertThat(store.writeNow(insert(7, "x"))).isEqualTo(1);
      assertThat(ids(store)).containsExactly(7);
      try (var other = database.openBare(folder)) {
        other.migrate("notes", TABLES);
        assertThat(ids(other)).containsExactly(7);
      }
    }

    @Test
    void when_it_waits_for_another_write_then_it_fails_at_once() {
      assertThatThrownBy(() -> store.writeNow(connection -> store.writeNow(insert(1, "x"))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("wait for itself");
    }

    @Test
    void when_it_reads_then_it_sees_what_it_wrote() {
      var seen =
          store.writeNow(connection -> {
            var _ = insert(1, "x").run(connection);
            return ids(store);
          });
      assertThat(seen).containsExactly(1);
    }

    @Test
    void when_it_commits_by_itself_then_it_is_refused() {
      assertThatThrownBy(() ->
              store.writeNow(connection -> {
                var _ = insert(1, "x").run(connection);
                connection.commit();
                return 1;
              }))
          .isInstanceOf(ProblemException.class);
      assertThat(ids(store)).isEmpty();
    }

    @Test
    void when_it_closes_the_connection_then_it_fails_and_the_next_works() {
      assertThatThrownBy(() ->
              store.writeNow(connection -> {
                var _ = insert(1, "x").run(connection);
                connection.close();
                return 1;
              }))
          .isInstanceOf(ProblemException.class);
      store.writeNow(insert(2, "y"));
      assertThat(ids(store)).containsExactly(2);
    }
  }

  @Nested
  class Given_a_read {
    @Test
    void when_others_write_meanwhile_then_it_sees_one_state() {
      store.writeNow(insert(1, "x"));
      var seen =
          store.read(connection -> {
            var before = ids(store);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
              var _ = threads.submit(() -> store.writeNow(insert(2, "y")));
            }
            return List.of(before, ids(store));
          });
      assertThat(seen).containsExactly(List.of(1), List.of(1));
      assertThat(ids(store)).containsExactly(1, 2);
    }

    @Test
    void when_it_writes_then_it_is_refused() {
      assertThatThrownBy(() -> store.read(insert(1, "x")))
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(code(e)).isEqualTo(ErrorCode.RECORDS));
      assertThat(ids(store)).isEmpty();
    }
  }

  @Nested
  class Given_it_is_closed {
    @Test
    void when_works_were_queued_then_they_are_written() throws Exception {
      var go = holdTheWriter();
      var writes = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 3_000; i++) {
        writes.add(store.write(insert(i, "x")));
      }
      go.countDown();
      store.close();

      assertThat(writes).allMatch(write -> write.isDone() && !write.isCompletedExceptionally());
      try (var again = database.openBare(folder)) {
        assertThat(ids(again)).hasSize(3_000);
      }
    }

    @Test
    void when_used_then_it_says_so() {
      store.close();
      store.close();
      assertThatThrownBy(() -> store.writeNow(insert(1, "x"))).hasMessageContaining("closed");
      assertThatThrownBy(() -> ids(store)).hasMessageContaining("closed");
    }
  }

  @Nested
  class Given_migrations {
    @Test
    void when_steps_are_added_then_only_those_are_applied() {
      var more = new ArrayList<>(TABLES);
      more.add(List.of("ALTER TABLE note ADD COLUMN more TEXT", "UPDATE note SET more = text"));
      store.writeNow(insert(1, "x"));
      store.close();
      store = database.openBare(folder);
      store.migrate("notes", more);
      store.migrate("notes", more);
      assertThat(ids(store)).containsExactly(1);
    }

    @Test
    void when_a_statement_fails_then_none_of_the_steps_is_applied() {
      var steps =
          List.of(List.of("CREATE TABLE good (id INTEGER)"), List.of("CREATE TABLE bad bad bad ("));
      assertThatThrownBy(() -> store.migrate("mixed", steps)).isInstanceOf(ProblemException.class);
      store.migrate("mixed", List.of(List.of("CREATE TABLE good (id INTEGER)")));
    }

    @Test
    void when_the_file_knows_more_steps_then_a_newer_version_wrote_it() {
      assertThatThrownBy(() -> reopened().migrate("notes", List.of()))
          .isInstanceOfSatisfying(
              ProblemException.class, e -> assertThat(code(e)).isEqualTo(ErrorCode.RECORDS))
          .hasMessageContaining("newer");
    }

    private MetadataStore reopened() {
      store.close();
      store = database.openBare(folder);
      return store;
    }
  }

  public static ErrorCode code(ProblemException e) {
    return e.problems().getFirst().code();
  }
}
