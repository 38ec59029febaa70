package io.headrace.registry;

import io.headrace.asset.Asset;
import io.headrace.asset.AssetKind;
import io.headrace.asset.AssetWatch;
import io.headrace.asset.Draft;
import io.headrace.asset.ModelAssets;
import io.headrace.asset.StoredPath;
import io.headrace.json.ValueJson;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.registry.Aliases.Mover;
import io.headrace.registry.ModelRows.ModelRow;
import io.headrace.registry.ModelVersion.Facts;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One model in two views: each version here is a model of the room {@code asset} too, whichever
 * side made it. What is written to one is written to the other in the same transaction.
 */
final class ModelViews implements AssetWatch {
  private static final long MOST_VERSION = Integer.MAX_VALUE;

  private final InstantSource clock;

  ModelViews(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Optional<String> objection(Connection connection, AssetKind kind, String name)
      throws SQLException {
    Optional<ModelRow> known =
        kind == AssetKind.MODEL ? ModelRows.find(connection, name) : Optional.empty();
    return known.isPresent() && ModelRows.isPrompt(connection, known.get().number())
        ? Optional.of("'" + name + "' is the name of a prompt")
        : Optional.empty();
  }

  @Override
  public void written(Connection connection, Asset asset) throws SQLException {
    if (asset.kind() != AssetKind.MODEL) {
      return;
    }
    Optional<String> why = objection(connection, asset.kind(), asset.name());
    if (why.isPresent()) {
      throw Problem.of(ErrorCode.CONFLICT, why.get())
          .fix("give the model another name")
          .asException();
    }
    Optional<ModelRow> known = ModelRows.find(connection, asset.name());
    long now = clock.millis();
    ModelRow model =
        known.isPresent() ? known.get() : ModelRows.insert(connection, asset.name(), now);
    Optional<Long> version = versionOf(connection, model.number(), asset.version());
    if (version.isPresent()) {
      retell(connection, model.number(), version.get(), asset);
      return;
    }
    ModelRows.insert(connection, model.number(), adopted(connection, model, asset));
    ModelRows.touch(connection, model.number(), now);
  }

  private static Optional<Long> versionOf(Connection connection, long model, String assetVersion)
      throws SQLException {
    return Sql.first(
        connection,
        "select version from registry_versions where model = ? and asset_version = ?",
        row -> row.getLong(1),
        model,
        assetVersion);
  }

  private static ModelVersion adopted(Connection connection, ModelRow model, Asset asset)
      throws SQLException {
    Optional<StoredPath> stored = asset.stored();
    String source = stored.map(ModelInspector::uri).orElse(asset.text("path"));
    long created = asset.created().toEpochMilli();
    return new ModelVersion(
        asset.name(),
        number(connection, model.number(), asset.version()),
        created,
        created,
        Optional.of(asset.description()),
        asset.createdBy(),
        Stage.NONE,
        source,
        source,
        Optional.of(asset.job().orElse("")),
        Optional.of(""),
        "",
        "",
        asset.version(),
        new Facts(false, stored.map(StoredPath::uri).orElse(""), 0, "", "", List.of()),
        texts(asset.tags()),
        List.of());
  }

  /** A whole number is kept where it is free; any other version gets the next number. */
  private static long number(Connection connection, long model, String version)
      throws SQLException {
    boolean whole = version.matches("[1-9][0-9]{0,9}") && Long.parseLong(version) <= MOST_VERSION;
    if (whole) {
      long number = Long.parseLong(version);
      boolean taken =
          Sql.first(
                  connection,
                  "select 1 from registry_versions where model = ? and version = ? and stage <> ?",
                  row -> row.getLong(1),
                  model,
                  number,
                  ModelRows.DELETED)
              .isPresent();
      if (!taken) {
        return number;
      }
    }
    return ModelRows.nextVersion(connection, model);
  }

  private static Map<String, String> texts(Map<String, Value> tags) {
    Map<String, String> texts = new LinkedHashMap<>();
    tags.forEach((key, value) -> {
      texts.put(key, value instanceof Value.Text(String text) ? text : ValueJson.compact(value));
    });
    return texts;
  }

  private void retell(Connection connection, long model, long version, Asset asset)
      throws SQLException {
    ModelVersion known = ModelRows.require(connection, asset.name(), version);
    boolean same =
        known.description().orElse("").equals(asset.description())
            && known.tags().equals(texts(asset.tags()));
    if (same) {
      return;
    }
    Sql.update(
        connection,
        "update registry_versions set description = ?, updated = ? where model = ? and version = ?",
        asset.description(),
        clock.millis(),
        model,
        version);
    Sql.update(
        connection,
        "delete from registry_version_tags where model = ? and version = ?",
        model,
        version);
    for (Map.Entry<String, String> tag : texts(asset.tags()).entrySet()) {
      ModelRows.putVersionTag(connection, model, version, tag.getKey(), tag.getValue());
    }
  }

  @Override
  public void labelled(Connection connection, Asset asset, String label, boolean on)
      throws SQLException {
    if (asset.kind() != AssetKind.MODEL) {
      return;
    }
    ModelRow model = ModelRows.require(connection, asset.name());
    Mover mover = new Mover(clock.instant(), "");
    if (!on) {
      Aliases.remove(connection, model, label, mover);
      return;
    }
    long version = versionOf(connection, model.number(), asset.version()).orElseThrow();
    Aliases.point(connection, model, label, version, mover);
  }

  /** Takes in the models that were made before this room was there. */
  static void adoptAll(MetadataStore store, ModelViews views) {
    boolean behind =
        store.read(connection ->
            Sql.first(
                    connection,
                    """
                    select 1 from asset a where a.kind = 'model' and not exists (
                      select 1 from registry_versions v
                      join registry_models m on m.number = v.model
                      where m.name = a.name and v.asset_version = a.version)\
                    """,
                    row -> row.getLong(1))
                .isPresent());
    if (behind) {
      store.writeNow(connection -> {
        List<Asset> all = ModelAssets.all(connection);
        for (Asset asset : all) {
          ModelRow model =
              ModelRows.find(connection, asset.name())
                  .orElse(new ModelRow(-1, asset.name(), "", "", 0, 0));
          if (versionOf(connection, model.number(), asset.version()).isEmpty()) {
            views.written(connection, asset);
            for (String label : asset.labels()) {
              views.labelled(connection, asset, label, true);
            }
          }
        }
        return all.size();
      });
    }
  }

  /** Shows a version, just made here, as an asset. */
  static void show(Connection connection, ModelVersion it) throws SQLException {
    Map<String, Value> body = new LinkedHashMap<>();
    boolean custom = it.facts().format().isEmpty() || it.facts().format().equals("custom");
    body.put("type", new Value.Text(custom ? "custom_model" : "mlflow_model"));
    body.put(
        "path", new Value.Text(it.facts().path().isEmpty() ? it.location() : it.facts().path()));
    ModelAssets.create(
        connection,
        it.name(),
        it.assetVersion(),
        new Value.Table(body),
        new Draft.Told(
            it.description(),
            Optional.of(ModelAssets.tags(it.tags())),
            Optional.of(properties(it, it.facts()))),
        new ModelAssets.Origin(
            Instant.ofEpochMilli(it.created()), it.user(), it.runId().orElse("")));
  }

  /** What was found in the files, and where they came from, as an asset tells it. */
  private static Map<String, Value> properties(ModelVersion it, Facts facts) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("mlflow.source", it.source());
    properties.put("mlflow.modelId", it.modelId());
    properties.put("headrace.format", facts.format());
    properties.put("headrace.bytes", facts.inspected() ? Long.toString(facts.bytes()) : "");
    properties.put("headrace.signature", facts.signature());
    properties.put("headrace.findings", String.join("; ", facts.findings()));
    properties.values().removeIf(String::isEmpty);
    return ModelAssets.tags(properties);
  }

