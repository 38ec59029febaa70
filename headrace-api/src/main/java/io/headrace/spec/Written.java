package io.headrace.spec;

import io.headrace.problem.Where;

/**
 * A text and its place, kept where a later problem has to point at it. May hold expressions such as
 * <code>${{inputs.x}}</code>.
 *
 * @param text as it is after YAML has been read
 */
public record Written(String text, Where where) {
  /** Whether it holds (or begins) an expression. */
  public boolean hasExpression() {
    return text.contains("${{");
  }

  @Override
  public String toString() {
    return text;
  }
}
