package io.headrace.spec;

import io.headrace.plan.DataType;
import java.util.Locale;

/** What an input or an output is declared to be. */
public sealed interface InputType {
  /** As written in YAML. */
  String yaml();

  /** Files. */
  record Data(DataType type) implements InputType {
    @Override
    public String yaml() {
      return type.yaml();
    }
  }

  /** A value. */
  enum Parameter implements InputType {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN;

    @Override
    public String yaml() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
