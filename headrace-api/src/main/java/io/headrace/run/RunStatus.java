package io.headrace.run;

/** The state of a whole run. */
public enum RunStatus {
  RUNNING,
  COMPLETED,
  FAILED,
  CANCELED;

  public boolean isEnd() {
    return this != RUNNING;
  }

  /** Azure ML's word. */
  public String azure() {
    return switch (this) {
      case RUNNING -> "Running";
      case COMPLETED -> "Completed";
      case FAILED -> "Failed";
      case CANCELED -> "Canceled";
    };
  }
}
