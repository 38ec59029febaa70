package io.headrace.planner;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;

/** What to say of jobs that only Azure's service can run. */
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

  private static Problem not(String what, String why, Where where) {
    return Problem.of(ErrorCode.NOT_SUPPORTED, what + " is valid, but cannot be run here: " + why)
        .at(where);
  }
}
