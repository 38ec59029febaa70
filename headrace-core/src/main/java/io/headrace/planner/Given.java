package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.problem.Where;
import io.headrace.spec.Written;
import java.nio.file.Path;
import java.util.Optional;

/** What an input's expression came to. */
sealed interface Given {
  /** A parameter's value. */
  record Literal(String text) implements Given {}

  /**
   * Data, with what has been said of it on the way.
   *
   * @param mode in Azure's words
   */
  record Data(Origin origin, Optional<DataType> type, Optional<String> mode) implements Given {
    Data with(Optional<DataType> otherType, Optional<String> otherMode) {
      return otherType.isEmpty() && otherMode.isEmpty()
          ? this
          : new Data(origin, otherType.or(() -> type), otherMode.or(() -> mode));
    }
  }

  /** An optional input that nothing was given for. */
  record Unset() implements Given {}

  /** It was wrong, and that has been said. */
  record Broken() implements Given {}

  Given UNSET = new Unset();
  Given BROKEN = new Broken();

  /** Where data comes from. */
  sealed interface Origin {
    record Local(Path path) implements Origin {}

    record Reference(Written reference) implements Origin {}

    record Uri(String uri) implements Origin {}

    record Step(StepId step, String output, DataType type, Where where) implements Origin {}
  }
}
