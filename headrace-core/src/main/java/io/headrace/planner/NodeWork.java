package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.StepOutput;
import io.headrace.problem.Where;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.Node;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * All around the work of a node, or of a job of its own.
 *
 * @param declared the component's inputs; empty when the work is written in place
 * @param overrides of the node; empty of a job
 * @param field how messages name the node: {@code jobs.train.}, or empty
 */
record NodeWork(
    StepId id,
    String displayName,
    Map<String, Given> given,
    Map<String, InputDeclaration> declared,
    Map<String, StepOutput> outputs,
    Optional<Node.Overrides> overrides,
    Optional<Duration> timeout,
    boolean deterministic,
    String compute,
    Map<String, String> tags,
    Where where,
    String field) {

  NodeWork withGiven(Map<String, Given> other) {
    return copy(other, outputs, deterministic);
  }

  /** The same, done each time anew. */
  NodeWork eachTime() {
    return copy(given, outputs, false);
  }

  /** The same, whose outputs without a type are tables. */
  NodeWork withOutputs(Map<String, StepOutput> other) {
    return copy(given, other, deterministic);
  }

  private NodeWork copy(
      Map<String, Given> otherGiven, Map<String, StepOutput> otherOutputs, boolean reusable) {
    return new NodeWork(
        id,
        displayName,
        otherGiven,
        declared,
        otherOutputs,
        overrides,
        timeout,
        reusable,
        compute,
        tags,
        where,
        field);
  }
}
