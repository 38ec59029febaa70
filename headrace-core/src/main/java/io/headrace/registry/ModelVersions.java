package io.headrace.registry;

import io.headrace.asset.ModelAssets;
import io.headrace.registry.ModelRows.ModelRow;
import io.headrace.registry.ModelVersion.Facts;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.LoggedModel;
import io.headrace.tracking.LoggedModels;
import io.headrace.tracking.Tracking;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The versions of registered models. Thread-safe. */
public final class ModelVersions {
  private static final List<String> PROMPT_INSIDES =
      List.of("mlflow.prompt.text", RegistryNames.IS_PROMPT, "_mlflow_prompt_type");

  private final MetadataStore store;
  private final InstantSource clock;
  private final Outbox outbox;
  private final Tracking tracking;
  private final ModelInspector inspector;

  ModelVersions(
      MetadataStore store,
      InstantSource clock,
      Outbox outbox,
      Tracking tracking,
      ModelInspector inspector) {
    this.store = store;
    this.clock = clock;
    this.outbox = outbox;
    this.tracking = tracking;
    this.inspector = inspector;
  }

  /**
   * What a new version is to be.
   *
   * @param source where its files are: a URI
   * @param runId empty when none was given, as {@code modelId}
   * @param runLink empty for none, as {@code description}
   */
  public record NewVersion(
      String name,
      String source,
      Optional<String> runId,
      Optional<String> modelId,
      String runLink,
      String description,
      Map<String, String> tags) {}

  /**
   * What is known of a version before it is written.
   *
   * @param location where the files are found
   * @param known what was found in them, when somebody looked already
   */
  private record Lineage(
      String source,
      String location,
      Optional<String> runId,
      String modelId,
      Optional<Facts> known) {}

  /** Makes the next version. Not idempotent. */
  public ModelVersion create(NewVersion wanted, String user) throws IOException {
    boolean prompt = RegisteredModel.isPrompt(wanted.tags());
    if (prompt) {
      ModelSource.checkPrompt(wanted.source());
    }
    ModelSource.checkScheme(wanted.source());
    Lineage lineage = prompt ? ofPrompt(wanted) : lineage(wanted);
    RegistryNames.model(wanted.name());
    wanted.tags().forEach(RegistryNames::versionTag);
    RegistryNames.description(wanted.description());
    requireModel(wanted.name());
    Facts facts = prompt ? Facts.NONE : facts(lineage);
    return outbox.around(
        () -> store.writeNow(connection -> write(connection, wanted, lineage, facts, user)));
  }

  private void requireModel(String name) {
    store.read(connection -> ModelRows.require(connection, name));
  }

  private Facts facts(Lineage lineage) throws IOException {
    return lineage.known().isPresent()
        ? lineage.known().get()
        : inspector.inspect(lineage.location());
  }

  private static Lineage ofPrompt(NewVersion wanted) {
    return new Lineage(
        wanted.source(),
        wanted.source(),
        Optional.of(wanted.runId().orElse("")),
        wanted.modelId().orElse(""),
        Optional.empty());
  }

  private Lineage lineage(NewVersion wanted) {
    String run = wanted.runId().orElse("");
    String model = wanted.modelId().orElse("");
    Uri uri = Uri.parse(wanted.source());
    if (uri.scheme().equals("models")) {
      if (!uri.authority().isEmpty()) {
        throw invalid(
            wanted.source(), "Registered model sources must use the active model registry.");
      }
      Optional<ModelVersion> origin = origin(wanted);
      if (origin.isPresent()) {
        return copied(wanted, origin.get());
      }
    }
    new ModelSource(tracking).check(wanted.source(), run, model);
    if (uri.scheme().equals("models")) {
      LoggedModel logged = tracking.models().get(model);
      return new Lineage(
          wanted.source(), logged.artifactUri(), runOf(run, logged), model, Optional.empty());
    }
    Optional<String> maker =
        run.isEmpty() && !model.isEmpty()
            ? runOf(run, tracking.models().get(model))
            : Optional.of(run);
    return new Lineage(wanted.source(), wanted.source(), maker, model, Optional.empty());
  }

