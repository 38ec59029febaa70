package io.headrace.tracking;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a trace besides its spans.
 *
 * @param started epoch milliseconds
 * @param duration milliseconds; empty while it goes on
 */
public record TraceInfo(
    String traceId,
    String experimentId,
    long started,
    OptionalLong duration,
    State state,
    Optional<String> clientRequestId,
    Optional<String> requestPreview,
    Optional<String> responsePreview,
    Map<String, String> metadata,
    Map<String, String> tags,
    List<Assessment> assessments) {
  public TraceInfo {
    metadata = Map.copyOf(metadata);
    tags = Map.copyOf(tags);
    assessments = List.copyOf(assessments);
  }

  /** How far a trace is, in MLflow's words. */
  public enum State {
    STATE_UNSPECIFIED,
    OK,
    ERROR,
    IN_PROGRESS
  }
}
