package io.headrace.registry;

import io.headrace.registry.ModelVersion.Facts;
import io.headrace.sql.Sql;
import io.headrace.tracking.TrackingException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models and versions as rows, within a transaction of the caller's. */
final class ModelRows {
  /** The stage of a version that was deleted. */
  static final String DELETED = "Deleted_Internal";

  static final String MODELS =
      "select m.number, m.name, m.description, m.deployment_job, m.created, m.updated"
          + " from registry_models m ";

  static final String VERSIONS =
      """
      select v.model, v.version, m.name, v.created, v.updated, v.description, v.user_id, v.stage,
             v.source, v.location, v.run_id, v.run_link, v.model_id, v.status_message,
             v.asset_version, v.inspected, v.path, v.bytes, v.format, v.signature, v.findings
      from registry_versions v join registry_models m on m.number = v.model
      """;

  private ModelRows() {}

  /** A model's row, without what belongs to it. */
  record ModelRow(
      long number, String name, String description, String job, long created, long updated) {
    static ModelRow read(ResultSet row) throws SQLException {
      return new ModelRow(
          row.getLong(1),
          row.getString(2),
          row.getString(3),
          row.getString(4),
          row.getLong(5),
          row.getLong(6));
    }
  }

  static Optional<ModelRow> find(Connection connection, String name) throws SQLException {
    return Sql.first(connection, MODELS + "where m.name = ?", ModelRow::read, name);
  }

  static ModelRow require(Connection connection, String name) throws SQLException {
    return find(connection, name)
        .orElseThrow(() ->
            TrackingException.notFound(
                "Registered Model with name=%s not found".formatted(Quoting.plain(name))));
  }

  static ModelRow insert(Connection connection, String name, long now) throws SQLException {
    long number = Sql.next(connection, "registry_models", "number");
    Sql.update(
        connection,
        "insert into registry_models values (?, ?, '', '', ?, ?)",
        number,
        name,
        now,
        now);
    return new ModelRow(number, name, "", "", now, now);
  }

  static void touch(Connection connection, long model, long now) throws SQLException {
    Sql.update(connection, "update registry_models set updated = ? where number = ?", now, model);
  }

  /** The model in the row, with all that belongs to it. */
  static RegisteredModel whole(Connection connection, ModelRow row) throws SQLException {
    return new RegisteredModel(
        row.name,
        row.description,
        row.job,
        row.created,
        row.updated,
        modelTags(connection, row.number),
        aliases(connection, row.number),
        latest(connection, row.number));
  }

  static Map<String, String> modelTags(Connection connection, long model) throws SQLException {
    Map<String, String> tags = new LinkedHashMap<>();
    Sql.list(
        connection,
        "select name, value from registry_model_tags where model = ? order by name",
        row -> tags.put(row.getString(1), row.getString(2)),
        model);
    return tags;
  }

  static void putModelTag(Connection connection, long model, String key, String value)
      throws SQLException {
    Sql.update(
        connection,
        "insert into registry_model_tags values (?, ?, ?)"
            + " on conflict (model, name) do update set value = excluded.value",
        model,
        key,
        value);
  }

  static Map<String, Long> aliases(Connection connection, long model) throws SQLException {
    Map<String, Long> aliases = new LinkedHashMap<>();
    Sql.list(
        connection,
        "select name, version from registry_aliases where model = ? order by name",
        row -> aliases.put(row.getString(1), row.getLong(2)),
        model);
    return aliases;
  }

  /** The newest version of each stage, in the order in which the stages came up. */
  static List<ModelVersion> latest(Connection connection, long model) throws SQLException {
    return Sql.list(
        connection,
        VERSIONS
            + """
            where v.model = ? and v.version in (
              select max(w.version) from registry_versions w
              where w.model = ? and w.stage <> 'Deleted_Internal' group by w.stage)
            order by (select min(w.version) from registry_versions w
              where w.model = v.model and w.stage = v.stage)\
            """,
        row -> version(connection, row, List.of()),
        model,
        model);
  }

  static Optional<ModelVersion> find(Connection connection, String name, long version)
      throws SQLException {
    Optional<ModelVersion> found =
        Sql.first(
            connection,
            VERSIONS + "where m.name = ? and v.version = ? and v.stage <> ?",
            row -> version(connection, row, List.of()),
            name,
            version,
            DELETED);
    return found.isEmpty() ? found : Optional.of(withAliases(connection, found.get()));
  }

