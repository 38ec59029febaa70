package io.headrace.tracking;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A named group of runs.
 *
 * @param id a decimal number as text; {@code "0"} is {@code Default}
 * @param artifactLocation a URI without a slash at its end
 * @param created epoch milliseconds
 * @param updated epoch milliseconds
 */
public record Experiment(
    String id,
    String name,
    String artifactLocation,
    Lifecycle lifecycle,
    long created,
    long updated,
    Map<String, String> tags) {
  public Experiment {
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
  }
}
