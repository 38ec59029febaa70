package io.headrace.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A name with its versions. A prompt is one too, with the tag {@code mlflow.prompt.is_prompt}.
 *
 * @param description empty when nothing was said
 * @param deploymentJob empty for none
 * @param created in milliseconds since 1970
 * @param latest the newest version of each stage
 * @param aliases each with the version that it names
 */
public record RegisteredModel(
    String name,
    String description,
    String deploymentJob,
    long created,
    long updated,
    Map<String, String> tags,
    Map<String, Long> aliases,
    List<ModelVersion> latest) {
  public RegisteredModel {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
    latest = List.copyOf(latest);
  }

  public boolean isPrompt() {
    return isPrompt(tags);
  }

  static boolean isPrompt(Map<String, String> tags) {
    return tags.getOrDefault(RegistryNames.IS_PROMPT, "false").equalsIgnoreCase("true");
  }
}
