package io.headrace.service;

import io.headrace.name.RunId;
import io.headrace.spi.MetadataStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which moments of which schedules have been dealt with. Thread-safe, and safe between processes: a
 * moment is taken once.
 */
public final class Timetable {
  private static final String COLUMNS =
      "select name, moment_ms, missed, run_id, state, why from schedule_start ";

  private final MetadataStore records;

  private Timetable(MetadataStore records) {
    this.records = records;
  }

  /** Opens the records, making their tables when they are not there. */
  public static Timetable open(MetadataStore records) {
    Tables.migrate(records);
    return new Timetable(records);
  }

  /** The latest moment of a schedule that was dealt with. */
  Optional<Instant> last(String schedule) {
    return records.read(connection -> last(connection, schedule));
  }

  private static Optional<Instant> last(Connection connection, String schedule)
      throws SQLException {
    try (var select =
        connection.prepareStatement("select last_ms from schedule_state where name = ?")) {
      select.setString(1, schedule);
      try (var rows = select.executeQuery()) {
        return rows.next()
            ? Optional.of(Instant.ofEpochMilli(rows.getLong(1)))
            : Optional.<Instant>empty();
      }
    }
  }

  /**
   * Takes a moment, so that nobody else does.
   *
   * @return false when this or a later moment has been dealt with
   */
  boolean take(Start start) {
    return records.writeNow(connection -> {
      if (last(connection, start.schedule())
          .filter(it -> !it.isBefore(start.moment()))
          .isPresent()) {
        return false;
      }
      try (var upsert =
          connection.prepareStatement(
              "insert into schedule_state (name, last_ms) values (?, ?)"
                  + " on conflict (name) do update set last_ms = excluded.last_ms")) {
        upsert.setString(1, start.schedule());
        upsert.setLong(2, start.moment().toEpochMilli());
        upsert.executeUpdate();
      }
      try (var insert =
          connection.prepareStatement(
              "insert into schedule_start (name, moment_ms, missed, run_id, state, why)"
                  + " values (?, ?, ?, ?, ?, ?) on conflict (name, moment_ms) do nothing")) {
        insert.setString(1, start.schedule());
        insert.setLong(2, start.moment().toEpochMilli());
        insert.setInt(3, start.missed());
        insert.setString(4, start.run().value());
        insert.setString(5, start.state().name());
        insert.setString(6, start.why());
        return insert.executeUpdate() == 1;
      }
    });
  }

  /** Writes down what became of a start. */
  void settle(Start start, Start.State state, String why) {
    records.writeNow(connection -> {
      try (var update =
          connection.prepareStatement(
              "update schedule_start set state = ?, why = ? where name = ? and moment_ms = ?")) {
        update.setString(1, state.name());
        update.setString(2, why);
        update.setString(3, start.schedule());
        update.setLong(4, start.moment().toEpochMilli());
        return update.executeUpdate();
      }
    });
  }

  /** The starts that are taken and not settled: this process or one before it died over them. */
  List<Start> unsettled() {
    return records.read(connection -> {
      try (var select = connection.prepareStatement(COLUMNS + "where state = ?")) {
        select.setString(1, Start.State.TAKEN.name());
        return starts(select);
      }
    });
  }

  /** What a schedule has started, the newest first. */
  public List<Start> starts(String schedule, int most) {
    return records.read(connection -> {
      try (var select =
          connection.prepareStatement(COLUMNS + "where name = ? order by moment_ms desc limit ?")) {
        select.setString(1, schedule);
        select.setInt(2, most);
        return starts(select);
      }
    });
  }

  private static List<Start> starts(PreparedStatement select) throws SQLException {
    var found = new ArrayList<Start>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Start(
                rows.getString(1),
                Instant.ofEpochMilli(rows.getLong(2)),
                rows.getInt(3),
                new RunId(rows.getString(4)),
                Start.State.valueOf(rows.getString(5)),
                rows.getString(6)));
      }
    }
    return found;
  }
}
