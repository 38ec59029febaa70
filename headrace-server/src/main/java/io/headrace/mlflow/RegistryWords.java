package io.headrace.mlflow;

import io.headrace.registry.ModelVersion;
import io.headrace.registry.RegisteredModel;
import io.headrace.registry.Webhook;
import io.headrace.registry.WebhookEvent;
import io.headrace.registry.Webhooks.Tried;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The registry in MLflow's JSON: what is not set is left out. */
final class RegistryWords {
  private RegistryWords() {}

  static ObjectNode model(RegisteredModel model) {
    ObjectNode node = Json.object();
    node.put("name", model.name());
    node.put("creation_timestamp", model.created());
    node.put("last_updated_timestamp", model.updated());
    Json.putTold(node, "description", model.description());
    Json.putTold(node, "latest_versions", versions(model.latest()));
    Json.putTold(node, "tags", pairs(model.tags()));
    ArrayNode aliases = Json.array();
    model
        .aliases()
        .forEach((alias, version) ->
            aliases.addObject().put("alias", alias).put("version", Long.toString(version)));
    Json.putTold(node, "aliases", aliases);
    Json.putTold(node, "deployment_job_id", model.deploymentJob());
    return node;
  }

  private static ArrayNode pairs(Map<String, String> pairs) {
    ArrayNode list = Json.array();
    pairs.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return list;
  }

  static ArrayNode versions(List<ModelVersion> versions) {
    ArrayNode list = Json.array();
    versions.forEach(it -> list.add(version(it)));
    return list;
  }

  static ObjectNode version(ModelVersion version) {
    ObjectNode node = Json.object();
    node.put("name", version.name());
    node.put("version", Long.toString(version.version()));
    node.put("creation_timestamp", version.created());
    node.put("last_updated_timestamp", version.updated());
    Json.putTold(node, "user_id", version.user());
    node.put("current_stage", version.stage().word());
    version.description().ifPresent(it -> node.put("description", it));
    node.put("source", version.source());
    version.runId().ifPresent(it -> node.put("run_id", it));
    node.put("status", "READY");
    Json.putTold(node, "status_message", version.statusMessage());
    Json.putTold(node, "tags", pairs(version.tags()));
    version.runLink().ifPresent(it -> node.put("run_link", it));
    ArrayNode aliases = Json.array();
    version.aliases().forEach(aliases::add);
    Json.putTold(node, "aliases", aliases);
    Json.putTold(node, "model_id", version.modelId());
    return node;
  }

  static ObjectNode webhook(Webhook webhook) {
    ObjectNode node = Json.object();
    node.put("webhook_id", webhook.id());
    node.put("name", webhook.name());
    Json.putTold(node, "description", webhook.description());
    node.put("url", webhook.url());
    ArrayNode events = node.putArray("events");
    for (WebhookEvent event : webhook.events()) {
      events
          .addObject()
          .put("entity", event.entity().toUpperCase(Locale.ROOT))
          .put("action", event.action().toUpperCase(Locale.ROOT));
    }
    node.put("status", webhook.active() ? "ACTIVE" : "DISABLED");
    node.put("creation_timestamp", webhook.created());
    node.put("last_updated_timestamp", webhook.updated());
    return node;
  }

  static ObjectNode tried(Tried tried) {
    ObjectNode node = Json.object();
    switch (tried) {
      case Tried.Answered(int status, String body) -> {
        node.put("success", status < 400);
        node.put("response_status", status);
        node.put("response_body", body);
      }
      case Tried.Failed(String why) -> {
        node.put("success", false);
        node.put("error_message", why);
      }
    }
    return node;
  }
}
