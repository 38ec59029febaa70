package io.headrace.kfp;

/** The types of parameters, in KFP's words. */
enum ParameterType {
  STRING,
  NUMBER_INTEGER,
  NUMBER_DOUBLE,
  BOOLEAN,
  LIST,
  STRUCT,
  /** How another task ended. */
  TASK_FINAL_STATUS,
  /** The Kubernetes settings of the task; nothing stands for them here. */
  TASK_CONFIG
}
