package io.headrace.tracking;

import java.util.Map;
import java.util.Optional;

/**
 * A part of a trace.
 *
 * @param parent empty for the root
 * @param type empty when not told
 * @param started epoch nanoseconds
 * @param ended epoch nanoseconds; 0 while it goes on
 * @param content the whole span, JSON
 * @param said what it tells of its trace
 */
public record Span(
    String traceId,
    String id,
    String parent,
    String name,
    String type,
    Status status,
    long started,
    long ended,
    String content,
    Said said) {

  /** How it ended, in OpenTelemetry's words. */
  public enum Status {
    UNSET,
    OK,
    ERROR
  }

  /**
   * What a span tells of its trace; of the root only, but for session and user.
   *
   * @param resource attributes of the program that made it; tags weigh more
   */
  public record Said(
      Optional<String> inputs,
      Optional<String> outputs,
      Optional<String> session,
      Optional<String> user,
      Map<String, String> tags,
      Map<String, String> resource) {
    public Said {
      tags = Map.copyOf(tags);
      resource = Map.copyOf(resource);
    }
  }

  boolean isRoot() {
    return parent.isEmpty();
  }
}
