package io.headrace.tracking;

import java.util.OptionalLong;

/**
 * What a run is, without what was logged to it.
 *
 * @param parent the run id of the run that holds it, or empty
 * @param started epoch milliseconds, 0 when not told
 * @param ended epoch milliseconds
 * @param artifactUri where its artifacts are
 */
public record RunInfo(
    String runId,
    String experimentId,
    String parent,
    String name,
    String user,
    Status status,
    long started,
    OptionalLong ended,
    String artifactUri,
    Lifecycle lifecycle) {}
