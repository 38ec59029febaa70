package io.headrace.cli;

import io.headrace.engine.RunState;
import io.headrace.name.RunId;
import io.headrace.run.RunEvent;
import io.headrace.store.Folders;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** Follows a run that some other process works on, by its records. */
final class JobStream {
  private static final long LOOK_AGAIN_MS = 200;
  private static final String LOG = "user_logs/std_log.txt";

  private final Context context;
  private final Wiring wiring;
  private final RunId run;

  JobStream(Context context, Wiring wiring, RunId run) {
    this.context = context;
    this.wiring = wiring;
    this.run = run;
  }

  /**
   * Prints what happens until the run has ended or nobody works on it: the log of a job that is one
   * command, each event of a pipeline.
   */
  int follow() throws IOException, InterruptedException {
    wiring.engine().state(run);
    var log = log();
    context.out().println("RunId: " + run);
    if (log.isPresent()) {
      context.out().println("\nStreaming " + LOG + "\n" + "=".repeat(10 + LOG.length()) + "\n");
    }
    long next = 0;
    var began = InstantSource.system().instant();
    while (true) {
      boolean live = wiring.engine().isLive(run);
      for (var event : wiring.ledger().events(run, next)) {
        next++;
        if (event instanceof RunEvent.Created it) {
          began = it.at();
        }
        if (event instanceof RunEvent.Ended it) {
          if (log.isPresent()) {
            rest(log.get());
          }
          context.out().println("\nExecution Summary\n=================\nRunId: " + run);
          context
              .out()
              .println(
                  "Status: "
                      + it.status().azure()
                      + (it.message().isEmpty() ? "" : ": " + it.message()));
          var state = wiring.engine().state(run);
          ClosingLines.fault(state).ifPresent(fault -> context.out().println("Fault: " + fault));
          return RunSession.exitCode(state);
        }
        if (log.isEmpty()) {
          print(event, Duration.between(began, event.at()));
        }
      }
      if (log.isPresent()) {
        for (var step : wiring.engine().state(run).steps().values()) {
          log.get().more(wiring.engine().log(run, step));
        }
      }
      context.out().flush();
      if (!live) {
        context
            .err()
            .println(
                "run " + run + " was interrupted: `headrace resume " + run + "` goes on with it");
        return CommandLineProgram.WORK_FAILED;
      }
      Thread.sleep(LOOK_AGAIN_MS);
    }
  }

  /** Follows the one log of a job that is one command; empty for a pipeline. */
  private Optional<LogFollower> log() throws IOException {
    var row = wiring.ledger().run(run).orElseThrow();
    return wiring.engine().plan(row.plan()).singleStep()
        ? Optional.of(new LogFollower(context.out(), context.around().terminal()))
        : Optional.empty();
  }

  /** All that was printed, from the store when the folder of the run is gone. */
  private void rest(LogFollower log) throws IOException {
    for (var step : wiring.engine().state(run).steps().values()) {
      log.more(wiring.engine().log(run, step));
      step.from()
          .ifPresent(from ->
              context.out().println("reused from " + wiring.stepOf(from) + ": nothing was run"));
      if (!log.hasPrinted() && step.artifacts().isPresent()) {
        var kept = new Folders(wiring.objects()).open(step.artifacts().get(), LOG);
        if (kept.isPresent()) {
          try (var text = kept.get()) {
            log.all(text);
          }
        }
      }
    }
    log.end();
    for (var step : wiring.engine().state(run).steps().values()) {
      if (!step.message().isEmpty()) {
        context.out().println("\n" + step.message());
      }
    }
  }

  private void print(RunEvent event, Duration at) {
    if (!(event instanceof RunEvent.StepEvent it)) {
      return;
    }
    var what =
        switch (it) {
          case RunEvent.StepStarted _ -> "running";
          case RunEvent.StepReused _ -> "reused";
          case RunEvent.StepSucceeded _ -> "done";
          case RunEvent.StepFailed failed -> "FAILED: " + failed.message();
          case RunEvent.StepCanceled _ -> "cancelled";
          case RunEvent.StepSkipped skipped -> "skipped: " + Told.why(skipped);
          case RunEvent.GroupOpened _ -> "begun";
          case RunEvent.GroupClosed closed -> Told.word(closed.state()) + ": " + closed.message();
        };
    context.out().printf(Locale.ROOT, "%8s  %-28s %s%n", Times.brief(at), it.step(), what);
    if (it instanceof RunEvent.StepFailed) {
      tail(wiring.engine().state(run).steps().get(it.step()));
    }
  }

  private void tail(RunState.@org.jspecify.annotations.Nullable StepRecord step) {
    if (step == null) {
      return;
    }
    var log = wiring.engine().log(run, step);
    try {
      LogTail.last(log, 20).forEach(line -> context.out().println("          | " + line));
      context.out().println("          all of it: " + log);
    } catch (IOException e) {
      context.out().println("          its log cannot be read: " + e.getMessage());
    }
  }
}
