package io.headrace.cli;

import io.headrace.engine.Ledger;
import io.headrace.engine.RunState;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.StepState;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Runs as tables, for {@code run} and {@code job} alike. */
final class RunTables {
  private RunTables() {}

  /** Whether a list shows what was archived. */
  enum Archived {
    NOT,
    TOO,
    ONLY
  }

  static int list(Context context, int most, Archived archived, OutputOptions output)
      throws IOException {
    checkMost(most);
    try (var wiring = context.wiring()) {
      var hidden = wiring.archivedJobs();
      var rows =
          wiring
              .ledger()
              .runs(hidden.isEmpty() ? most : Integer.MAX_VALUE, Optional.empty())
              .stream()
              .filter(row ->
                  switch (archived) {
                    case NOT -> !hidden.contains(row.id().value());
                    case ONLY -> hidden.contains(row.id().value());
                    case TOO -> true;
                  })
              .limit(most)
              .toList();
      var engine = wiring.engine();
      if (!output.forPeople()) {
        var interrupted = new java.util.HashSet<RunId>();
        for (var row : rows) {
          if (engine.isInterrupted(row)) {
            interrupted.add(row.id());
          }
        }
        output.print(
            context.out(),
            JsonText.list(
                rows, (row, out) -> RunJson.row(out, row, interrupted.contains(row.id()))));
        return CommandLineProgram.DONE;
      }
      if (rows.isEmpty() && most > 0) {
        context.out().println("no runs yet in " + wiring.workspace().root());
        return CommandLineProgram.DONE;
      }
      context
          .out()
          .printf("%-30s %-12s %-17s %8s  %s%n", "RUN", "STATUS", "STARTED", "TIME", "NAME");
      for (var row : rows) {
        context
            .out()
            .printf(
                "%-30s %-12s %-17s %8s  %s%n",
                row.id(),
                engine.isInterrupted(row) ? "Interrupted" : row.status().azure(),
                when(row.created()),
                row.ended()
                    .map(end -> Times.brief(Duration.between(row.created(), end)))
                    .orElse(""),
                row.displayName());
      }
      return CommandLineProgram.DONE;
    }
  }

  static void checkMost(int most) {
    if (most < 0) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--max-results must be 0 or more, not " + most)
          .fix("leave it out for the newest 50")
          .asException();
    }
  }

  static int show(Context context, RunId run, OutputOptions output) throws IOException {
    try (var wiring = context.wiring()) {
      return show(context, wiring, run, output);
    }
  }

  static int show(Context context, Wiring wiring, RunId run, OutputOptions output)
      throws IOException {
    if (!output.forPeople()) {
      output.print(context.out(), json(wiring, run));
      return CommandLineProgram.DONE;
    }
    var engine = wiring.engine();
    var state = engine.state(run);
    var row = wiring.ledger().run(run).orElseThrow();
    var plan = engine.plan(row.plan());
    boolean interrupted = engine.isInterrupted(row);
    var out = context.out();
    var created = state.created().orElseThrow();
    head(out, row, created.description(), interrupted);
    created.tags().forEach((name, value) -> out.printf("%-12s %s = %s%n", "tag", name, value));
    created
        .parameters()
        .forEach((name, value) -> out.printf("%-12s %s = %s%n", "input", name, value));
    out.printf("%-12s %d%n", "seed", created.seed());
    out.println();
    var shown = ShownSteps.of(plan, state);
    var line = "%-" + Columns.steps(shown) + "s %-10s %8s  %s%n";
    out.printf(line, "STEP", "STATE", "TIME", "");
    for (var id : shown) {
      var record = state.steps().get(id);
      if (record == null) {
        out.printf(line, id, "waiting", "", "");
      } else {
        step(out, wiring, line, record);
        record.child().ifPresent(child -> values(out, wiring, child));
      }
    }
    return CommandLineProgram.DONE;
  }

  /** A run as {@code az ml job show} prints it. */
  static String json(Wiring wiring, RunId run) throws IOException {
    var engine = wiring.engine();
    var state = engine.state(run);
    var row = wiring.ledger().run(run).orElseThrow();
    var plan = engine.plan(row.plan());
    boolean interrupted = engine.isInterrupted(row);
    var told = wiring.told(run, row, state.created().orElseThrow());
    return JsonText.of(out -> RunJson.run(out, row, state, plan, interrupted, told));
  }

  private static void head(
      PrintWriter out, Ledger.RunRow row, String description, boolean interrupted) {
    out.printf("%-12s %s%n", "run", row.id());
    out.printf("%-12s %s%n", "name", row.displayName());
    out.printf("%-12s %s%n", "experiment", row.experiment());
    if (!description.isBlank()) {
      out.printf("%-12s %s%n", "description", description.strip());
    }
    out.printf(
        "%-12s %s%s%n",
        "status",
        interrupted
            ? "Interrupted; `headrace resume " + row.id() + "` goes on"
            : row.status().azure(),
        row.message().isEmpty() ? "" : ": " + row.message());
    out.printf("%-12s %s%n", "started", when(row.created()));
    row.ended()
        .ifPresent(end ->
            out.printf("%-12s %s%n", "took", Times.brief(Duration.between(row.created(), end))));
    out.printf("%-12s %s%n", "source", row.source());
  }

  private static void step(PrintWriter out, Wiring wiring, String line, RunState.StepRecord step) {
    var time =
        step.state() == StepState.REUSED
            ? ""
            : step.started()
                .flatMap(from -> step.ended().map(to -> Times.brief(Duration.between(from, to))))
                .orElse("");
    var detail = step.from().map(from -> "from " + wiring.stepOf(from)).orElse(step.message());
    out.printf(line, step.id(), step.state().name().toLowerCase(Locale.ROOT), time, detail);
  }

  private static void values(PrintWriter out, Wiring wiring, RunId child) {
    wiring
        .metrics(child)
        .forEach((name, value) -> out.printf("    metric %-21s %s%n", name, value));
    wiring.params(child).forEach((name, value) -> out.printf("    param  %-21s %s%n", name, value));
  }

  static String when(Instant time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
        .format(time.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MINUTES));
  }
}
