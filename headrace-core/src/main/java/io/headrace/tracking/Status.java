package io.headrace.tracking;

/** The states of a run, in MLflow's words. */
public enum Status {
  RUNNING,
  SCHEDULED,
  FINISHED,
  FAILED,
  KILLED
}