  private static Optional<String> runOf(String run, LoggedModel model) {
    String maker = run.isEmpty() ? model.sourceRunId() : run;
    return maker.isEmpty() ? Optional.empty() : Optional.of(maker);
  }

  private static TrackingException invalid(String source, String why) {
    return TrackingException.invalid(
        "Invalid model version source: '%s'. %s".formatted(Quoting.plain(source), why));
  }

  /** The version that a source names; empty when it names a logged model. */
  private Optional<ModelVersion> origin(NewVersion wanted) {
    return switch (ModelSource.parsed(wanted.source())) {
      case ModelUri.Logged _ -> Optional.empty();
      case ModelUri.Numbered(String name, String version) -> {
        refusePrompt(wanted.source(), name);
        yield Optional.of(get(name, version));
      }
      case ModelUri.Staged(String name, String stage) -> {
        refusePrompt(wanted.source(), name);
        yield Optional.of(newest(name, List.of(Stage.of(stage)), stage));
      }
      case ModelUri.Newest(String name) -> {
        refusePrompt(wanted.source(), name);
        yield Optional.of(newest(name, List.of(), ""));
      }
      case ModelUri.Aliased(String name, String alias) -> {
        refusePrompt(wanted.source(), name);
        yield Optional.of(new Aliases(store, clock, outbox).version(name, alias));
      }
    };
  }

  private void refusePrompt(String source, String name) {
    RegistryNames.model(name);
    boolean prompt =
        store.read(connection ->
            ModelRows.isPrompt(connection, ModelRows.require(connection, name).number()));
    if (prompt) {
      throw invalid(source, "Prompt versions cannot be used as model version sources.");
    }
  }

  private ModelVersion newest(String name, List<Stage> stages, String stage) {
    return store.read(connection -> {
      ModelRow model = ModelRows.require(connection, name);
      return ModelRows.latest(connection, model.number()).stream()
          .filter(it -> stages.isEmpty() || stages.contains(it.stage()))
          .max(java.util.Comparator.comparingLong(ModelVersion::version))
          .orElseThrow(() ->
              TrackingException.invalid(
                  "No versions of model with name '%s'%s found"
                      .formatted(
                          Quoting.plain(name),
                          stages.isEmpty() ? "" : " and stage '" + Quoting.plain(stage) + "'")));
    });
  }

  /** A copy has the same bytes: what its origin was registered with. */
  private static Lineage copied(NewVersion wanted, ModelVersion origin) {
    boolean sameRun = wanted.runId().map(origin.runId().orElse("")::equals).orElse(true);
    boolean sameModel = wanted.modelId().map(origin.modelId()::equals).orElse(true);
    if (!sameRun || !sameModel) {
      throw invalid(
          wanted.source(),
          "The run_id and model_id request parameters must match the referenced model version.");
    }
    return new Lineage(
        "models:/" + origin.name() + "/" + origin.version(),
        origin.location(),
        wanted.runId().isPresent() ? wanted.runId() : origin.runId(),
        origin.modelId(),
        origin.facts().inspected() ? Optional.of(origin.facts()) : Optional.empty());
  }

  private ModelVersion write(
      Connection connection, NewVersion wanted, Lineage lineage, Facts facts, String user)
      throws SQLException {
    long now = clock.millis();
    ModelRow model = ModelRows.require(connection, wanted.name());
    long number = ModelRows.nextVersion(connection, model.number());
    ModelVersion made =
        new ModelVersion(
            wanted.name(),
            number,
            now,
            now,
            Optional.of(wanted.description()),
            user,
            Stage.NONE,
            lineage.source(),
            lineage.location(),
            lineage.runId(),
            Optional.of(wanted.runLink()),
            lineage.modelId(),
            ModelInspector.message(facts),
            Long.toString(number),
            facts,
            wanted.tags(),
            List.of());
    ModelRows.insert(connection, model.number(), made);
    ModelRows.touch(connection, model.number(), now);
    if (made.isPrompt() || ModelRows.isPrompt(connection, model.number())) {
      tellPrompt(connection, made);
    } else {
      ModelViews.show(connection, made);
      tellModel(connection, made);
    }
    if (!made.isPrompt() && !made.modelId().isEmpty()) {
      LoggedModels.noteVersion(connection, made.modelId(), made.name(), number);
    }
    return made;
  }

