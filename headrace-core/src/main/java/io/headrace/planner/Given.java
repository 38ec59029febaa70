package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.ValueType;
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
    /** Of which type the value is, when it is not a file but the value in it that is given. */
    Optional<ValueType> value() {
      return origin instanceof Origin.Step step ? step.value() : Optional.empty();
    }

    /** The same, if it is a value then as the file that it is in. */
    Data asFile() {
      return origin instanceof Origin.Step step && step.value().isPresent()
          ? new Data(step.asFile(), type, mode)
          : this;
    }

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

    /** What the item in hand of the loop around gives under a name. */
    record Item(String name) implements Origin {}

    /**
     * What a step makes.
     *
     * @param value of which type the value in its file is, when the value is what is given
     */
    record Step(StepId step, String output, DataType type, Optional<ValueType> value, Where where)
        implements Origin {
      Step asFile() {
        return new Step(step, output, type, Optional.empty(), where);
      }
    }
  }
}
