package io.headrace.planner;

import io.headrace.plan.ValueType;
import io.headrace.spec.InputType;
import java.util.Optional;

/** Declared types as plans know them. */
final class InputTypes {
  private InputTypes() {}

  static Optional<ValueType> value(InputType declared) {
    return switch (declared) {
      case InputType.Data _ -> Optional.empty();
      case InputType.Parameter parameter -> Optional.of(value(parameter));
    };
  }

  static ValueType value(InputType.Parameter parameter) {
    return switch (parameter) {
      case STRING -> ValueType.STRING;
      case INTEGER -> ValueType.INTEGER;
      case NUMBER -> ValueType.NUMBER;
      case BOOLEAN -> ValueType.BOOLEAN;
    };
  }
}
