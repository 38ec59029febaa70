package io.headrace.tracking;

import io.headrace.name.Visible;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.sql.SqlPart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** The runs: making, changing, putting aside, finding. Thread-safe. */
public final class Runs {
  private final MetadataStore store;
  private final InstantSource clock;

  Runs(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What a new run is to be.
   *
   * @param name empty for the tag {@code mlflow.runName}, else a random one
   * @param started epoch milliseconds, by the client's clock
   */
  public record NewRun(
      String experimentId, String user, String name, long started, Map<String, String> tags) {}

  /**
   * What is to change of a run; what is empty stays.
   *
   * @param ended epoch milliseconds
   */
  public record Change(Optional<Status> status, OptionalLong ended, Optional<String> name) {}

  /** A run in a list. */
  public record Listed(RunInfo info, String experiment) {}

  /** Makes a run that is RUNNING. Not idempotent: asked twice, there are two. */
  public Run create(NewRun wanted) {
    long experiment = Names.experimentId(wanted.experimentId());
    String name = name(wanted);
    String runId = UUID.randomUUID().toString().replace("-", "");
    return store.writeNow(connection -> {
      Experiments.requireActive(connection, experiment);
      long number = Sql.next(connection, "tracking_runs", "number");
      insert(
          connection,
          number,
          runId,
          experiment,
          wanted.tags().getOrDefault(Tags.PARENT, ""),
          name,
          Names.atMost("user_id", wanted.user(), 256),
          wanted.started());
      RunLog.putTags(connection, number, without(wanted.tags(), Tags.RUN_NAME, Tags.PARENT));
      return RunReader.whole(connection, List.of(RunRow.require(connection, runId))).getFirst();
    });
  }

  private static String name(NewRun wanted) {
    String tag = wanted.tags().getOrDefault(Tags.RUN_NAME, "");
    if (!wanted.name().isEmpty() && !tag.isEmpty() && !wanted.name().equals(tag)) {
      throw TrackingException.invalid(
          "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
              + " (run_name='%s', mlflow.runName='%s')."
                  .formatted(Names.visible(wanted.name()), Names.visible(tag)));
    }
    String given = wanted.name().isEmpty() ? tag : wanted.name();
    return given.isEmpty() ? RandomName.next() : Names.cut(given, 250);
  }

  static Map<String, String> without(Map<String, String> tags, String... keys) {
    Map<String, String> rest = new LinkedHashMap<>(tags);
    for (String key : keys) {
      rest.remove(key);
    }
    return rest;
  }

  /** Does nothing when a run of that id is there. */
  static boolean insert(
      Connection connection,
      long number,
      String runId,
      long experiment,
      String parent,
      String name,
      String user,
      long started)
      throws SQLException {
    return Sql.update(
            connection,
            """
            insert into tracking_runs (number, run_id, experiment, parent, name, user_id, status,
              started, ended, lifecycle, with_experiment, manifest, reused_from)
            values (?, ?, ?, ?, ?, ?, 'RUNNING', ?, null, 'active', 0, '', '')
            on conflict (run_id) do nothing\
            """,
            number,
            runId,
            experiment,
            parent,
            name,
            user,
            started)
        > 0;
  }

  public RunInfo update(String runId, Change change) {
    Names.runId(runId);
    return store.writeNow(connection -> {
      long number = RunRow.requireActive(connection, runId);
      if (change.status().isPresent()) {
        Sql.update(
            connection,
            "update tracking_runs set status = ? where number = ?",
            change.status().get().name(),
            number);
      }
      if (change.ended().isPresent()) {
        Sql.update(
            connection,
            "update tracking_runs set ended = ? where number = ?",
            change.ended().getAsLong(),
            number);
      }
      if (change.name().isPresent() && !change.name().get().isEmpty()) {
        RunLog.rename(connection, number, Names.cut(change.name().get(), 250));
      }
      return RunRow.require(connection, runId).info();
    });
  }

  /** The ids of all runs that were put aside. */
  public Set<String> deleted() {
    return store.read(connection ->
        java.util.Set.copyOf(
            Sql.list(
                connection,
                "select run_id from tracking_runs where lifecycle = ?",
                row -> row.getString(1),
                Lifecycle.DELETED.word())));
  }

  /** A question for the ids of the runs of some experiments; none where all may be seen. */
  public static Optional<SqlPart> among(Visible experiments) {
    return switch (experiments) {
      case Visible.All() -> Optional.empty();
      case Visible.Only(Set<String> ids) -> {
        Object[] numbers = RunSearch.numbers(List.copyOf(ids));
        yield Optional.of(
            new SqlPart(
                "select a.run_id from tracking_runs a where a.experiment in ("
                    + Sql.marks(numbers.length)
                    + ")",
                List.of(numbers)));
      }
    };
  }

  /** Puts a run aside; nothing of it is lost. */
  public void delete(String runId) {
    setLifecycle(runId, Lifecycle.DELETED);
  }

  public void restore(String runId) {
    setLifecycle(runId, Lifecycle.ACTIVE);
  }

  private void setLifecycle(String runId, Lifecycle lifecycle) {
    Names.runId(runId);
    long now = clock.millis();
    store.writeNow(connection -> {
      int changed =
          Sql.update(
              connection,
              "update tracking_runs set lifecycle = ?, with_experiment = 0, deleted = ?"
                  + " where run_id = ?",
              lifecycle.word(),
              now,
              runId);
      if (changed == 0) {
        throw RunRow.missing(runId);
      }
      return changed;
    });
  }

  /** Also finds a deleted one. */
  public Run get(String runId) {
    return store.read(connection ->
        RunReader.whole(connection, List.of(RunRow.require(connection, runId))).getFirst());
  }

  /**
   * The runs that no other holds, newest first. A page costs what is on it, however many there are.
   *
   * @param limit the most on a page
   * @param after {@link Page#next} of the page before; empty for the first
   */
  public Page<Listed> newest(int limit, Optional<String> after) {
    return listed("", "r.number < ?", "desc", Long.MAX_VALUE, limit, after);
  }

  /** The runs that {@code runId} holds, oldest first; as {@link #newest}. */
  public Page<Listed> children(String runId, int limit, Optional<String> after) {
    return listed(runId, "r.number > ?", "asc", 0, limit, after);
  }

  private Page<Listed> listed(
      String parent, String beyond, String order, long begin, int limit, Optional<String> after) {
    long from = after.isPresent() ? cursor(after.get()) : begin;
    return store.read(connection -> {
      String columns = RunRow.COLUMNS.replaceFirst("e\\.location", "e.location, e.name");
      List<Long> numbers = new java.util.ArrayList<>();
      List<Listed> found =
          Sql.list(
              connection,
              columns
                  + "where r.parent = ? and r.lifecycle = 'active' and "
                  + beyond
                  + " order by r.number "
                  + order
                  + " limit ?",
              row -> {
                numbers.add(row.getLong(1));
                return new Listed(RunRow.read(row).info(), row.getString(14));
              },
              parent,
              from,
              (long) limit + 1);
      if (found.size() <= limit) {
        return new Page<>(found, Optional.empty());
      }
      return new Page<>(
          found.subList(0, limit), Optional.of(Long.toString(numbers.get(limit - 1))));
    });
  }

  private static long cursor(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw TrackingException.invalid("Invalid page token");
    }
  }
}