  static ModelVersion require(Connection connection, String name, long version)
      throws SQLException {
    return find(connection, name, version)
        .orElseThrow(() ->
            TrackingException.notFound(
                "Model Version (name=%s, version=%d) not found"
                    .formatted(Quoting.plain(name), version)));
  }

  static ModelVersion withAliases(Connection connection, ModelVersion it) throws SQLException {
    List<String> aliases =
        Sql.list(
            connection,
            "select a.name from registry_aliases a join registry_models m on m.number = a.model"
                + " where m.name = ? and a.version = ? order by a.name",
            row -> row.getString(1),
            it.name(),
            it.version());
    return new ModelVersion(
        it.name(),
        it.version(),
        it.created(),
        it.updated(),
        it.description(),
        it.user(),
        it.stage(),
        it.source(),
        it.location(),
        it.runId(),
        it.runLink(),
        it.modelId(),
        it.statusMessage(),
        it.assetVersion(),
        it.facts(),
        it.tags(),
        aliases);
  }

  /** The version in the row, with its tags. */
  static ModelVersion version(Connection connection, ResultSet row, List<String> aliases)
      throws SQLException {
    return new ModelVersion(
        row.getString(3),
        row.getLong(2),
        row.getLong(4),
        row.getLong(5),
        Optional.ofNullable(row.getString(6)),
        row.getString(7),
        Stage.of(row.getString(8)),
        row.getString(9),
        row.getString(10),
        Optional.ofNullable(row.getString(11)),
        Optional.ofNullable(row.getString(12)),
        row.getString(13),
        row.getString(14),
        row.getString(15),
        new Facts(
            row.getLong(16) != 0,
            row.getString(17),
            row.getLong(18),
            row.getString(19),
            row.getString(20),
            row.getString(21).isEmpty() ? List.of() : List.of(row.getString(21).split("\n", -1))),
        versionTags(connection, row.getLong(1), row.getLong(2)),
        aliases);
  }

  private static Map<String, String> versionTags(Connection connection, long model, long version)
      throws SQLException {
    Map<String, String> tags = new LinkedHashMap<>();
    Sql.list(
        connection,
        "select name, value from registry_version_tags where model = ? and version = ?"
            + " order by name",
        row -> tags.put(row.getString(1), row.getString(2)),
        model,
        version);
    return tags;
  }

  static void putVersionTag(
      Connection connection, long model, long version, String key, String value)
      throws SQLException {
    Sql.update(
        connection,
        "insert into registry_version_tags values (?, ?, ?, ?)"
            + " on conflict (model, version, name) do update set value = excluded.value",
        model,
        version,
        key,
        value);
  }

  /** The number that the next version gets: none is given twice while the model lives. */
  static long nextVersion(Connection connection, long model) throws SQLException {
    return Sql.first(
            connection,
            "select coalesce(max(version), 0) + 1 from registry_versions where model = ?",
            row -> row.getLong(1),
            model)
        .orElseThrow();
  }

  /** Writes a new version; a deleted one of that number gives way. */
  static void insert(Connection connection, long model, ModelVersion it) throws SQLException {
    remove(connection, model, it.version());
    Sql.update(
        connection,
        "insert into registry_versions values"
            + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'READY', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        model,
        it.version(),
        it.description(),
        it.user(),
        it.stage().word(),
        it.source(),
        it.location(),
        it.runId(),
        it.runLink(),
        it.modelId(),
        it.statusMessage(),
        it.created(),
        it.updated(),
        it.assetVersion(),
        it.facts().inspected() ? 1 : 0,
        it.facts().path(),
        it.facts().bytes(),
        it.facts().format(),
        it.facts().signature(),
        String.join("\n", it.facts().findings()));
    for (Map.Entry<String, String> tag : it.tags().entrySet()) {
      putVersionTag(connection, model, it.version(), tag.getKey(), tag.getValue());
    }
  }

  static void remove(Connection connection, long model, long version) throws SQLException {
    for (String table : new String[] {"registry_versions", "registry_version_tags"}) {
      Sql.update(
          connection, "delete from " + table + " where model = ? and version = ?", model, version);
    }
  }

  /** Whether a prompt has that name, by the model's own tag. */
  static boolean isPrompt(Connection connection, long model) throws SQLException {
    return RegisteredModel.isPrompt(modelTags(connection, model));
  }
}
