package io.headrace.run;

import java.util.Map;
import java.util.Set;

/** The life of a step. The table below is the whole truth; the engine asks it before each move. */
public enum StepState {
  /** Waits for the steps it reads from. */
  PLANNED,
  /** Given to a compute; a process of it may be alive. */
  RUNNING,
  /** An earlier result was given. */
  REUSED,
  SUCCEEDED,
  FAILED,
  CANCELED,
  /** A step it reads from failed, was cancelled or skipped. */
  SKIPPED;

  private static final Map<StepState, Set<StepState>> NEXT =
      Map.of(
          PLANNED, Set.of(RUNNING, REUSED, FAILED, CANCELED, SKIPPED),
          RUNNING, Set.of(RUNNING, SUCCEEDED, FAILED, CANCELED));

  public boolean mayBecome(StepState next) {
    return NEXT.getOrDefault(this, Set.of()).contains(next);
  }

  /** Whether nothing more will happen to it. */
  public boolean isEnd() {
    return !NEXT.containsKey(this);
  }

  /** Whether its outputs are there to be read. */
  public boolean isSuccess() {
    return this == REUSED || this == SUCCEEDED;
  }
}
