package io.headrace.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version of a registered model.
 *
 * @param description empty when nothing was ever said, as the other optional texts
 * @param source where its maker said that the files are
 * @param location where the files are found
 * @param modelId the logged model that it is; empty for none
 * @param assetVersion its version in the words of {@code az ml}: the number, or what its maker gave
 * @param statusMessage what is to be known of it; empty for nothing
 * @param aliases empty where a search found it, as MLflow has it
 */
public record ModelVersion(
    String name,
    long version,
    long created,
    long updated,
    Optional<String> description,
    String user,
    Stage stage,
    String source,
    String location,
    Optional<String> runId,
    Optional<String> runLink,
    String modelId,
    String statusMessage,
    String assetVersion,
    Facts facts,
    Map<String, String> tags,
    List<String> aliases) {
  public ModelVersion {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    aliases = List.copyOf(aliases);
  }

  public boolean isPrompt() {
    return RegisteredModel.isPrompt(tags);
  }

  /**
   * What was found when its files were looked at.
   *
   * @param inspected false when nobody has looked yet
   * @param path the files in the object store, in the words of the room {@code asset}; empty when
   *     they are elsewhere
   * @param bytes the size of all files
   * @param format the flavors of an MLmodel file, such as {@code sklearn, python_function}; else
   *     {@code custom}
   * @param signature as JSON; empty when the model has none
   * @param findings of the scanner, for people
   */
  public record Facts(
      boolean inspected,
      String path,
      long bytes,
      String format,
      String signature,
      List<String> findings) {
    public static final Facts NONE = new Facts(false, "", 0, "", "", List.of());

    public Facts {
      findings = List.copyOf(findings);
    }
  }
}
