package io.headrace.asset;

import io.headrace.asset.AssetRows.Maker;
import io.headrace.spec.Value;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models as assets, for the registry: it writes its own view of a version and this one in one
 * transaction. Names are the registry's, which allows more than {@code az ml} does.
 */
public final class ModelAssets {
  private ModelAssets() {}

  /** What a version was made from, by whom, and as the output of which run (empty for none). */
  public record Origin(Instant at, String user, String job) {}

  /** Makes a version that is not there. */
  public static void create(
      Connection connection,
      String name,
      String version,
      Value.Table body,
      Draft.Told told,
      Origin origin)
      throws SQLException {
    AssetRows.create(
        connection,
        new Draft(AssetKind.MODEL, name, Optional.of(version), body, told),
        new Maker(origin.at(), origin.user(), origin.job()));
  }

  /** Says something else of a version; nothing happens when it is not there. */
  public static void tell(
      Connection connection, String name, String version, Draft.Told told, Instant at)
      throws SQLException {
    Optional<Asset> known = AssetRows.one(connection, AssetKind.MODEL, name, version);
    if (known.isPresent()) {
      AssetRows.tell(connection, known.get(), told, at);
    }
  }

  /** A version; empty when it is not there. */
  public static Optional<Asset> find(Connection connection, String name, String version)
      throws SQLException {
    return AssetRows.one(connection, AssetKind.MODEL, name, version);
  }

  /** Every version of every model, the oldest first. */
  public static List<Asset> all(Connection connection) throws SQLException {
    return AssetRows.all(connection, AssetKind.MODEL, "").reversed();
  }

  /** Gives all versions of a name another name. */
  public static void rename(Connection connection, String name, String newName)
      throws SQLException {
    for (String table : List.of("asset", "asset_label")) {
      Sql.update(
          connection,
          "update " + table + " set name = ? where kind = 'model' and name = ?",
          newName,
          name);
    }
  }

  /** Takes all versions of a name away. */
  public static void delete(Connection connection, String name) throws SQLException {
    for (String table : List.of("asset", "asset_label")) {
      Sql.update(connection, "delete from " + table + " where kind = 'model' and name = ?", name);
    }
  }

  /** Takes a version away, and the labels that point at it. */
  public static void delete(Connection connection, String name, String version)
      throws SQLException {
    for (String table : List.of("asset", "asset_label")) {
      Sql.update(
          connection,
          "delete from " + table + " where kind = 'model' and name = ? and version = ?",
          name,
          version);
    }
  }

  /** Points a label at a version, away from the one it pointed at. */
  public static void label(Connection connection, String name, String version, String label)
      throws SQLException {
    Sql.update(
        connection,
        "insert into asset_label (kind, name, label, version) values ('model', ?, ?, ?)"
            + " on conflict (kind, name, label) do update set version = excluded.version",
        name,
        label,
        version);
  }

  public static void unlabel(Connection connection, String name, String label) throws SQLException {
    Sql.update(
        connection,
        "delete from asset_label where kind = 'model' and name = ? and label = ?",
        name,
        label);
  }

  /** Texts as the tags of an asset. */
  public static Map<String, Value> tags(Map<String, String> texts) {
    Map<String, Value> tags = new java.util.LinkedHashMap<>();
    texts.forEach((key, value) -> tags.put(key, new Value.Text(value)));
    return tags;
  }
}