  private void tellModel(Connection connection, ModelVersion made) throws SQLException {
    outbox.tell(
        connection,
        WebhookEvent.MODEL_VERSION_CREATED,
        Outbox.data(
            "name", Outbox.text(made.name()),
            "version", Outbox.text(Long.toString(made.version())),
            "source", Outbox.text(made.source()),
            "run_id", Outbox.told(made.runId().orElse("")),
            "tags", Outbox.texts(made.tags()),
            "description", Outbox.told(made.description().orElse(""))));
  }

  private void tellPrompt(Connection connection, ModelVersion made) throws SQLException {
    Map<String, String> shown = new LinkedHashMap<>(made.tags());
    shown.keySet().removeAll(PROMPT_INSIDES);
    outbox.tell(
        connection,
        WebhookEvent.PROMPT_VERSION_CREATED,
        Outbox.data(
            "name", Outbox.text(made.name()),
            "version", Outbox.text(Long.toString(made.version())),
            "template", Outbox.told(made.tags().getOrDefault("mlflow.prompt.text", "")),
            "tags", Outbox.texts(shown),
            "description", Outbox.told(made.description().orElse(""))));
  }

  public ModelVersion get(String name, String version) {
    RegistryNames.model(name);
    long number = RegistryNames.version(version);
    return store.read(connection -> ModelRows.require(connection, name, number));
  }

  /** The version that is that version of a model in the words of {@code az ml}. */
  public ModelVersion ofAsset(String name, String assetVersion) {
    return store.read(connection -> {
      long number =
          Sql.first(
                  connection,
                  "select v.version from registry_versions v"
                      + " join registry_models m on m.number = v.model"
                      + " where m.name = ? and v.asset_version = ?",
                  row -> row.getLong(1),
                  name,
                  assetVersion)
              .orElseThrow(() ->
                  TrackingException.notFound(
                      "Model Version (name=%s, version=%s) not found"
                          .formatted(Quoting.plain(name), Quoting.plain(assetVersion))));
      return ModelRows.require(connection, name, number);
    });
  }

  /** A write to one version. */
  @FunctionalInterface
  private interface Change {
    void apply(Connection connection, long model, ModelVersion it) throws SQLException;
  }

  private ModelVersion change(String name, long version, Change change) {
    return outbox.around(() ->
        store.writeNow(connection -> {
          ModelVersion it = ModelRows.require(connection, name, version);
          change.apply(connection, ModelRows.require(connection, name).number(), it);
          ModelVersion changed = ModelRows.require(connection, name, version);
          ModelViews.tell(connection, changed, clock.instant());
          return changed;
        }));
  }

  /** Says something else of a version; an empty description takes away what was said. */
  public ModelVersion update(String name, String version, Optional<String> description) {
    RegistryNames.model(name);
    long number = RegistryNames.version(version);
    description.ifPresent(RegistryNames::description);
    return change(
        name,
        number,
        (connection, model, it) ->
            Sql.update(
                connection,
                "update registry_versions set description = ?, updated = ?"
                    + " where model = ? and version = ?",
                description,
                clock.millis(),
                model,
                number));
  }

  /**
   * Moves a version to a stage.
   *
   * @param archiveOthers whether those that are in the stage go to {@link Stage#ARCHIVED}
   */
  public ModelVersion transition(String name, String version, String stage, boolean archiveOthers) {
    Stage wanted = Stage.of(stage);
    if (archiveOthers && !wanted.isActive()) {
      throw TrackingException.invalid(
          ("Model version transition cannot archive existing model versions because '%s' is not an"
                  + " Active stage. Valid stages are ['Staging', 'Production']")
              .formatted(Quoting.plain(stage)));
    }
    RegistryNames.model(name);
    long number = RegistryNames.version(version);
    long now = clock.millis();
    return change(
        name,
        number,
        (connection, model, it) -> {
          if (archiveOthers) {
            Sql.update(
                connection,
                "update registry_versions set stage = ?, updated = ?"
                    + " where model = ? and stage = ? and version <> ?",
                Stage.ARCHIVED.word(),
                now,
                model,
                wanted.word(),
                number);
          }
          Sql.update(
              connection,
              "update registry_versions set stage = ?, updated = ? where model = ? and version = ?",
              wanted.word(),
              now,
              model,
              number);
          ModelRows.touch(connection, model, now);
        });
  }

