package io.headrace.job;

import java.util.Optional;

/** <code>${{parent.jobs.NODE}}</code>, by which control flow names a node. */
final class NodeBinding {
  private static final String BEFORE = "parent.jobs.";

  private NodeBinding() {}

  /** The node's name; empty when the text is something else. */
  static Optional<String> node(String text) {
    String bare = text.strip();
    if (!bare.startsWith("${{") || !bare.endsWith("}}")) {
      return Optional.empty();
    }
    String inner = bare.substring(3, bare.length() - 2).strip();
    return inner.startsWith(BEFORE)
            && Form.NODE_NAME.objection(inner.substring(BEFORE.length())).isEmpty()
        ? Optional.of(inner.substring(BEFORE.length()))
        : Optional.empty();
  }
}
