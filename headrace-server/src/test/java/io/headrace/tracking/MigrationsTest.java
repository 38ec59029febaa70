package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.asset.Assets;
import io.headrace.engine.Ledger;
import io.headrace.registry.Registry;
import io.headrace.service.Timetable;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.sql.SqlText;
import io.headrace.store.StatCache;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** The tables of every room, from every earlier state of each. */
@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MigrationsTest {
  @Parameter TestDatabase database;
  @TempDir Path folder;

  /** Tells which steps the rooms have, and applies none. */
  private static final class Listening implements MetadataStore {
    private final MetadataStore store;
    private final Map<String, List<List<String>>> rooms = new LinkedHashMap<>();

    Listening(MetadataStore store) {
      this.store = store;
    }

    @Override
    public void migrate(String room, List<List<String>> steps) {
      rooms.put(room, steps);
      store.migrate(room, steps);
    }

    @Override
    public <T> CompletableFuture<T> write(Work<T> work) {
      return store.write(work);
    }

    @Override
    public <T> T writeNow(Work<T> work) {
      return store.writeNow(work);
    }

    @Override
    public <T> T read(Work<T> work) {
      return store.read(work);
    }

    @Override
    public void erase() {
      store.erase();
    }

    @Override
    public void snapshot(Path file) {
      store.snapshot(file);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static void openAll(MetadataStore store) {
    Tracking.migrate(store);
    Assets.migrate(store);
    var _ = Registry.watch(store, InstantSource.system());
    var _ = new Ledger(store, List.of());
    var _ = Timetable.open(store);
    var _ = new StatCache(store);
  }

  private static List<String> schema(MetadataStore store) {
    return store.read(connection ->
        Sql.list(
            connection,
            SqlText.isSqlite(connection)
                ? "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master order by 1"
                : """
                select table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable
                    || ' ' || coalesce(column_default, '')
                  from information_schema.columns where table_schema = current_schema()
                union all
                select replace(indexdef, schemaname || '.', '') from pg_indexes
                  where schemaname = current_schema()
                order by 1\
                """,
            row -> row.getString(1)));
  }

  @Test
  void given_any_earlier_state_of_any_room_then_opening_leads_to_the_tables_of_today() {
    Map<String, List<List<String>>> rooms;
    List<String> today;
    try (var store = new Listening(database.openBare(folder.resolve("today")))) {
      openAll(store);
      rooms = store.rooms;
      today = schema(store);
    }
    assertThat(rooms).hasSizeGreaterThan(6);
    rooms.forEach((room, steps) -> {
      for (int known = 1; known < steps.size(); known++) {
        try (var store = database.openBare(folder.resolve(room + known))) {
          store.migrate(room, steps.subList(0, known));
        }
        try (var store = database.openBare(folder.resolve(room + known))) {
          openAll(store);
          assertThat(schema(store)).as(room + " from step " + known).isEqualTo(today);
        }
      }
    });
  }

  @Test
  void given_a_step_that_is_cut_off_then_nothing_of_it_is_there_and_it_can_be_done_again() {
    try (var all = new Listening(database.openBare(folder.resolve("all")))) {
      openAll(all);
      all.rooms.forEach((room, steps) -> {
        try (var store = database.openBare(folder.resolve("cut-" + room))) {
          var last = new ArrayList<>(steps.getLast());
          last.add("insert into no_such_table values (1)");
          var cut = new ArrayList<>(steps.subList(0, steps.size() - 1));
          store.migrate(room, cut);
          var before = schema(store);
          cut.add(last);
          assertThatThrownBy(() -> store.migrate(room, cut)).isInstanceOf(RuntimeException.class);
          assertThat(schema(store)).isEqualTo(before);
          store.migrate(room, steps);
          assertThat(schema(store)).isNotEqualTo(before);
        }
      });
    }
  }
}
