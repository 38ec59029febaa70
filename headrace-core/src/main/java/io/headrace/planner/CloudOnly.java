package io.headrace.planner;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.spec.Resource;
import java.nio.file.Path;

/** What to say of what Headrace reads and checks but cannot run. */
final class CloudOnly {
  private CloudOnly() {}

  /** What, why, and what to use instead. */
  static Problem problem(String type, Where where) {
    return switch (type) {
      case "automl" ->
          not("an AutoML job", "its search for models is Azure's own", where)
              .fix("train with a sweep job, or with a command job and a library such as FLAML");
      case "finetuning" ->
          not("a fine-tuning job", "its training is Azure's own", where)
              .fix("fine-tune in a command job, with the model and data as its inputs");
      case "distillation" ->
          not("a distillation job", "its teacher is a model that Azure hosts", where)
              .fix("ask the teacher in one command step, and fine-tune the student in the next");
      default ->
          not("a job of type '" + type + "'", "only Azure's service can", where)
              .fix("write it as a command job");
    };
  }

  /** The same of a document that is no job. */
  static Problem resource(Path file, Resource resource) {
    String what = file + " is " + resource.kind().title() + ", not a job to run";
    var problem = Problem.of(ErrorCode.WRONG_VALUE, what).at(resource.where());
    return switch (resource.kind()) {
      case ONLINE_ENDPOINT, ONLINE_DEPLOYMENT, SERVERLESS_ENDPOINT ->
          problem.fix("hosting is Azure's own; call the scoring script from a command job instead");
      case BATCH_ENDPOINT, BATCH_DEPLOYMENT ->
          problem.fix("hosting is Azure's own; score with a parallel or command node instead");
      case DATA, MODEL, MLTABLE -> problem.fix("name it as an input of a job: 'path: ...'");
      case SCHEDULE -> problem.fix("run the job that it starts: the file under 'create_job:'");
      case COMMAND_JOB,
          PIPELINE_JOB,
          SWEEP_JOB,
          SPARK_JOB,
          IMPORT_JOB,
          AUTOML_JOB,
          FINETUNING_JOB,
          DISTILLATION_JOB,
          COMMAND_COMPONENT,
          PIPELINE_COMPONENT,
          PARALLEL_COMPONENT,
          SPARK_COMPONENT,
          IMPORT_COMPONENT,
          DATA_TRANSFER_COMPONENT,
          ENVIRONMENT,
          DATA_IMPORT,
          MODEL_PACKAGE,
          COMPUTE,
          DATASTORE,
          CONNECTION,
          FEATURE_STORE,
          FEATURE_SET,
          FEATURE_STORE_ENTITY,
          REGISTRY,
          WORKSPACE ->
          problem.fix("headrace validate checks it; headrace run takes jobs");
    };
  }

  private static Problem not(String what, String why, Where where) {
    return Problem.of(ErrorCode.NOT_SUPPORTED, what + " is valid, but cannot be run here: " + why)
        .at(where);
  }
}
