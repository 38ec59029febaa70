package io.headrace.asset;

import io.headrace.asset.AssetReference.Wanted;
import io.headrace.json.ValueJson;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Assets as rows, within a transaction of the caller's. */
final class AssetRows {
  static final String LATEST = "latest";

  private static final String COLUMNS =
      "select kind, name, version, body, description, tags, properties, archived, created_ms,"
          + " modified_ms, created_by, job from asset ";

  private AssetRows() {}

  /** Who makes an asset, when, and as the output of which run (empty for none). */
  record Maker(Instant at, String user, String job) {}

  /**
   * Makes a version, or finds it made with the same content.
   *
   * @throws ProblemException CONFLICT when that version has other content
   */
  static Asset create(Connection connection, Draft draft, Maker maker) throws SQLException {
    if (!draft.kind().versioned()) {
      return put(connection, draft, maker);
    }
    while (true) {
      String version =
          draft.version().isPresent()
              ? draft.version().get()
              : nextVersion(connection, draft.kind(), draft.name());
      var known = one(connection, draft.kind(), draft.name(), version);
      if (known.isPresent()) {
        checkSame(known.get(), draft.body());
        return tell(connection, known.get(), draft.told(), maker.at());
      }
      // Nothing is inserted when another process was faster: then look again.
      if (insert(connection, draft, version, maker)) {
        return one(connection, draft.kind(), draft.name(), version).orElseThrow();
      }
    }
  }

  private static Asset put(Connection connection, Draft draft, Maker maker) throws SQLException {
    if (insert(connection, draft, "", maker)) {
      return one(connection, draft.kind(), draft.name(), "").orElseThrow();
    }
    replace(connection, draft.kind(), draft.name(), draft.body(), maker.at());
    var known = one(connection, draft.kind(), draft.name(), "").orElseThrow();
    return tell(connection, known, draft.told(), maker.at());
  }

  /** Gives an asset without versions another body. */
  static void replace(
      Connection connection, AssetKind kind, String name, Value.Table body, Instant at)
      throws SQLException {
    Sql.update(
        connection,
        "update asset set body = ?, archived = 0, modified_ms = case when body = ? then"
            + " modified_ms else ? end where kind = ? and name = ? and version = ''",
        ValueJson.compact(body),
        ValueJson.compact(body),
        at.toEpochMilli(),
        kind.word(),
        name);
  }

  /** Says that something of an asset has changed that is not in its row. */
  static Asset touch(Connection connection, Asset asset, Instant at) throws SQLException {
    Sql.update(
        connection,
        "update asset set modified_ms = ? where kind = ? and name = ? and version = ?",
        at.toEpochMilli(),
        asset.kind().word(),
        asset.name(),
        asset.version());
    return one(connection, asset.kind(), asset.name(), asset.version()).orElseThrow();
  }

  /** Says that a version is made already, unless its content is the same. */
  static void checkSame(Asset known, Value.Table body) {
    var differing = new TreeSet<String>();
    var all = new TreeSet<>(known.body().entries().keySet());
    all.addAll(body.entries().keySet());
    for (var field : all) {
      if (!Optional.ofNullable(known.body().entries().get(field))
          .equals(Optional.ofNullable(body.entries().get(field)))) {
        differing.add(field + " (" + brief(known, field) + ")");
      }
    }
    if (!differing.isEmpty()) {
      throw Problem.of(
              ErrorCode.CONFLICT,
              "%s %s exists already, and a version never changes; it differs in: %s"
                  .formatted(known.kind().word(), known.title(), String.join(", ", differing)))
          .fix("give another version, or none: then the next one is made")
          .asException();
    }
  }

  private static String brief(Asset known, String field) {
    var value = known.body().entries().get(field);
    if (value == null) {
      return "not there";
    }
    String text = ValueJson.compact(value);
    return "there: " + (text.length() > 120 ? text.substring(0, 120) + "…" : text);
  }

  private static boolean insert(Connection connection, Draft draft, String version, Maker maker)
      throws SQLException {
    return Sql.update(
            connection,
            """
            insert into asset (kind, name, version, number, body, description, tags, properties,
              archived, created_ms, modified_ms, created_by, job)
            select ?, ?, ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, 0, ?, ?, ?, ? from asset
            where kind = ?
            on conflict (kind, name, version) do nothing\
            """,
            draft.kind().word(),
            draft.name(),
            version,
            ValueJson.compact(draft.body()),
            draft.told().description().orElse(""),
            text(draft.told().tags().orElse(Map.of())),
            text(draft.told().properties().orElse(Map.of())),
            maker.at().toEpochMilli(),
            maker.at().toEpochMilli(),
            maker.user(),
            maker.job(),
            draft.kind().word())
        > 0;
  }

