package io.headrace.registry;

import io.headrace.asset.ModelAssets;
import io.headrace.registry.ModelRows.ModelRow;
import io.headrace.spec.Value;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import io.headrace.tracking.TrackingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registered models, prompts among them. Thread-safe. */
public final class RegisteredModels {
  private static final String PROMPT_TYPE = "_mlflow_prompt_type";

  private final MetadataStore store;
  private final InstantSource clock;
  private final Outbox outbox;

  RegisteredModels(MetadataStore store, InstantSource clock, Outbox outbox) {
    this.store = store;
    this.clock = clock;
    this.outbox = outbox;
  }

  /** Makes a model without versions. */
  public RegisteredModel create(
      String name, Map<String, String> tags, String description, String deploymentJob) {
    RegistryNames.model(name);
    tags.forEach(RegistryNames::modelTag);
    RegistryNames.description(description);
    long now = clock.millis();
    return outbox.around(() ->
        store.writeNow(connection -> {
          refuseTaken(connection, name, tags);
          ModelRow row = ModelRows.insert(connection, name, now);
          Sql.update(
              connection,
              "update registry_models set description = ?, deployment_job = ? where number = ?",
              description,
              deploymentJob,
              row.number());
          for (Map.Entry<String, String> tag : tags.entrySet()) {
            ModelRows.putModelTag(connection, row.number(), tag.getKey(), tag.getValue());
          }
          tellCreated(connection, name, tags, description);
          return ModelRows.whole(connection, ModelRows.require(connection, name));
        }));
  }

  private void tellCreated(
      Connection connection, String name, Map<String, String> tags, String description)
      throws SQLException {
    Map<String, String> shown = new LinkedHashMap<>(tags);
    boolean prompt = RegisteredModel.isPrompt(tags);
    if (prompt) {
      shown.remove(RegistryNames.IS_PROMPT);
      shown.remove(PROMPT_TYPE);
    }
    outbox.tell(
        connection,
        prompt ? WebhookEvent.PROMPT_CREATED : WebhookEvent.REGISTERED_MODEL_CREATED,
        Outbox.data(
            "name", Outbox.text(name),
            "tags", Outbox.texts(shown),
            "description", Outbox.text(description)));
  }

  /** In the words of MLflow, which tell models from prompts by whether the tag is there at all. */
  private static void refuseTaken(Connection connection, String name, Map<String, String> tags)
      throws SQLException {
    Optional<ModelRow> taken = ModelRows.find(connection, name);
    if (taken.isEmpty()) {
      return;
    }
    boolean isPrompt =
        ModelRows.modelTags(connection, taken.get().number()).containsKey(RegistryNames.IS_PROMPT);
    String present = isPrompt ? "Prompt" : "Registered Model";
    String wanted = tags.containsKey(RegistryNames.IS_PROMPT) ? "Prompt" : "Registered Model";
    if (present.equals(wanted)) {
      throw TrackingException.alreadyExists(
          "%s (name=%s) already exists.".formatted(wanted, Quoting.plain(name)));
    }
    throw TrackingException.alreadyExists(
        ("Tried to create a %s with name %s, but the name is already taken by a %s. MLflow does not"
                + " allow creating a model and a prompt with the same name.")
            .formatted(lower(wanted), Quoting.repr(name), lower(present)));
  }

  private static String lower(String words) {
    return words.toLowerCase(java.util.Locale.ROOT);
  }

  public RegisteredModel get(String name) {
    RegistryNames.model(name);
    return store.read(
        connection -> ModelRows.whole(connection, ModelRows.require(connection, name)));
  }

  /** Whether there is a model of that name that is a prompt. */
  public boolean isPrompt(String name) {
    return store.read(connection -> {
      Optional<ModelRow> row = ModelRows.find(connection, name);
      return row.isPresent() && ModelRows.isPrompt(connection, row.get().number());
    });
  }

