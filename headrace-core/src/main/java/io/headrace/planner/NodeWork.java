package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.StepOutput;
import io.headrace.problem.Where;
import io.headrace.spec.Command;
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
    return new NodeWork(
        id,
        displayName,
        other,
        declared,
        outputs,
        overrides,
        timeout,
        deterministic,
        compute,
        tags,
        where,
        field);
  }

  /** The same, done each time anew. */
  NodeWork eachTime() {
    return new NodeWork(
        id,
        displayName,
        given,
        declared,
        outputs,
        overrides,
        timeout,
        false,
        compute,
        tags,
        where,
        field);
  }

  /** The same, whose outputs without a type are tables. */
  NodeWork withOutputs(Map<String, StepOutput> other) {
    return new NodeWork(
        id,
        displayName,
        given,
        declared,
        other,
        overrides,
        timeout,
        deterministic,
        compute,
        tags,
        where,
        field);
  }

  /** The same around a command. */
  CommandLowering.Work around(Command command) {
    return new CommandLowering.Work(
        id,
        displayName,
        command,
        given,
        declared,
        outputs,
        overrides,
        timeout,
        deterministic,
        compute,
        tags,
        where,
        field);
  }
}
