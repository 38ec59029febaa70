package io.headrace.cli;

import io.headrace.run.RunEvent;
import io.headrace.run.StepState;

/** Events in the words that people read. */
final class Told {
  private Told() {}

  /** Of a group's end. */
  static String word(StepState state) {
    return switch (state) {
      case PLANNED, RUNNING -> "running";
      case REUSED -> "reused";
      case SUCCEEDED -> "done";
      case FAILED -> "FAILED";
      case CANCELED -> "cancelled";
      case SKIPPED -> "skipped";
    };
  }

  /** Why a step is not run. */
  static String why(RunEvent.StepSkipped skipped) {
    return skipped.because() + " did not succeed, or chose otherwise";
  }
}
