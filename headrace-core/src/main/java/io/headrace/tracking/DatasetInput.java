package io.headrace.tracking;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dataset that a run read.
 *
 * @param tags of this use of it, such as {@code mlflow.data.context}
 */
public record DatasetInput(Dataset dataset, Map<String, String> tags) {
  /** The tag that says what a dataset was used for. */
  static final String CONTEXT = "mlflow.data.context";

  public DatasetInput {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }

  /**
   * A dataset as the client describes it.
   *
   * @param schema empty when not told
   * @param profile empty when not told
   */
  public record Dataset(
      String name,
      String digest,
      String sourceType,
      String source,
      String schema,
      String profile) {}

  /** One use of a dataset in an experiment; {@code context} may be empty. */
  public record Summary(String experimentId, String name, String digest, String context) {}
}
