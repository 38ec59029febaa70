package io.headrace.job;

import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType;
import java.util.Optional;

/** Whether values that a parameter is given fit its declaration. */
public final class ParameterValues {
  private ParameterValues() {}

  /** Why a value does not fit, as the end of a sentence; empty when it does, or for data. */
  public static Optional<String> objection(InputDeclaration declared, String value) {
    return switch (declared.type()) {
      case InputType.Data _ -> Optional.empty();
      case InputType.Parameter parameter ->
          fits(parameter, value)
              ? Defaults.objection(declared, value)
              : Optional.of("is not " + Defaults.noun(parameter));
    };
  }

  private static boolean fits(InputType.Parameter parameter, String value) {
    return switch (parameter) {
      case STRING -> true;
      case BOOLEAN ->
          value.equalsIgnoreCase("true")
              || value.equalsIgnoreCase("false")
              || value.equals("1")
              || value.equals("0");
      case INTEGER, NUMBER -> Defaults.number(value).isPresent();
    };
  }
}
