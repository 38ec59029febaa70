package io.headrace.cli;

import io.headrace.name.StepId;
import java.util.List;

/**
 * How wide a column is: as its longest text, within bounds, so that what follows stands in line.
 */
final class Columns {
  private static final int LEAST = 12;
  private static final int MOST = 60;

  private Columns() {}

  /** The width of a column of step names. */
  static int steps(List<StepId> steps) {
    int width = LEAST;
    for (var step : steps) {
      width = Math.max(width, Math.min(MOST, step.value().length()));
    }
    return width;
  }

  /** The width of a column of these texts. */
  static int of(List<String> texts) {
    int width = 0;
    for (var text : texts) {
      width = Math.max(width, Math.min(MOST * 2, text.length()));
    }
    return width;
  }
}
