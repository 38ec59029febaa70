package io.headrace.spec;

import io.headrace.plan.DataType;
import io.headrace.problem.Where;
import java.util.Optional;

/** What a job or a node says of one output. */
public sealed interface Output {
  Where where();

  /**
   * All fields may be absent: {@code model:} alone declares an output.
   *
   * @param mode in Azure's words
   * @param name registers the output as an asset
   */
  record Declared(
      Optional<DataType> type,
      Optional<String> mode,
      Optional<Written> path,
      Optional<String> name,
      Optional<String> version,
      Where where)
      implements Output {}

  /** Bound to an output of the pipeline: <code>${{parent.outputs.x}}</code>. */
  record Bound(Written expression, Where where) implements Output {}

  /** It was wrong, and that has been said. */
  record Broken(Where where) implements Output {}
}