  /** Tells the asset what the version now says of itself. */
  static void tell(Connection connection, ModelVersion it, Instant at) throws SQLException {
    ModelAssets.tell(
        connection,
        it.name(),
        it.assetVersion(),
        new Draft.Told(
            Optional.of(it.description().orElse("")),
            Optional.of(ModelAssets.tags(it.tags())),
            Optional.empty()),
        at);
  }

  /** Keeps what was found in a version's files, in both views. */
  static void note(Connection connection, ModelVersion it, Facts facts, Instant at)
      throws SQLException {
    long model = ModelRows.require(connection, it.name()).number();
    Sql.update(
        connection,
        "update registry_versions set inspected = 1, bytes = ?, format = ?, signature = ?,"
            + " findings = ?, status_message = ? where model = ? and version = ?",
        facts.bytes(),
        facts.format(),
        facts.signature(),
        String.join("\n", facts.findings()),
        ModelInspector.message(facts),
        model,
        it.version());
    Optional<Asset> asset = ModelAssets.find(connection, it.name(), it.assetVersion());
    if (asset.isPresent()) {
      Map<String, Value> properties = new LinkedHashMap<>(asset.get().properties());
      properties(it, facts)
          .forEach((key, value) -> {
            if (key.startsWith("headrace.")) {
              properties.put(key, value);
            }
          });
      ModelAssets.tell(
          connection,
          it.name(),
          it.assetVersion(),
          new Draft.Told(Optional.empty(), Optional.empty(), Optional.of(properties)),
          at);
    }
  }
}
