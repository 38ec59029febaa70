package io.headrace.backend.postgres;

import static io.headrace.backend.records.MetadataStoreTest.TABLES;
import static io.headrace.backend.records.MetadataStoreTest.code;
import static io.headrace.backend.records.MetadataStoreTest.ids;
import static io.headrace.backend.records.MetadataStoreTest.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.testing.PostgresCluster;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What a PostgreSQL that is away, restarted, shared or forbidden does to records. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PostgresFaultsTest {
  private final PostgresCluster cluster = PostgresCluster.shared();
  private final String schema;

  PostgresFaultsTest(TestInfo test) {
    schema = "faults_" + Integer.toHexString(test.getDisplayName().hashCode());
    cluster.run("drop schema if exists " + schema + " cascade", "create schema " + schema);
  }

  private MetadataStore open() {
    return open(cluster.url(schema));
  }

  private MetadataStore open(String url) {
    return PostgresMetadataStore.open(PostgresAddress.parse(url), cluster.variables());
  }

  private MetadataStore openWithTables() {
    var store = open();
    store.migrate("notes", TABLES);
    return store;
  }

  private static void assertRecordsProblem(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(code(e)).isEqualTo(ErrorCode.RECORDS);
              assertThat(e.blame().exitCode()).isEqualTo(3);
            })
        .hasMessageContainingAll(parts);
  }

  @Nested
  class Given_a_database_that_cannot_be_used {
    @Test
    void when_the_password_is_wrong_then_it_is_said_and_not_shown() {
      try (var store =
          PostgresMetadataStore.open(
              PostgresAddress.parse(cluster.url(schema)), Map.of("PGPASSWORD", "hunter2"))) {
        assertRecordsProblem(
            () -> store.migrate("notes", TABLES), "does not let us in", "PGPASSWORD");
        assertThatThrownBy(() -> store.writeNow(insert(1, "x")))
            .hasMessageContaining("does not let us in")
            .hasMessageNotContaining("hunter2");
      }
    }

    @Test
    void when_nobody_listens_then_it_is_said_at_once() {
      var url = cluster.url(schema).replace(":" + cluster.port() + "/", ":1/");
      try (var store = open(url)) {
        assertRecordsProblem(() -> ids(store), "cannot be reached", ":1/");
        long begun = System.nanoTime();
        assertRecordsProblem(() -> store.writeNow(insert(1, "x")), "cannot be reached");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
      }
    }

    @Test
    void when_there_is_no_such_database_or_schema_then_it_is_said() {
      try (var store = open(cluster.url(schema).replace("/headrace?", "/other?"))) {
        assertRecordsProblem(() -> store.migrate("notes", TABLES), "there is no database");
      }
      try (var store = open(cluster.url("not_here"))) {
        assertRecordsProblem(() -> store.migrate("notes", TABLES), "no such schema");
      }
    }

    @Test
    void when_tables_may_not_be_made_then_it_is_said() {
      cluster.run(
          "drop role if exists guest",
          "create role guest login password 'guest'",
          "grant usage on schema " + schema + " to guest");
      try (var store =
          PostgresMetadataStore.open(
              PostgresAddress.parse(cluster.url(schema).replace("headrace@", "guest@")),
              Map.of("PGPASSWORD", "guest"))) {
        assertRecordsProblem(
            () -> store.migrate("notes", TABLES), "does not permit it", "permission denied");
      }
      cluster.run("drop owned by guest", "drop role guest");
    }

    @Test
    void when_it_takes_no_writes_then_it_is_said_and_reads_go_on() {
      openWithTables().close();
      cluster.run(
          "drop role if exists reader",
          "create role reader login superuser password 'reader'",
          "alter role reader set default_transaction_read_only = on");
      try (var store =
          PostgresMetadataStore.open(
              PostgresAddress.parse(cluster.url(schema).replace("headrace@", "reader@")),
              Map.of("PGPASSWORD", "reader"))) {
        assertRecordsProblem(() -> store.writeNow(insert(1, "x")), "takes no writes");
        assertThat(ids(store)).isEmpty();
      }
      cluster.run("drop role reader");
    }
  }

  @Nested
  class Given_a_database_that_does_not_sync_by_default {
    @Test
    void when_written_then_it_syncs_all_the_same() {
      cluster.run("alter role headrace set synchronous_commit = off");
      try (var store = openWithTables()) {
        var setting =
            store.writeNow(connection ->
                Sql.first(connection, "show synchronous_commit", row -> row.getString(1)));
        assertThat(setting).contains("on");
      } finally {
        cluster.run("alter role headrace reset synchronous_commit");
      }
    }
  }

  @Nested
  class Given_text_that_postgresql_cannot_keep {
    @Test
    void when_written_or_asked_for_then_it_is_the_requests_fault() throws Exception {
      try (var store = openWithTables()) {
        var good = store.write(insert(1, "x"));
        assertThatThrownBy(() -> store.writeNow(insert(2, "a\0b")))
            .isInstanceOfSatisfying(
                ProblemException.class, e -> assertThat(code(e)).isEqualTo(ErrorCode.WRONG_VALUE))
            .hasMessageContaining("NUL");
        good.get();
        assertThatThrownBy(() ->
                store.read(connection ->
                    Sql.first(
                        connection,
                        "select id from note where text = ?",
                        row -> row.getLong(1),
                        "\0")))
            .hasMessageContaining("NUL");
        assertThat(ids(store)).containsExactly(1);
      }
    }
  }

  @Nested
  class Given_a_work_that_passes_over_a_failure {
    @Test
    void when_it_goes_on_then_it_is_refused_and_nothing_of_it_is_written() throws Exception {
      try (var store = openWithTables()) {
        MetadataStore.Work<Integer> work =
            connection -> {
              var _ = insert(1, "x").run(connection);
              try {
                return insert(1, "again").run(connection);
              } catch (SQLException e) {
                return 0;
              }
            };
        var alone = store.write(work);
        var between = store.write(work);
        var good = store.write(insert(3, "z"));
        assertThatThrownBy(alone::get).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(between::get).isInstanceOf(ExecutionException.class);
        good.get();
        assertThat(ids(store)).containsExactly(3);
      }
    }
  }

  @Nested
  class Given_several_stores_of_one_database {
    /** Looks, and then inserts: right only when nobody writes in between. */
    private static final MetadataStore.Work<Long> NEXT =
        connection -> {
          long next = Sql.next(connection, "note", "id");
          Sql.update(connection, "insert into note (id, text) values (?, 'x')", next);
          return next;
        };

    @Test
    void when_all_write_at_once_then_no_number_is_given_twice() throws Exception {
      int each = 300;
      try (var one = openWithTables();
          var other = openWithTables();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var work = new ArrayList<Callable<Long>>();
        for (int i = 0; i < each; i++) {
          work.add(() -> one.writeNow(NEXT));
          work.add(() -> other.writeNow(NEXT));
        }
        var numbers = new HashSet<Long>();
        for (var number : threads.invokeAll(work)) {
          numbers.add(number.get());
        }
        assertThat(numbers).hasSize(2 * each);
        assertThat(ids(one)).hasSize(2 * each).contains(1, 2 * each);
      }
    }

    @Test
    void when_all_migrate_at_once_then_each_step_is_applied_once() throws Exception {
      var steps = new ArrayList<>(TABLES);
      steps.add(List.of("ALTER TABLE note ADD COLUMN more TEXT"));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var work = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 5; i++) {
          work.add(() -> {
            try (var store = open()) {
              store.migrate("notes", steps);
              return true;
            }
          });
        }
        for (var done : threads.invokeAll(work)) {
          assertThat(done.get()).isTrue();
        }
      }
    }
  }

  @Nested
  class Given_connections_that_are_cut {
    private void cutAll() {
      cluster.run(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where application_name = 'Headrace'");
    }

    @Test
    void when_idle_then_nobody_notices() {
      try (var store = openWithTables()) {
        store.writeNow(insert(1, "x"));
        assertThat(ids(store)).containsExactly(1);
        cutAll();
        store.writeNow(insert(2, "y"));
        assertThat(ids(store)).containsExactly(1, 2);
      }
    }

    @Test
    void when_in_the_midst_of_writes_then_what_was_acknowledged_is_there_and_nothing_else()
        throws Exception {
      var random = new Random(67);
      try (var store = openWithTables()) {
        var writes = new ArrayList<CompletableFuture<Integer>>();
        for (int id = 0; id < 2_000; id++) {
          writes.add(store.write(insert(id, "x")));
          if (random.nextInt(100) == 0) {
            cutAll();
          }
        }
        Set<Integer> acknowledged = new HashSet<>();
        for (int id = 0; id < writes.size(); id++) {
          try {
            writes.get(id).get();
            acknowledged.add(id);
          } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(ProblemException.class);
            assertThat(e).hasMessageContaining("cannot be reached");
          }
        }
        assertThat(ids(store)).containsExactlyInAnyOrderElementsOf(acknowledged);
      }
    }
  }

  @Nested
  class Given_a_commit_whose_answer_is_lost {
    private MetadataStore through(CuttingProxy proxy) {
      var store =
          open(cluster.url(schema).replace(":" + cluster.port() + "/", ":" + proxy.port() + "/"));
      store.migrate("notes", TABLES);
      return store;
    }

    @Test
    void when_the_database_did_it_then_the_write_succeeds() throws IOException {
      try (var proxy = new CuttingProxy(cluster.port());
          var store = through(proxy)) {
        proxy.cutNextCommit(CuttingProxy.Cut.AFTER);
        assertThat(store.writeNow(insert(1, "x"))).isEqualTo(1);
        assertThat(ids(store)).containsExactly(1);
      }
    }

    @Test
    void when_the_database_did_not_then_the_write_fails_and_may_be_done_again() throws IOException {
      try (var proxy = new CuttingProxy(cluster.port());
          var store = through(proxy)) {
        proxy.cutNextCommit(CuttingProxy.Cut.BEFORE);
        assertRecordsProblem(() -> store.writeNow(insert(1, "x")), "was not written");
        assertThat(ids(store)).isEmpty();
        store.writeNow(insert(1, "x"));
        assertThat(ids(store)).containsExactly(1);
      }
    }

    @Test
    void when_the_database_cannot_be_asked_then_the_write_is_not_known() throws IOException {
      try (var proxy = new CuttingProxy(cluster.port());
          var store = through(proxy)) {
        proxy.cutNextCommit(CuttingProxy.Cut.AFTER_AND_FOR_GOOD);
        assertRecordsProblem(() -> store.writeNow(insert(1, "x")), "it is not known");
        long begun = System.nanoTime();
        assertRecordsProblem(() -> store.writeNow(insert(2, "x")), "cannot be reached");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      }
    }
  }

  @Nested
  class Given_a_database_that_is_restarted {
    @Test
    void when_it_is_back_then_writes_go_on_and_all_that_was_acknowledged_is_there()
        throws Exception {
      try (var own = PostgresCluster.own()) {
        own.run("create schema notes");
        try (var store =
            PostgresMetadataStore.open(PostgresAddress.parse(own.url("notes")), own.variables())) {
          store.migrate("notes", TABLES);
          var writes = new ArrayList<CompletableFuture<Integer>>();
          for (int id = 0; id < 500; id++) {
            writes.add(store.write(insert(id, "x")));
          }
          writes.get(100).get();
          own.stop();
          assertRecordsProblem(() -> ids(store), "cannot be reached");
          var waiting = store.write(insert(1_000, "x"));
          own.startAgain();
          var back = untilWritten(store);
          var there = new HashSet<>(ids(store));
          assertThat(there).contains(back);
          assertThat(there.contains(1_000)).isEqualTo(isAcknowledged(waiting));
          for (int id = 0; id < 500; id++) {
            if (isAcknowledged(writes.get(id))) {
              assertThat(there).contains(id);
            }
          }
        }
      }
    }

    /** Tries until the database is back; a machine that is busy may take its time. */
    private static int untilWritten(MetadataStore store) {
      for (int id = 2_000; true; id++) {
        try {
          store.writeNow(insert(id, "x"));
          return id;
        } catch (ProblemException e) {
          assertThat(e).hasMessageContaining("cannot be reached");
        }
      }
    }

    private static boolean isAcknowledged(CompletableFuture<Integer> write)
        throws InterruptedException {
      try {
        write.get();
        return true;
      } catch (ExecutionException e) {
        return false;
      }
    }
  }
}
