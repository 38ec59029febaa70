package io.headrace.spec;

import io.headrace.problem.Where;

/** What decides between the blocks of an {@code if_else}. */
public sealed interface Condition {
  Where where();

  /** {@code true} or {@code false}. */
  record Constant(boolean value, Where where) implements Condition {}

  /** A boolean output of a node, or an input of the pipeline. */
  record Bound(Written expression) implements Condition {
    @Override
    public Where where() {
      return expression.where();
    }
  }

  /** It was wrong, and that has been said. */
  record Broken(Where where) implements Condition {}
}
