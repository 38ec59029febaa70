package io.headrace.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where webhooks may lead: by default to public addresses by {@code https} only, so that nobody can
 * have this server call what only it can reach. The variables are MLflow's.
 *
 * @param schemes of URLs that are taken; {@code http} goes to private addresses only when these are
 *     allowed
 * @param privateAddresses whether loopback and private addresses may be called
 */
public record WebhookSettings(List<String> schemes, boolean privateAddresses) {
  public static final WebhookSettings PUBLIC = new WebhookSettings(List.of("https"), false);

  public WebhookSettings {
    schemes = List.copyOf(schemes);
  }

  /** Reads MLFLOW_WEBHOOK_ALLOWED_SCHEMES and MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS. */
  public static WebhookSettings of(Map<String, String> variables) {
    String schemes = variables.getOrDefault("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "https");
    String open = variables.getOrDefault("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", "false");
    return new WebhookSettings(
        Arrays.stream(schemes.split(",", -1))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .toList(),
        open.equalsIgnoreCase("true") || open.equals("1"));
  }
}
