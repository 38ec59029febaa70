package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Optional;

/**
 * An input that a component declares.
 *
 * @param type of data or of a parameter
 * @param defaultValue as the step will see it, already coerced to the type
 * @param mode in Azure's words
 */
public record InputDeclaration(
    InputType type,
    boolean optional,
    Optional<String> defaultValue,
    Optional<Written> min,
    Optional<Written> max,
    List<String> choices,
    Optional<String> description,
    Optional<String> mode,
    Where where) {
  public InputDeclaration {
    choices = List.copyOf(choices);
  }

  /** Whether every use must give a value. */
  public boolean required() {
    return !optional && defaultValue.isEmpty();
  }
}
