package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes for good what was put aside: runs, logged models and experiments with all that belongs to
 * them. The runs of jobs and of their steps stay, since the records of jobs lead to them and reuse
 * needs what they made; so do the experiments that hold them. Each goes in one transaction, and
 * only if it is still put aside then.
 */
public final class Purge {
  /** The table that names the files of runs, models and traces. */
  public static final String FILES = "tracking_artifacts";

  private static final int MOST_AT_ONCE = 1_000;

  private final MetadataStore store;

  Purge(MetadataStore store) {
    this.store = store;
  }

  /**
   * What is asked for.
   *
   * @param until what was put aside later stays; epoch milliseconds
   * @param runIds these only, and no experiment; empty for all
   * @param experimentIds these only, with their runs; empty for all
   * @param jobs the runs that the records of jobs know
   */
  public record Question(
      long until, List<String> runIds, List<String> experimentIds, Set<String> jobs) {}

  /** A run or a model, and the folder where its files lie, when they lie here. */
  public record Item(String id, long number, Optional<ArtifactPath> files) {}

  /** What may go. */
  public record Found(List<Item> runs, List<Item> models, List<Item> experiments) {}

  /** What may go; changes nothing. */
  public Found find(Question question) {
    Set<Long> experiments = new HashSet<>();
    question.experimentIds().forEach(id -> experiments.add(Names.experimentId(id)));
    Set<String> runIds = new HashSet<>(question.runIds());
    return store.read(connection -> {
      Set<Long> holding = new HashSet<>();
      List<Item> runs = new ArrayList<>();
      Sql.each(
          connection,
          """
          select r.number, r.run_id, r.experiment, e.location, r.lifecycle,
            coalesce(r.deleted, r.ended, r.started),
            (select count(*) from tracking_tags t where t.run = r.number and t.name = ?)
          from tracking_runs r join tracking_experiments e on e.id = r.experiment\
          """,
          row -> {
            String id = row.getString(2);
            boolean isOfJob = row.getLong(7) > 0 || question.jobs().contains(id);
            if (isOfJob) {
              holding.add(row.getLong(3));
            }
            boolean isAsked =
                (runIds.isEmpty() || runIds.contains(id))
                    && (experiments.isEmpty() || experiments.contains(row.getLong(3)));
            if (!isOfJob
                && isAsked
                && row.getString(5).equals("deleted")
                && row.getLong(6) <= question.until()) {
              runs.add(item(id, row.getLong(1), RunRow.join(row.getString(4), id)));
            }
          },
          Tags.STEP);
      if (!runIds.isEmpty()) {
        return new Found(runs, List.of(), List.of());
      }
      return new Found(
          runs,
          models(connection, question.until(), experiments),
          experiments(connection, question.until(), experiments, holding));
    });
  }

  private static List<Item> models(Connection connection, long until, Set<Long> experiments)
      throws SQLException {
    List<Item> found = new ArrayList<>();
    Sql.each(
        connection,
        """
        select m.number, m.model_id, e.location, m.experiment
        from tracking_models m join tracking_experiments e on e.id = m.experiment
        where m.lifecycle = 'deleted' and m.updated <= ?\
        """,
        row -> {
          if (experiments.isEmpty() || experiments.contains(row.getLong(4))) {
            String id = row.getString(2);
            found.add(item(id, row.getLong(1), RunRow.join(row.getString(3), "models/" + id)));
          }
        },
        until);
    return found;
  }

  private static List<Item> experiments(
      Connection connection, long until, Set<Long> asked, Set<Long> holding) throws SQLException {
    List<Item> found = new ArrayList<>();
    Sql.each(
        connection,
        "select id, location from tracking_experiments"
            + " where lifecycle = 'deleted' and updated <= ?",
        row -> {
          long id = row.getLong(1);
          if (!holding.contains(id) && (asked.isEmpty() || asked.contains(id))) {
            found.add(item(Long.toString(id), id, RunRow.join(row.getString(2), "traces")));
          }
        },
        until);
    return found;
  }

  private static Item item(String id, long number, String uri) {
    return new Item(id, number, Artifacts.placeOf(uri));
  }

  /** The objects that artifacts would still name, were all of {@code found} gone. */
  public Set<Digest> named(Found found) {
    Set<String> going = new HashSet<>();
    for (List<Item> items : List.of(found.runs(), found.models(), found.experiments())) {
      items.forEach(item -> item.files().ifPresent(path -> going.add(path.toString())));
    }
    Set<Digest> named = new HashSet<>();
    store.read(connection -> {
      Sql.each(
          connection,
          "select folder, digest from tracking_artifacts where digest <> ''",
          row -> {
            if (!isBelow(going, row.getString(1))) {
              named.add(new Digest(row.getString(2)));
            }
          });
      return named;
    });
    return named;
  }

