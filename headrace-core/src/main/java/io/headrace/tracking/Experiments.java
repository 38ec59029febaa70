package io.headrace.tracking;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The experiments. Names are unique among active and deleted ones alike. Thread-safe. */
public final class Experiments {
  private static final String COLUMNS =
      "select id, name, location, lifecycle, created, updated from tracking_experiments ";

  private final MetadataStore store;
  private final InstantSource clock;

  Experiments(MetadataStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** The experiment that is always there. */
  void provideDefault() {
    boolean there =
        store.read(connection ->
            Sql.first(
                    connection,
                    "select 1 from tracking_experiments where id = 0",
                    row -> row.getLong(1))
                .isPresent());
    if (!there) {
      long now = clock.millis();
      store.writeNow(connection ->
          Sql.update(
              connection,
              "insert into tracking_experiments values (0, 'Default', 'mlflow-artifacts:/0', 'active', ?, ?)"
                  + " on conflict do nothing",
              now,
              now));
    }
  }

  /**
   * Makes an experiment.
   *
   * @param location where artifacts go; empty for this server's own place
   * @return its id
   */
  public String create(String name, String location, Map<String, String> tags) {
    Names.experimentName(name);
    String place = location.isEmpty() ? "" : Names.location(location);
    long now = clock.millis();
    return store.writeNow(connection -> {
      Optional<Experiment> taken = named(connection, name);
      if (taken.isPresent()) {
        throw TrackingException.alreadyExists(
            "Experiment(name=%s) already exists.".formatted(Names.visible(name))
                + (taken.get().lifecycle() == Lifecycle.DELETED
                    ? " It was deleted; restore it or take another name."
                    : ""));
      }
      long id = insert(connection, name, place, now);
      for (Map.Entry<String, String> tag : tags.entrySet()) {
        putTag(connection, id, tag.getKey(), tag.getValue());
      }
      return Long.toString(id);
    });
  }

  private static long insert(Connection connection, String name, String place, long now)
      throws SQLException {
    long id = Sql.next(connection, "tracking_experiments", "id");
    Sql.update(
        connection,
        "insert into tracking_experiments values (?, ?, ?, 'active', ?, ?)",
        id,
        name,
        place.isEmpty() ? "mlflow-artifacts:/" + id : place,
        now,
        now);
    return id;
  }

  /** The number of the experiment of that name, made or brought back if need be. */
  static long demand(Connection connection, String name, long now) throws SQLException {
    Optional<Experiment> found = named(connection, name);
    if (found.isEmpty()) {
      return insert(connection, name, "", now);
    }
    long id = Long.parseLong(found.get().id());
    if (found.get().lifecycle() == Lifecycle.DELETED) {
      revive(connection, id, now);
    }
    return id;
  }

  /** Also finds a deleted one. */
  public Experiment get(String id) {
    long number = Names.experimentId(id);
    return store.read(connection -> withTags(connection, require(connection, number)));
  }

  /** Also finds a deleted one. */
  public Optional<Experiment> named(String name) {
    return store.read(connection -> {
      Optional<Experiment> found = named(connection, name);
      return found.isEmpty() ? found : Optional.of(withTags(connection, found.get()));
    });
  }

  private static Optional<Experiment> named(Connection connection, String name)
      throws SQLException {
    return Sql.first(connection, COLUMNS + "where name = ?", Experiments::read, name);
  }

  /**
   * The experiments whose files may lie at a path, or below it; none when it is nobody's. Several
   * when somebody gave experiments places within one another.
   */
  public List<String> owners(ArtifactPath path) {
    List<String> owners = new ArrayList<>();
    store.read(connection -> {
      Sql.each(
          connection,
          "select id, location from tracking_experiments",
          row -> {
            Optional<ArtifactPath> place = Artifacts.placeOf(row.getString(2));
            if (place.isPresent() && place.get().overlaps(path)) {
              owners.add(Long.toString(row.getLong(1)));
            }
          });
      return owners.size();
    });
    return owners;
  }

  /** Puts an experiment and its runs aside. */
  public void delete(String id) {
    long number = Names.experimentId(id);
    long now = clock.millis();
    store.writeNow(connection -> {
      if (require(connection, number).lifecycle() == Lifecycle.DELETED) {
        throw missing(number);
      }
      setLifecycle(connection, number, Lifecycle.DELETED, now);
      return Sql.update(
          connection,
          "update tracking_runs set lifecycle = 'deleted', with_experiment = 1, deleted = ?"
              + " where experiment = ? and lifecycle = 'active'",
          now,
          number);
    });
  }

  /** Brings an experiment back, and the runs that were put aside with it. */
  public void restore(String id) {
    long number = Names.experimentId(id);
    long now = clock.millis();
    store.writeNow(connection -> {
      if (require(connection, number).lifecycle() == Lifecycle.ACTIVE) {
        throw missing(number);
      }
      revive(connection, number, now);
      return number;
    });
  }

  private static void revive(Connection connection, long number, long now) throws SQLException {
    setLifecycle(connection, number, Lifecycle.ACTIVE, now);
    Sql.update(
        connection,
        "update tracking_runs set lifecycle = 'active', with_experiment = 0"
            + " where experiment = ? and with_experiment = 1",
        number);
  }

  private static void setLifecycle(
      Connection connection, long number, Lifecycle lifecycle, long now) throws SQLException {
    Sql.update(
        connection,
        "update tracking_experiments set lifecycle = ?, updated = ? where id = ?",
        lifecycle.word(),
        now,
        number);
  }

  public void rename(String id, String name) {
    long number = Names.experimentId(id);
    Names.experimentName(name);
    long now = clock.millis();
    store.writeNow(connection -> {
      requireActive(connection, number);
      Optional<Experiment> taken = named(connection, name);
      if (taken.isPresent() && !taken.get().id().equals(id)) {
        throw TrackingException.alreadyExists(
            "Experiment(name=%s) already exists.".formatted(Names.visible(name)));
      }
      return Sql.update(
          connection,
          "update tracking_experiments set name = ?, updated = ? where id = ?",
          name,
          now,
          number);
    });
  }

  public void setTag(String id, String key, String value) {
    long number = Names.experimentId(id);
    long now = clock.millis();
    store.writeNow(connection -> {
      requireActive(connection, number);
      putTag(connection, number, key, value);
      return touch(connection, number, now);
    });
  }

  public void deleteTag(String id, String key) {
    long number = Names.experimentId(id);
    long now = clock.millis();
    store.writeNow(connection -> {
      requireActive(connection, number);
      int gone =
          Sql.update(
              connection,
              "delete from tracking_experiment_tags where experiment = ? and name = ?",
              number,
              key);
      if (gone == 0) {
        throw TrackingException.notFound(
            "No tag with name: %s in experiment with id %s".formatted(Names.visible(key), id));
      }
      return touch(connection, number, now);
    });
  }

  private static void putTag(Connection connection, long number, String key, String value)
      throws SQLException {
    Sql.update(
        connection,
        "insert into tracking_experiment_tags values (?, ?, ?)"
            + " on conflict (experiment, name) do update set value = excluded.value",
        number,
        Names.key("key", "key", key),
        Names.atMost("value", value, Names.EXPERIMENT_TAG_LENGTH));
  }

  private static int touch(Connection connection, long number, long now) throws SQLException {
    return Sql.update(
        connection, "update tracking_experiments set updated = ? where id = ?", now, number);
  }

  static Experiment require(Connection connection, long number) throws SQLException {
    return Sql.first(connection, COLUMNS + "where id = ?", Experiments::read, number)
        .orElseThrow(() -> missing(number));
  }

  private static TrackingException missing(long number) {
    return TrackingException.notFound("No Experiment with id=" + number + " exists");
  }

  static Experiment requireActive(Connection connection, long number) throws SQLException {
    Experiment experiment = require(connection, number);
    if (experiment.lifecycle() != Lifecycle.ACTIVE) {
      throw TrackingException.invalid(
          "The experiment %d must be in the 'active' state. Current state is deleted."
              .formatted(number));
    }
    return experiment;
  }

  static Experiment read(ResultSet row) throws SQLException {
    return new Experiment(
        Long.toString(row.getLong(1)),
        row.getString(2),
        row.getString(3),
        Lifecycle.of(row.getString(4)),
        row.getLong(5),
        row.getLong(6),
        Map.of());
  }

  static Experiment withTags(Connection connection, Experiment experiment) throws SQLException {
    Map<String, String> tags = new LinkedHashMap<>();
    Sql.each(
        connection,
        "select name, value from tracking_experiment_tags where experiment = ? order by name",
        row -> tags.put(row.getString(1), row.getString(2)),
        Long.parseLong(experiment.id()));
    return new Experiment(
        experiment.id(),
        experiment.name(),
        experiment.artifactLocation(),
        experiment.lifecycle(),
        experiment.created(),
        experiment.updated(),
        tags);
  }
}
