package io.headrace.name;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.util.regex.Pattern;

/**
 * Names a run: a pipeline's (Azure ML's job name) or one step's. Also its MLflow run id.
 *
 * @param value 1 to 255 letters, digits, {@code _} or {@code -}, beginning with a letter or digit
 */
public record RunId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,254}");

  /** Checks the shape. */
  public RunId {
    if (!SHAPE.matcher(value).matches()) {
      throw Problem.of(ErrorCode.BAD_NAME, "'" + value + "' is not a name for a run")
          .fix("begin with a letter or digit; then letters, digits, '_' or '-', 255 at most")
          .asException();
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