  private static boolean isBelow(Set<String> folders, String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.contains(path.substring(0, end))) {
        return true;
      }
    }
    return false;
  }

  /** Removes what was found; gives what did go. */
  public Found remove(Found found) {
    return new Found(
        gone(found.runs(), Purge::removeRun),
        gone(found.models(), Purge::removeModel),
        gone(found.experiments(), Purge::removeExperiment));
  }

  /** Says whether it did go. */
  @FunctionalInterface
  private interface Removal {
    boolean remove(Connection connection, Item item) throws SQLException;
  }

  private List<Item> gone(List<Item> items, Removal removal) {
    return items.stream()
        .filter(item -> store.writeNow(connection -> removal.remove(connection, item)))
        .toList();
  }

  private static boolean removeRun(Connection connection, Item item) throws SQLException {
    return removeRun(connection, item, " and lifecycle = 'deleted'");
  }

  private static boolean removeRun(Connection connection, Item item, String condition)
      throws SQLException {
    long run = item.number();
    if (Sql.update(connection, "delete from tracking_runs where number = ?" + condition, run)
        == 0) {
      return false;
    }
    for (String table : List.of("points", "chunks")) {
      Sql.update(
          connection,
          "delete from tracking_"
              + table
              + " where series in (select series from tracking_metrics where run = ?)",
          run);
    }
    for (String table :
        List.of(
            "metrics", "params", "tags", "input_tags", "inputs", "model_inputs", "model_outputs")) {
      Sql.update(connection, "delete from tracking_" + table + " where run = ?", run);
    }
    Sql.update(connection, "delete from tracking_model_metrics where run_id = ?", item.id());
    Sql.update(
        connection, "delete from trace_links where kind = ? and target = ?", Traces.RUN, item.id());
    removeFiles(connection, item);
    return true;
  }

  private static boolean removeModel(Connection connection, Item item) throws SQLException {
    return removeModel(connection, item, " and lifecycle = 'deleted'");
  }

  private static boolean removeModel(Connection connection, Item item, String condition)
      throws SQLException {
    long model = item.number();
    if (Sql.update(connection, "delete from tracking_models where number = ?" + condition, model)
        == 0) {
      return false;
    }
    for (String table : List.of("params", "tags", "metrics")) {
      Sql.update(connection, "delete from tracking_model_" + table + " where model = ?", model);
    }
    for (String table : List.of("inputs", "outputs")) {
      Sql.update(
          connection, "delete from tracking_model_" + table + " where model_id = ?", item.id());
    }
    removeFiles(connection, item);
    return true;
  }

  /** Its runs, which were put aside with it, went before it, each by itself. */
  private static boolean removeExperiment(Connection connection, Item item) throws SQLException {
    long id = item.number();
    Optional<String> found =
        Sql.first(
            connection,
            "select location from tracking_experiments where id = ? and lifecycle = 'deleted'",
            row -> row.getString(1),
            id);
    if (found.isEmpty()) {
      return false;
    }
    String location = found.get();
    Sql.update(connection, "delete from tracking_experiments where id = ?", id);
    for (Item run :
        Sql.list(
            connection,
            "select number, run_id from tracking_runs where experiment = ?",
            row -> item(row.getString(2), row.getLong(1), RunRow.join(location, row.getString(2))),
            id)) {
      removeRun(connection, run, "");
    }
    for (Item model :
        Sql.list(
            connection,
            "select number, model_id from tracking_models where experiment = ?",
            row ->
                item(
                    row.getString(2),
                    row.getLong(1),
                    RunRow.join(location, "models/" + row.getString(2))),
            id)) {
      removeModel(connection, model, "");
    }
    List<Long> traces =
        Sql.list(
            connection,
            "select number from traces where experiment = ?",
            row -> row.getLong(1),
            id);
    for (int i = 0; i < traces.size(); i += MOST_AT_ONCE) {
      Traces.delete(connection, traces.subList(i, Math.min(traces.size(), i + MOST_AT_ONCE)));
    }
    for (String table :
        List.of(
            "tracking_experiment_tags", "tracking_datasets", "evaluation_dataset_experiments")) {
      Sql.update(connection, "delete from " + table + " where experiment = ?", id);
    }
    removeFiles(connection, item);
    return true;
  }

  /** Also the folders above that are then empty. */
  private static void removeFiles(Connection connection, Item item) throws SQLException {
    if (item.files().isEmpty()) {
      return;
    }
    ArtifactPath folder = item.files().get();
    Artifacts.remove(connection, folder);
    while (!folder.isRoot() && isEmpty(connection, folder)) {
      Sql.update(
          connection,
          "delete from tracking_artifacts where folder = ? and name = ?",
          folder.parent().toString(),
          folder.name());
      folder = folder.parent();
    }
  }

  private static boolean isEmpty(Connection connection, ArtifactPath folder) throws SQLException {
    return Sql.first(
            connection,
            "select 1 from tracking_artifacts where folder = ? limit 1",
            row -> row.getLong(1),
            folder.toString())
        .isEmpty();
  }
}
