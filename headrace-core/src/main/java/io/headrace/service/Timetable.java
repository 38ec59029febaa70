package io.headrace.service;

import io.headrace.name.RunId;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
    return Sql.first(
        connection,
        "select last_ms from schedule_state where name = ?",
        row -> Instant.ofEpochMilli(row.getLong(1)),
        schedule);
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
      Sql.update(
          connection,
          "insert into schedule_state (name, last_ms) values (?, ?)"
              + " on conflict (name) do update set last_ms = excluded.last_ms",
          start.schedule(),
          start.moment().toEpochMilli());
      int made =
          Sql.update(
              connection,
              "insert into schedule_start (name, moment_ms, missed, run_id, state, why)"
                  + " values (?, ?, ?, ?, ?, ?) on conflict (name, moment_ms) do nothing",
              start.schedule(),
              start.moment().toEpochMilli(),
              start.missed(),
              start.run().value(),
              start.state().name(),
              start.why());
      return made == 1;
    });
  }

  /** Writes down what became of a start. */
  void settle(Start start, Start.State state, String why) {
    records.writeNow(connection ->
        Sql.update(
            connection,
            "update schedule_start set state = ?, why = ? where name = ? and moment_ms = ?",
            state.name(),
            why,
            start.schedule(),
            start.moment().toEpochMilli()));
  }

  /** The starts that are taken and not settled: this process or one before it died over them. */
  List<Start> unsettled() {
    return records.read(connection ->
        Sql.list(
            connection, COLUMNS + "where state = ?", Timetable::start, Start.State.TAKEN.name()));
  }

  /** What a schedule has started, the newest first. */
  public List<Start> starts(String schedule, int most) {
    return records.read(connection ->
        Sql.list(
            connection,
            COLUMNS + "where name = ? order by moment_ms desc limit ?",
            Timetable::start,
            schedule,
            most));
  }

  private static Start start(ResultSet row) throws SQLException {
    return new Start(
        row.getString(1),
        Instant.ofEpochMilli(row.getLong(2)),
        row.getInt(3),
        new RunId(row.getString(4)),
        Start.State.valueOf(row.getString(5)),
        row.getString(6));
  }
}
