package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.run.RunStatus;

/**
 * How a run ended.
 *
 * @param message for people; empty when it completed
 */
public record Outcome(RunId run, RunStatus status, String message) {}
