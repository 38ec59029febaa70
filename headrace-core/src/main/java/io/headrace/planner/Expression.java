package io.headrace.planner;

import java.util.Optional;

/** What stands between <code>${{</code> and <code>}}</code>. */
sealed interface Expression {
  /** {@code inputs.x} or {@code inputs.x.path}, in a command. */
  record OwnInput(String name) implements Expression {}

  /** {@code outputs.x} or {@code outputs.x.path}, in a command. */
  record OwnOutput(String name) implements Expression {}

  /** {@code search_space.x}, in a sweep's own trial. */
  record Sampled(String name) implements Expression {}

  /** {@code parent.inputs.x}. */
  record ParentInput(String name) implements Expression {}

  /** {@code parent.outputs.x}. */
  record ParentOutput(String name) implements Expression {}

  /** {@code parent.jobs.n.outputs.o}. */
  record NodeOutput(String node, String output) implements Expression {}

  /**
   * None of these.
   *
   * @param meant what was probably meant
   */
  record Unknown(String text, Optional<String> meant) implements Expression {}

  static Expression of(String text) {
    if (text.startsWith("inputs.") && text.length() > 7) {
      return new OwnInput(text.substring(7));
    }
    if (text.startsWith("outputs.") && text.length() > 8) {
      return new OwnOutput(text.substring(8));
    }
    if (text.startsWith("search_space.") && text.length() > 13) {
      return new Sampled(text.substring(13));
    }
    if (text.startsWith("parent.inputs.") && text.length() > 14) {
      return new ParentInput(text.substring(14));
    }
    if (text.startsWith("parent.outputs.") && text.length() > 15) {
      return new ParentOutput(text.substring(15));
    }
    if (text.startsWith("parent.jobs.")) {
      String rest = text.substring(12);
      int dot = rest.indexOf('.');
      if (dot > 0 && rest.startsWith("outputs.", dot + 1) && rest.length() > dot + 9) {
        return new NodeOutput(rest.substring(0, dot), rest.substring(dot + 9));
      }
    }
    return new Unknown(text, meant(text));
  }

  private static Optional<String> meant(String text) {
    String likely =
        text.replace("parent.job.", "parent.jobs.")
            .replace("parents.", "parent.")
            .replace(".output.", ".outputs.")
            .replace(".input.", ".inputs.");
    if (likely.startsWith("jobs.")) {
      likely = "parent." + likely;
    } else if (likely.startsWith("input.") || likely.startsWith("output.")) {
      likely = likely.replaceFirst("put\\.", "puts.");
    }
    return likely.equals(text) || of(likely) instanceof Unknown
        ? Optional.empty()
        : Optional.of(likely);
  }
}
