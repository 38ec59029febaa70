package io.headrace.tracking;

import java.util.Map;
import java.util.Optional;

/**
 * What somebody found about a trace, or expects of it.
 *
 * @param id empty for one that is to be made
 * @param created epoch milliseconds
 * @param updated epoch milliseconds
 * @param overrides the assessment in whose place it stands
 * @param valid false when another stands in its place
 */
public record Assessment(
    String id,
    String traceId,
    String name,
    Value value,
    Source source,
    long created,
    long updated,
    Optional<String> spanId,
    Optional<String> rationale,
    Map<String, String> metadata,
    Optional<String> overrides,
    boolean valid) {
  public Assessment {
    metadata = Map.copyOf(metadata);
  }

  /**
   * Who says it.
   *
   * @param type {@code HUMAN}, {@code LLM_JUDGE} or {@code CODE}
   */
  public record Source(String type, String id) {}

  /** What is said. Values are JSON. */
  public sealed interface Value {
    /** How good something is. */
    record Feedback(String json, Optional<Failure> error) implements Value {}

    /** What should have come out. */
    record Expectation(String json) implements Value {}

    /** The trace shows a known problem, whose id is the assessment's name. */
    record Issue(String title) implements Value {}
  }

  /** Why no feedback could be given. */
  public record Failure(String code, Optional<String> message, Optional<String> stackTrace) {}

  /** As a filter calls it. */
  String kind() {
    return switch (value) {
      case Value.Feedback _ -> "feedback";
      case Value.Expectation _ -> "expectation";
      case Value.Issue _ -> "issue";
    };
  }
}
