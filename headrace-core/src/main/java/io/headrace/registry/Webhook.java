package io.headrace.registry;

import java.util.List;

/**
 * Whom to tell of what. Its secret is not part of it: it is written and never shown.
 *
 * @param description empty when nothing was said
 * @param created in milliseconds since 1970
 */
public record Webhook(
    String id,
    String name,
    String description,
    String url,
    List<WebhookEvent> events,
    boolean active,
    long created,
    long updated) {
  public Webhook {
    events = List.copyOf(events);
  }
}
