package io.headrace.mlflow;

import io.headrace.http.Concern;

/** What MLflow's calls are about, and where in a call it stands. */
enum Subject implements Concern {
  /** {@code experiment_id}. */
  EXPERIMENT,
  /** {@code experiment_id}, or the one that is always there. */
  EXPERIMENT_OR_DEFAULT,
  /** {@code experiment_name}. */
  EXPERIMENT_NAME,
  /** {@code experiment_ids}; without any, everything. */
  EXPERIMENTS,
  /** The header {@code x-mlflow-experiment-id}. */
  EXPERIMENT_HEADER,
  /** {@code run_id} or {@code run_uuid}. */
  RUN,
  /** {@code run_ids} and {@code run_id}, one or many. */
  RUNS,
  /** The header {@code x-mlflow-run-id}, if it is there. */
  RUN_HEADER,
  /** {@code run_id} or {@code model_id}. */
  RUN_OR_LOGGED_MODEL,
  /** {@code source_run_id}, if it is there. */
  SOURCE_RUN,
  /** A logged model in the path. */
  LOGGED_MODEL,
  /** {@code model_id} of the metric, or of each of {@code metrics}, if they are there. */
  METRIC_MODELS,
  /** {@code model_id} of each of {@code models}. */
  LOGGED_MODELS,
  /** A trace in the path. */
  TRACE,
  /** {@code trace_id}. */
  TRACE_ID,
  /** Those of {@code trace_ids} that there are. */
  TRACE_IDS,
  /** The experiment of a new trace, and of the one with its id that may be there. */
  NEW_TRACE,
  /** The experiments of an evaluation dataset in the path; without any, everything. */
  DATASET,
  /** {@code name}. */
  MODEL,
  /** {@code new_name}. */
  NEW_MODEL,
  /** Where a new version's files come from: {@code run_id}, {@code model_id}, {@code source}. */
  SOURCE,
  /** The experiments whose files lie at a path, or the model that has them; else everything. */
  FILES,
  /** The same for {@code path} in the query. */
  FILES_FIELD,
  /** The same for the file of an upload. */
  UPLOAD
}
