package io.headrace.tracking;

/** The tags that have a meaning of their own, and what writing one does. */
final class Tags {
  /** Mirrors the run's name, both ways. */
  static final String RUN_NAME = "mlflow.runName";

  /** The run that holds this one. */
  static final String PARENT = "mlflow.parentRunId";

  static final String USER = "mlflow.user";
  static final String SOURCE_NAME = "mlflow.source.name";
  static final String SOURCE_TYPE = "mlflow.source.type";
  static final String NOTE = "mlflow.note.content";
  static final String MODEL_HISTORY = "mlflow.log-model.history";

  /** The step of the pipeline that a child run stands for. */
  static final String STEP = "headrace.step";

  /** The run whose result was given instead of running. */
  static final String REUSED_FROM = "headrace.reused_from";

  /** Where a service of the step can be reached while it runs; its name follows. */
  static final String SERVICE = "headrace.service.";

  /** Why it failed, one line. */
  static final String MESSAGE = "headrace.message";

  private Tags() {}
}
