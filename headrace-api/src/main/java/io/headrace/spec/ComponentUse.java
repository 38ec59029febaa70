package io.headrace.spec;

import io.headrace.problem.Where;

/** The {@code component:} of a node. */
public sealed interface ComponentUse {
  Where where();

  /**
   * Written in the node, or read from the file that the node names.
   *
   * @param written the path as written; empty when inline
   */
  record Known(Component component, String written, Where where) implements ComponentUse {}

  /** {@code azureml:name:version}, {@code azureml:name@label}, or a registry's URI. */
  record Reference(Written reference) implements ComponentUse {
    @Override
    public Where where() {
      return reference.where();
    }
  }

  /** It was wrong, and that has been said. Keeps the node so that others may still refer to it. */
  record Broken(Where where) implements ComponentUse {}
}