  /** Takes a version away for good; its number is not given again. */
  public void delete(String name, String version, String user) {
    long number = RegistryNames.version(version);
    RegistryNames.model(name);
    Instant now = clock.instant();
    store.writeNow(connection -> {
      ModelVersion it = ModelRows.require(connection, name, number);
      ModelRow model = ModelRows.require(connection, name);
      for (String alias : it.aliases()) {
        Aliases.remove(connection, model, alias, new Aliases.Mover(now, user));
      }
      Sql.update(
          connection,
          "update registry_versions set stage = ?, updated = ?, description = null, user_id = '',"
              + " source = '', location = '', run_id = null, run_link = null, model_id = '',"
              + " status_message = '', asset_version = '', path = '', findings = ''"
              + " where model = ? and version = ?",
          ModelRows.DELETED,
          now.toEpochMilli(),
          model.number(),
          number);
      Sql.update(
          connection,
          "delete from registry_version_tags where model = ? and version = ?",
          model.number(),
          number);
      ModelAssets.delete(connection, name, it.assetVersion());
      ModelRows.touch(connection, model.number(), now.toEpochMilli());
      return model;
    });
  }

  public void setTag(String name, String version, String key, String value) {
    RegistryNames.model(name);
    long number = RegistryNames.version(version);
    RegistryNames.versionTag(key, value);
    change(
        name,
        number,
        (connection, model, it) -> {
          ModelRows.putVersionTag(connection, model, number, key, value);
          Value.Table data =
              Outbox.data(
                  "name", Outbox.text(name),
                  "version", Outbox.text(version),
                  "key", Outbox.text(key),
                  "value", Outbox.text(value));
          outbox.tell(
              connection,
              ModelRows.isPrompt(connection, model)
                  ? WebhookEvent.PROMPT_VERSION_TAG_SET
                  : WebhookEvent.MODEL_VERSION_TAG_SET,
              data);
        });
  }

  /** Takes a tag away; one that is not there is no mistake. */
  public void deleteTag(String name, String version, String key) {
    RegistryNames.model(name);
    long number = RegistryNames.version(version);
    RegistryNames.tagKey(key);
    change(
        name,
        number,
        (connection, model, it) -> {
          Sql.update(
              connection,
              "delete from registry_version_tags where model = ? and version = ? and name = ?",
              model,
              number,
              key);
          Value.Table data =
              Outbox.data(
                  "name", Outbox.text(name),
                  "version", Outbox.text(version),
                  "key", Outbox.text(key));
          outbox.tell(
              connection,
              ModelRows.isPrompt(connection, model)
                  ? WebhookEvent.PROMPT_VERSION_TAG_DELETED
                  : WebhookEvent.MODEL_VERSION_TAG_DELETED,
              data);
        });
  }

  /**
   * Where clients find the files: the place that was registered while it holds the same bytes, else
   * those bytes by their digest.
   */
  public String downloadUri(String name, String version) throws IOException {
    ModelVersion it = get(name, version);
    return inspector.unchanged(it) ? it.location() : inspector.frozen(it);
  }

  /** Where the bytes are that a version was registered with. */
  public String frozenUri(String name, String version) {
    ModelVersion it = get(name, version);
    return it.facts().path().isEmpty() ? it.location() : inspector.frozen(it);
  }

  /** Looks at the files of versions that came in without that. */
  public List<ModelVersion> inspectPending() throws IOException {
    List<ModelVersion> pending =
        store.read(connection ->
            Sql.list(
                connection,
                ModelRows.VERSIONS + "where v.inspected = 0 and v.path <> '' and v.stage <> ?",
                row -> ModelRows.version(connection, row, List.of()),
                ModelRows.DELETED));
    List<ModelVersion> done = new ArrayList<>();
    for (ModelVersion it : pending) {
      Facts facts = inspector.inspectStored(it.facts().path());
      done.add(
          store.writeNow(connection -> {
            ModelViews.note(connection, it, facts, clock.instant());
            return ModelRows.require(connection, it.name(), it.version());
          }));
    }
    return done;
  }
}
