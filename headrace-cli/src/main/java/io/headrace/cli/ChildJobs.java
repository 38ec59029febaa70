package io.headrace.cli;

import io.headrace.engine.RunState.StepRecord;
import io.headrace.name.RunId;
import java.io.IOException;
import java.util.Optional;

/** The children of a run that have begun or ended: its steps, and those of its groups. */
final class ChildJobs {
  private ChildJobs() {}

  static int list(Context context, RunId run, int most, OutputOptions output) throws IOException {
    RunTables.checkMost(most);
    try (var wiring = context.wiring()) {
      var engine = wiring.engine();
      var state = engine.state(run);
      var experiment = wiring.ledger().run(run).orElseThrow().experiment();
      var children =
          state.steps().values().stream().filter(it -> it.child().isPresent()).limit(most).toList();
      output.print(
          context.out(), JsonText.list(children, (step, out) -> write(out, run, experiment, step)));
      return CommandLineProgram.DONE;
    }
  }

  /**
   * Shows one, when that id is a child's.
   *
   * @return whether it is
   */
  static boolean show(Context context, Wiring wiring, RunId id, OutputOptions output)
      throws IOException {
    if (wiring.ledger().run(id).isPresent()) {
      return false;
    }
    var above = wiring.runAbove(id);
    var row = above.flatMap(wiring.ledger()::run);
    if (above.isEmpty() || row.isEmpty()) {
      return false;
    }
    var run = above.get();
    var experiment = row.get().experiment();
    var child =
        wiring.engine().state(run).steps().values().stream()
            .filter(it -> it.child().equals(Optional.of(id)))
            .findFirst();
    child.ifPresent(
        step -> output.print(context.out(), JsonText.of(out -> write(out, run, experiment, step))));
    return child.isPresent();
  }

  private static void write(JsonText.Body out, RunId run, String experiment, StepRecord step) {
    step.child().ifPresent(it -> out.text("name", it.value()));
    out.text("display_name", step.displayName());
    out.text("experiment_name", experiment);
    out.text("parent_job_name", run.value());
    out.text("status", RunJson.status(step.state()));
    out.text("step", step.id().value());
    step.started()
        .ifPresent(
            start -> out.object("creation_context", it -> it.text("created_at", start.toString())));
    step.ended().ifPresent(it -> out.text("end_time", it.toString()));
  }
}