  private static String text(Map<String, Value> entries) {
    return ValueJson.compact(new Value.Table(entries));
  }

  /** Writes what may change; what is not told stays. */
  static Asset tell(Connection connection, Asset known, Draft.Told told, Instant at)
      throws SQLException {
    String description = told.description().orElse(known.description());
    var tags = told.tags().orElse(known.tags());
    var properties = told.properties().orElse(known.properties());
    if (!description.equals(known.description())
        || !tags.equals(known.tags())
        || !properties.equals(known.properties())) {
      Sql.update(
          connection,
          "update asset set description = ?, tags = ?, properties = ?, modified_ms = ?"
              + " where kind = ? and name = ? and version = ?",
          description,
          text(tags),
          text(properties),
          at.toEpochMilli(),
          known.kind().word(),
          known.name(),
          known.version());
    }
    return one(connection, known.kind(), known.name(), known.version()).orElseThrow();
  }

  private static String nextVersion(Connection connection, AssetKind kind, String name)
      throws SQLException {
    var greatest = java.math.BigInteger.ZERO;
    for (String version :
        Sql.list(
            connection,
            "select version from asset where kind = ? and name = ?",
            row -> row.getString(1),
            kind.word(),
            name)) {
      if (version.chars().allMatch(c -> c >= '0' && c <= '9')) {
        greatest = greatest.max(new java.math.BigInteger(version));
      }
    }
    return greatest.add(java.math.BigInteger.ONE).toString();
  }

  static Optional<Asset> one(Connection connection, AssetKind kind, String name, String version)
      throws SQLException {
    return assets(
            connection,
            COLUMNS + "where kind = ? and name = ? and version = ?",
            kind.word(),
            name,
            version)
        .stream()
        .findFirst();
  }

  /** What a reference means; empty when there is no such version. */
  static Optional<Asset> find(Connection connection, AssetKind kind, String name, Wanted wanted)
      throws SQLException {
    return switch (wanted) {
      case Wanted.Version(String version) -> one(connection, kind, name, version);
      case Wanted.Newest() -> newest(connection, kind, name);
      case Wanted.Label(String label) -> {
        var version =
            Sql.list(
                connection,
                "select version from asset_label where kind = ? and name = ? and label = ?",
                row -> row.getString(1),
                kind.word(),
                name,
                label);
        yield version.isEmpty()
            ? label.equals(LATEST) ? newest(connection, kind, name) : Optional.empty()
            : one(connection, kind, name, version.getFirst());
      }
    };
  }

  static Optional<Asset> newest(Connection connection, AssetKind kind, String name)
      throws SQLException {
    return assets(
            connection,
            COLUMNS + "where kind = ? and name = ? order by archived, number desc limit 1",
            kind.word(),
            name)
        .stream()
        .findFirst();
  }

  /** The versions of a name, or of all names when it is empty, the newest first. */
  static List<Asset> all(Connection connection, AssetKind kind, String name) throws SQLException {
    return name.isEmpty()
        ? assets(connection, COLUMNS + "where kind = ? order by number desc", kind.word())
        : assets(
            connection,
            COLUMNS + "where kind = ? and name = ? order by number desc",
            kind.word(),
            name);
  }

  private static List<Asset> assets(Connection connection, String sql, Object... values)
      throws SQLException {
    var plain = Sql.list(connection, sql, AssetRows::read, values);
    var labelled = new java.util.ArrayList<Asset>(plain.size());
    for (var it : plain) {
      labelled.add(it.labels(labels(connection, it)));
    }
    return labelled;
  }

  private static List<String> labels(Connection connection, Asset it) throws SQLException {
    return Sql.list(
        connection,
        "select label from asset_label where kind = ? and name = ? and version = ? order by label",
        row -> row.getString(1),
        it.kind().word(),
        it.name(),
        it.version());
  }

  private static Asset read(ResultSet row) throws SQLException {
    String job = row.getString(12);
    return new Asset(
        AssetKind.of(row.getString(1)),
        row.getString(2),
        row.getString(3),
        new Value.Table(table(row.getString(4))),
        row.getString(5),
        table(row.getString(6)),
        table(row.getString(7)),
        List.of(),
        row.getLong(8) != 0,
        Instant.ofEpochMilli(row.getLong(9)),
        Instant.ofEpochMilli(row.getLong(10)),
        row.getString(11),
        job.isEmpty() ? Optional.empty() : Optional.of(job));
  }

  private static Map<String, Value> table(String json) {
    return ValueJson.read(json) instanceof Value.Table(var entries)
        ? entries
        : new LinkedHashMap<>();
  }
}
