package io.headrace.tracking;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that a run wrote down, registered or not.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 * @param type empty when not told
 * @param sourceRunId empty when not told
 * @param created epoch milliseconds
 * @param updated epoch milliseconds
 * @param metrics the latest point of each key, run and dataset
 */
public record LoggedModel(
    String id,
    String experimentId,
    String name,
    String type,
    String sourceRunId,
    State state,
    String stateMessage,
    String artifactUri,
    long created,
    long updated,
    Map<String, String> params,
    Map<String, String> tags,
    List<Measured> metrics) {
  public LoggedModel {
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    metrics = List.copyOf(metrics);
  }

  /** Whether its files are all there. */
  public enum State {
    PENDING,
    READY,
    UPLOAD_FAILED
  }

  /** A metric of the model and the run that measured it. */
  public record Measured(Metric metric, String runId) {}
}
