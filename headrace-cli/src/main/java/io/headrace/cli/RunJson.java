package io.headrace.cli;

import io.headrace.engine.Ledger;
import io.headrace.engine.RunState;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.run.StepState;
import java.time.Instant;
import java.util.Optional;

/** Runs in the JSON shape of {@code az ml job show}, as far as it has a meaning here. */
final class RunJson {
  /** Azure ML's word for a job that nobody works on although it has not ended. */
  private static final String INTERRUPTED = "NotResponding";

  private RunJson() {}

  /** What is said of a job, and may be changed. */
  record Told(String displayName, String description, java.util.Map<String, String> tags) {}

  /** Azure ML's word for a step's state. */
  static String status(StepState state) {
    return switch (state) {
      case PLANNED -> "NotStarted";
      case RUNNING -> "Running";
      case REUSED, SUCCEEDED -> "Completed";
      case FAILED -> "Failed";
      case CANCELED -> "Canceled";
      case SKIPPED -> "NotStarted";
    };
  }

  /** One step. */
  static void step(JsonText.Body out, RunState.StepRecord step) {
    out.text("display_name", step.displayName());
    out.text("status", status(step.state()));
    out.flag("reused", step.state() == StepState.REUSED);
    step.child().ifPresent(it -> out.text("name", it.value()));
    step.from().ifPresent(it -> out.text("reused_from", it.value()));
    step.started().ifPresent(it -> out.text("start_time", it.toString()));
    step.ended().ifPresent(it -> out.text("end_time", it.toString()));
    if (!step.message().isEmpty()) {
      out.text("message", step.message());
    }
    out.object(
        "outputs",
        outputs ->
            step.outputs()
                .forEach((name, data) ->
                    outputs.object(
                        name,
                        it -> {
                          it.text("type", data.type().yaml());
                          it.text("digest", data.digest().hex());
                          it.number("bytes", data.bytes());
                          it.number("files", data.files());
                        })));
  }

  /** A run's row, as {@code az ml job list} gives it. */
  static void row(JsonText.Body out, Ledger.RunRow row, boolean interrupted) {
    out.text("name", row.id().value());
    out.text("display_name", row.displayName());
    out.text("experiment_name", row.experiment());
    out.text("type", "pipeline");
    out.text("status", interrupted ? INTERRUPTED : row.status().azure());
    out.object("creation_context", it -> it.text("created_at", row.created().toString()));
    time(out, "end_time", row.ended());
    out.text("source", row.source());
    if (!row.message().isEmpty()) {
      out.text("message", row.message());
    }
  }

  /** A whole run, as {@code az ml job show} gives it. */
  static void run(
      JsonText.Body out,
      Ledger.RunRow row,
      RunState state,
      Plan plan,
      boolean interrupted,
      Told told) {
    var created = state.created().orElseThrow();
    out.text("name", row.id().value());
    out.text("display_name", told.displayName());
    out.text("description", told.description());
    out.text("experiment_name", row.experiment());
    out.text("type", plan.singleStep() ? "command" : "pipeline");
    out.text("status", interrupted ? INTERRUPTED : row.status().azure());
    out.object(
        "creation_context",
        it -> {
          it.text("created_at", row.created().toString());
          it.text("created_by", created.user());
          it.text("created_by_type", "User");
        });
    time(out, "end_time", row.ended());
    out.texts("tags", told.tags());
    out.texts("inputs", created.parameters());
    out.object(
        "outputs",
        outputs ->
            plan.outputs()
                .forEach((name, ref) ->
                    outputs.text(name, "azureml://jobs/" + row.id() + "/outputs/" + name)));
    out.object(
        "settings",
        settings -> {
          settings.flag("continue_on_step_failure", plan.continueOnStepFailure());
          settings.flag("force_rerun", plan.forceRerun());
        });
    out.text("source", row.source());
    out.number("seed", created.seed());
    if (!row.message().isEmpty()) {
      out.text("message", row.message());
    }
    out.object(
        "jobs",
        jobs -> {
          for (var id : ShownSteps.of(plan, state)) {
            var record = state.steps().get(id);
            jobs.object(
                id.value(),
                body -> {
                  if (record == null) {
                    body.text("display_name", displayName(plan, id));
                    body.text("status", status(StepState.PLANNED));
                  } else {
                    step(body, record);
                  }
                });
          }
        });
  }

  private static String displayName(Plan plan, StepId id) {
    return plan.steps().stream()
        .filter(it -> it.id().equals(id))
        .map(Step::displayName)
        .findFirst()
        .orElse(id.value());
  }

  private static void time(JsonText.Body out, String name, Optional<Instant> time) {
    time.ifPresent(it -> out.text(name, it.toString()));
  }
}
