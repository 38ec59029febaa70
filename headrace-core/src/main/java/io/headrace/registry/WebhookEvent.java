package io.headrace.registry;

import io.headrace.tracking.TrackingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a webhook can be told of: something that exists in the registry, and what became of it. */
public enum WebhookEvent {
  REGISTERED_MODEL_CREATED("registered_model", "created"),
  MODEL_VERSION_CREATED("model_version", "created"),
  MODEL_VERSION_TAG_SET("model_version_tag", "set"),
  MODEL_VERSION_TAG_DELETED("model_version_tag", "deleted"),
  MODEL_VERSION_ALIAS_CREATED("model_version_alias", "created"),
  MODEL_VERSION_ALIAS_DELETED("model_version_alias", "deleted"),
  PROMPT_CREATED("prompt", "created"),
  PROMPT_VERSION_CREATED("prompt_version", "created"),
  PROMPT_TAG_SET("prompt_tag", "set"),
  PROMPT_TAG_DELETED("prompt_tag", "deleted"),
  PROMPT_VERSION_TAG_SET("prompt_version_tag", "set"),
  PROMPT_VERSION_TAG_DELETED("prompt_version_tag", "deleted"),
  PROMPT_ALIAS_CREATED("prompt_alias", "created"),
  PROMPT_ALIAS_DELETED("prompt_alias", "deleted"),
  BUDGET_POLICY_EXCEEDED("budget_policy", "exceeded");

  private final String entity;
  private final String action;

  WebhookEvent(String entity, String action) {
    this.entity = entity;
    this.action = action;
  }

  public String entity() {
    return entity;
  }

  public String action() {
    return action;
  }

  /**
   * Reads an event.
   *
   * @param entity in any case, as the action
   * @throws TrackingException when the two do not go together
   */
  public static WebhookEvent of(String entity, String action) {
    String what = entity.toLowerCase(Locale.ROOT);
    String became = action.toLowerCase(Locale.ROOT);
    List<String> valid = new ArrayList<>();
    for (WebhookEvent event : values()) {
      if (event.entity.equals(what)) {
        if (event.action.equals(became)) {
          return event;
        }
        valid.add(event.action);
      }
    }
    throw TrackingException.invalid(
        "Invalid action '%s' for entity '%s'. Valid actions are: %s"
            .formatted(
                Quoting.plain(became),
                Quoting.plain(what),
                Quoting.list(valid.stream().sorted().toList())));
  }
}
