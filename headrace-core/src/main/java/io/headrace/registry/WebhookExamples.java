package io.headrace.registry;

import io.headrace.spec.Value;
import java.math.BigInteger;
import java.util.Map;

/** What a webhook is told when it is tried: MLflow's own examples. */
final class WebhookExamples {
  private WebhookExamples() {}

  static Value.Table of(WebhookEvent event) {
    return switch (event) {
      case REGISTERED_MODEL_CREATED -> created("model");
      case PROMPT_CREATED -> created("prompt");
      case MODEL_VERSION_CREATED ->
          Outbox.data(
              "name", Outbox.text("example_model"),
              "version", Outbox.text("1"),
              "source", Outbox.text("models:/123"),
              "run_id", Outbox.text("abcd1234abcd5678"),
              "tags", tags(),
              "description", Outbox.text("An example model version"));
      case PROMPT_VERSION_CREATED ->
          Outbox.data(
              "name", Outbox.text("example_prompt"),
              "version", Outbox.text("1"),
              "template", Outbox.text("Hello {{name}}!"),
              "tags", tags(),
              "description", Outbox.text("An example prompt version"));
      case MODEL_VERSION_TAG_SET -> tag("model", true, true);
      case MODEL_VERSION_TAG_DELETED -> tag("model", true, false);
      case PROMPT_TAG_SET -> tag("prompt", false, true);
      case PROMPT_TAG_DELETED -> tag("prompt", false, false);
      case PROMPT_VERSION_TAG_SET -> tag("prompt", true, true);
      case PROMPT_VERSION_TAG_DELETED -> tag("prompt", true, false);
      case MODEL_VERSION_ALIAS_CREATED -> alias("model", true);
      case MODEL_VERSION_ALIAS_DELETED -> alias("model", false);
      case PROMPT_ALIAS_CREATED -> alias("prompt", true);
      case PROMPT_ALIAS_DELETED -> alias("prompt", false);
      case BUDGET_POLICY_EXCEEDED -> budget();
    };
  }

  private static Value tags() {
    return Outbox.texts(Map.of("example_key", "example_value"));
  }

  private static Value.Table created(String what) {
    return Outbox.data(
        "name", Outbox.text("example_" + what),
        "tags", tags(),
        "description",
            Outbox.text(
                what.equals("model") ? "An example registered model" : "An example prompt"));
  }

  private static Value.Table tag(String what, boolean ofVersion, boolean set) {
    var entries = new java.util.LinkedHashMap<String, Value>();
    entries.put("name", Outbox.text("example_" + what));
    if (ofVersion) {
      entries.put("version", Outbox.text("1"));
    }
    entries.put("key", Outbox.text("example_key"));
    if (set) {
      entries.put("value", Outbox.text("example_value"));
    }
    return new Value.Table(entries);
  }

  private static Value.Table alias(String what, boolean set) {
    var entries = new java.util.LinkedHashMap<String, Value>();
    entries.put("name", Outbox.text("example_" + what));
    entries.put("alias", Outbox.text("example_alias"));
    if (set) {
      entries.put("version", Outbox.text("1"));
    }
    return new Value.Table(entries);
  }

  private static Value.Table budget() {
    return Outbox.data(
        "budget_policy_id", Outbox.text("bp-abc123"),
        "budget_unit", Outbox.text("USD"),
        "budget_amount", new Value.Real(100.0),
        "current_spend", new Value.Real(105.50),
        "duration_unit", Outbox.text("MONTHS"),
        "duration_value", new Value.Whole(BigInteger.ONE),
        "target_scope", Outbox.text("ENDPOINT"),
        "workspace", Outbox.text("default"),
        "target_value", Outbox.text("ep-abc123"),
        "window_start", new Value.Whole(BigInteger.valueOf(1704067200000L)));
  }
}
