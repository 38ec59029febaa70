package io.headrace.access;

import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.sql.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The log of what was done and what was refused. Lines are added, and nothing here changes or
 * removes one. Thread-safe.
 */
public final class Audit {
  /** The longest text of a line; what is longer is cut. */
  static final int LONGEST = 300;

  private final MetadataStore records;
  private final InstantSource clock;

  private Audit(MetadataStore records, InstantSource clock) {
    this.records = records;
    this.clock = clock;
  }

  public static Audit open(MetadataStore records, InstantSource clock) {
    records.migrate(Tables.ROOM, Tables.STEPS);
    return new Audit(records, clock);
  }

  /**
   * What happened, without any secret.
   *
   * @param who a user, or in brackets how else somebody was known
   * @param action a route, or a command
   * @param object what it was about; empty for nothing in particular
   * @param origin an address, or {@code command line}
   * @param answer a status of HTTP
   */
  public record Deed(String who, String action, String object, String origin, int answer) {}

  /** A line of the log. */
  public record Line(Instant at, Deed deed) {}

  /** Adds a line; need not be waited for. */
  public CompletableFuture<Long> add(Deed deed) {
    return records.write(connection -> add(connection, clock.millis(), deed));
  }

  static long add(Connection connection, long now, Deed deed) throws SQLException {
    long number = Sql.next(connection, "access_audit", "number");
    Sql.update(
        connection,
        "insert into access_audit values (?, ?, ?, ?, ?, ?, ?)",
        number,
        now,
        oneLine(deed.who()),
        oneLine(deed.action()),
        oneLine(deed.object()),
        oneLine(deed.origin()),
        (long) deed.answer());
    return number;
  }

  /** Names come from outside: one may not look like a line of its own, nor move a cursor. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(c -> isHarmless(c) ? c : '\uFFFD')
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /**
   * The lines, the oldest first.
   *
   * @param who empty for everybody
   * @param most the newest so many
   */
  public List<Line> list(Optional<String> who, Instant since, int most) {
    List<Line> newestFirst =
        records.read(connection -> {
          SqlText query = new SqlText(connection);
          query.add(
              "select at_ms, user_name, action, object, origin, answer from access_audit"
                  + " where at_ms >= ?",
              since.toEpochMilli());
          who.ifPresent(it -> query.add(" and user_name = ?", it));
          query.add(" order by number desc limit ?", (long) most);
          return Sql.list(
              connection,
              query.sql(),
              row ->
                  new Line(
                      Instant.ofEpochMilli(row.getLong(1)),
                      new Deed(
                          row.getString(2),
                          row.getString(3),
                          row.getString(4),
                          row.getString(5),
                          row.getInt(6))),
              query.values());
        });
    return newestFirst.reversed();
  }
}