  /** Says something else of a model; a deployment job that is not given stays. */
  public RegisteredModel update(String name, String description, Optional<String> deploymentJob) {
    RegistryNames.model(name);
    RegistryNames.description(description);
    long now = clock.millis();
    return store.writeNow(connection -> {
      ModelRow row = ModelRows.require(connection, name);
      Sql.update(
          connection,
          "update registry_models set description = ?, deployment_job = ?, updated = ?"
              + " where number = ?",
          description,
          deploymentJob.orElse(row.job()),
          now,
          row.number());
      return ModelRows.whole(connection, ModelRows.require(connection, name));
    });
  }

  /** Gives a model another name, with all that belongs to it. */
  public RegisteredModel rename(String name, String newName) {
    RegistryNames.newName(newName);
    RegistryNames.model(name);
    long now = clock.millis();
    return store.writeNow(connection -> {
      ModelRow row = ModelRows.require(connection, name);
      if (!name.equals(newName) && ModelRows.find(connection, newName).isPresent()) {
        throw TrackingException.alreadyExists(
            "Registered Model (name=%s) already exists.".formatted(Quoting.plain(newName)));
      }
      Sql.update(
          connection,
          "update registry_models set name = ?, updated = ? where number = ?",
          newName,
          now,
          row.number());
      Sql.update(
          connection,
          "update registry_versions set updated = ? where model = ? and stage <> ?",
          now,
          row.number(),
          ModelRows.DELETED);
      ModelAssets.rename(connection, name, newName);
      return ModelRows.whole(connection, ModelRows.require(connection, newName));
    });
  }

  /** Takes a model away with its versions. */
  public void delete(String name) {
    RegistryNames.model(name);
    store.writeNow(connection -> {
      long model = ModelRows.require(connection, name).number();
      for (String table :
          List.of(
              "registry_model_tags",
              "registry_version_tags",
              "registry_versions",
              "registry_aliases")) {
        Sql.update(connection, "delete from " + table + " where model = ?", model);
      }
      ModelAssets.delete(connection, name);
      return Sql.update(connection, "delete from registry_models where number = ?", model);
    });
  }

  public void setTag(String name, String key, String value) {
    RegistryNames.model(name);
    RegistryNames.modelTag(key, value);
    outbox.around(() ->
        store.writeNow(connection -> {
          ModelRow row = ModelRows.require(connection, name);
          ModelRows.putModelTag(connection, row.number(), key, value);
          if (ModelRows.isPrompt(connection, row.number())) {
            outbox.tell(
                connection,
                WebhookEvent.PROMPT_TAG_SET,
                Outbox.data(
                    "name", Outbox.text(name),
                    "key", Outbox.text(key),
                    "value", Outbox.text(value)));
          }
          return row;
        }));
  }

  /** Takes a tag away; one that is not there is no mistake. */
  public void deleteTag(String name, String key) {
    RegistryNames.model(name);
    RegistryNames.tagKey(key);
    outbox.around(() ->
        store.writeNow(connection -> {
          ModelRow row = ModelRows.require(connection, name);
          Sql.update(
              connection,
              "delete from registry_model_tags where model = ? and name = ?",
              row.number(),
              key);
          if (ModelRows.isPrompt(connection, row.number())) {
            Value.Table data = Outbox.data("name", Outbox.text(name), "key", Outbox.text(key));
            outbox.tell(connection, WebhookEvent.PROMPT_TAG_DELETED, data);
          }
          return row;
        }));
  }

  /** The newest version of each stage, with its aliases; of some stages when any are named. */
  public List<ModelVersion> latest(String name, List<String> stages) {
    RegistryNames.model(name);
    return store.read(connection -> {
      ModelRow row = ModelRows.require(connection, name);
      List<Stage> wanted = stages.stream().map(Stage::of).toList();
      List<ModelVersion> found = new java.util.ArrayList<>();
      for (ModelVersion version : ModelRows.latest(connection, row.number())) {
        if (wanted.isEmpty() || wanted.contains(version.stage())) {
          found.add(ModelRows.withAliases(connection, version));
        }
      }
      return found;
    });
  }
}
