package io.headrace.spec;

import io.headrace.plan.DataType;
import io.headrace.problem.Where;
import java.util.Optional;

/** What a job or a node is given under one input's name. */
public sealed interface Input {
  Where where();

  /**
   * A value, as the command will see it: an unquoted {@code true} is already {@code True}, {@code
   * 0x10} is {@code 16}.
   */
  record Literal(String text, Where where) implements Input {}

  /**
   * Data.
   *
   * @param type absent when not said; a folder then
   * @param path absent when only type or mode are said
   * @param mode in Azure's words, lower case
   */
  record Data(
      Optional<DataType> type,
      Optional<String> mode,
      Optional<DataPath> path,
      Optional<String> pathOnCompute,
      Optional<String> datastore,
      Where where)
      implements Input {}

  /**
   * An expression, alone or with text around it.
   *
   * @param type overrides the type of what is bound
   * @param mode overrides its mode
   * @param longForm whether it was written as <code>{path: ${{…}}}</code>
   */
  record Bound(
      Written expression,
      Optional<DataType> type,
      Optional<String> mode,
      boolean longForm,
      Where where)
      implements Input {}

  /** It was wrong, and that has been said. */
  record Broken(Where where) implements Input {}
}
