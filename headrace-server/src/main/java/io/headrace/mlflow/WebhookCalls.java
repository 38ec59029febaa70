package io.headrace.mlflow;

import io.headrace.registry.Registry;
import io.headrace.registry.Webhook;
import io.headrace.registry.WebhookEvent;
import io.headrace.registry.Webhooks;
import io.headrace.tracking.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/webhooks}. */
final class WebhookCalls {
  private static final String ROOT = "/webhooks";
  private static final List<String> STATES = List.of("", "ACTIVE", "DISABLED");
  private static final List<String> ENTITIES =
      List.of(
          "ENTITY_UNSPECIFIED",
          "REGISTERED_MODEL",
          "MODEL_VERSION",
          "MODEL_VERSION_TAG",
          "MODEL_VERSION_ALIAS",
          "PROMPT",
          "PROMPT_VERSION",
          "PROMPT_TAG",
          "PROMPT_VERSION_TAG",
          "PROMPT_ALIAS",
          "BUDGET_POLICY");
  private static final List<String> ACTIONS =
      List.of("ACTION_UNSPECIFIED", "CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED");

  private WebhookCalls() {}

  static boolean answers(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(Registry registry, String method, String path, Fields given) {
    Strict fields = new Strict(given.node(), method.equals("GET"));
    String[] parts = path.substring(1).split("/", -1);
    Webhooks webhooks = registry.webhooks();
    return switch (method + " " + parts.length) {
      case "POST 1" -> Optional.of(one(webhooks.create(wanted(fields))));
      case "GET 1" -> Optional.of(list(webhooks, fields));
      case "GET 2" -> Optional.of(one(webhooks.get(Query.decodePath(parts[1]))));
      case "PATCH 2" ->
          Optional.of(one(webhooks.update(Query.decodePath(parts[1]), change(fields))));
      case "DELETE 2" -> {
        webhooks.delete(Query.decodePath(parts[1]));
        yield Optional.of(Json.object());
      }
      case "POST 3" ->
          parts[2].equals("test")
              ? Optional.of(test(webhooks, Query.decodePath(parts[1]), fields))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static ObjectNode one(Webhook webhook) {
    ObjectNode answer = Json.object();
    answer.set("webhook", RegistryWords.webhook(webhook));
    return answer;
  }

  private static Webhooks.NewWebhook wanted(Strict fields) {
    String name = fields.required("name");
    String url = fields.required("url");
    if (!fields.has("events")) {
      throw Refusal.missing("events");
    }
    return new Webhooks.NewWebhook(
        name,
        url,
        events(fields),
        fields.text("description"),
        fields.text("secret"),
        active(fields).orElse(true));
  }

  private static Optional<Boolean> active(Strict fields) {
    return fields.word("status", STATES).map(it -> !it.equals("DISABLED"));
  }

  private static List<WebhookEvent> events(Strict fields) {
    List<WebhookEvent> events = new ArrayList<>();
    for (Strict event : fields.objects("events")) {
      events.add(event(event));
    }
    return events;
  }

  private static WebhookEvent event(Strict fields) {
    return WebhookEvent.of(
        fields.word("entity", ENTITIES).orElse("ENTITY_UNSPECIFIED"),
        fields.word("action", ACTIONS).orElse("ACTION_UNSPECIFIED"));
  }

  private static Webhooks.Change change(Strict fields) {
    return new Webhooks.Change(
        fields.optional("name").filter(it -> !it.isEmpty()),
        fields.optional("url").filter(it -> !it.isEmpty()),
        events(fields),
        fields.optional("description"),
        fields.optional("secret"),
        active(fields));
  }

  private static ObjectNode list(Webhooks webhooks, Strict fields) {
    int limit = fields.limit("max_results", 100, Integer.MAX_VALUE);
    Page<Webhook> page = webhooks.list(limit == 0 ? 100 : limit, fields.pageToken());
    ArrayNode list = Json.array();
    page.items().forEach(it -> list.add(RegistryWords.webhook(it)));
    ObjectNode answer = Json.object();
    Json.putTold(answer, "webhooks", list);
    return Words.next(answer, page.next());
  }

  private static ObjectNode test(Webhooks webhooks, String id, Strict fields) {
    Optional<WebhookEvent> event = fields.object("event").map(WebhookCalls::event);
    ObjectNode answer = Json.object();
    answer.set("result", RegistryWords.tried(webhooks.test(id, event)));
    return answer;
  }
}
