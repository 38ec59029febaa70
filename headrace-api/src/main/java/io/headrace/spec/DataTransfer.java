package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.Optional;

/** The {@code task:} of a data transfer and what belongs to it. */
public sealed interface DataTransfer {
  Where where();

  /**
   * {@code copy_data}: all inputs into the one output.
   *
   * @param mode absent where it is left to the component, or to the default
   */
  record Copy(Optional<Mode> mode, Where where) implements DataTransfer {}

  /** {@code import_data}: the source into the one output; the source is absent only when wrong. */
  record Import(Optional<ExternalSource> source, Where where) implements DataTransfer {}

  /** {@code export_data}: the one input into the sink; the sink is absent only when wrong. */
  record Export(Optional<ExternalSource> sink, Where where) implements DataTransfer {}

  /** What to do with a file that is in two inputs. */
  enum Mode {
    MERGE_WITH_OVERWRITE,
    FAIL_IF_CONFLICT
  }
}
