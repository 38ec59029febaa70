package io.headrace.cli;

import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.engine.Engine;
import io.headrace.engine.Outcome;
import io.headrace.engine.RunState;
import io.headrace.name.RunId;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.ErrorCode.Blame;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run in the foreground, to the closing lines; Ctrl-C ends its steps and says how to go on. */
final class RunSession {
  /** How long the steps may take to end after Ctrl-C; their own grace period is shorter. */
  private static final long END_SECONDS = 60;

  private final Context context;
  private final OutputOptions output;
  private final int parallel;

  RunSession(Context context, OutputOptions output, int parallel) {
    this.context = context;
    this.output = output;
    this.parallel = parallel;
  }

  /** Runs a file, or takes up the interrupted run of the same file and the same work. */
  int run(RunSettings settings) throws IOException, InterruptedException {
    try (var wiring = context.wiring(settings.environments())) {
      // The records are opened beside the reading of the YAML: each takes its time.
      wiring.openAhead();
      var planned = wiring.plan(settings);
      planned.warnings().forEach(warning -> context.err().println(warning));
      var plan = settings.named(planned);
      var options = settings.options(context);
      var engine = wiring.engine();
      try (var progress = progress(plan)) {
        var captured = engine.capture(plan, progress);
        var interrupted = engine.interrupted(captured, options);
        if (interrupted.isPresent()) {
          progress.notice("run " + interrupted.get() + " was interrupted: going on with it");
          return guarded(
              engine::cancel,
              wiring,
              captured,
              progress,
              () -> engine.resume(interrupted.get(), parallel, progress));
        }
        var server = server(settings, wiring.workspace());
        if (server.isPresent()) {
          var run = server.get().submit(engine.keep(captured), captured.name(), options);
          progress.notice("run " + run + " is worked on by the server at " + server.get().uri());
          var follower = new Follower(wiring, run);
          return guarded(
              follower::cancel, wiring, captured, progress, () -> follower.follow(progress));
        }
        return guarded(
            engine::cancel,
            wiring,
            captured,
            progress,
            () -> engine.run(captured, options, progress));
      }
    }
  }

  /** The server of the workspace, unless environments are to be chosen as it would not. */
  static Optional<ServerLink> server(RunSettings settings, Workspace workspace) throws IOException {
    return settings.environments().arguments().isEmpty()
        ? ServerLink.of(workspace)
        : Optional.empty();
  }

  /** Takes an interrupted run up; one that has ended is run again, from its own plan. */
  int resume(RunId run, EnvironmentOptions environments) throws IOException, InterruptedException {
    try (var wiring = context.wiring(environments)) {
      var engine = wiring.engine();
      var state = engine.state(run);
      var created = state.created().orElseThrow();
      var plan = engine.plan(created.plan());
      try (var progress = progress(plan)) {
        if (!state.status().isEnd()) {
          return guarded(
              engine::cancel, wiring, plan, progress, () -> engine.resume(run, parallel, progress));
        }
        progress.notice(
            "run "
                + run
                + " has ended ("
                + state.status().azure()
                + "): its plan is run again, what succeeded is reused");
        var again = engine.again(plan);
        var options = engine.optionsOf(created, parallel);
        return guarded(
            engine::cancel, wiring, again, progress, () -> engine.run(again, options, progress));
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    Outcome run() throws IOException, InterruptedException;
  }

  /**
   * Runs with Ctrl-C guarded: the JVM's end waits until the steps have ended and the records say
   * so.
   */
  private int guarded(Runnable cancel, Wiring wiring, Plan plan, Progress progress, Work work)
      throws IOException, InterruptedException {
    var over = new CountDownLatch(1);
    var hook =
        Thread.ofPlatform()
            .unstarted(() -> {
              progress.notice("ending the running steps ...");
              cancel.run();
              await(over, wiring.engine());
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      var outcome = work.run();
      progress.close();
      var state = wiring.engine().state(outcome.run());
      new ClosingLines(context, wiring, plan, output).print(outcome, state, progress);
      context.out().flush();
      wiring.assets().refused(outcome.run().value()).forEach(context.err()::println);
      return exitCode(state);
    } finally {
      over.countDown();
      unhook(hook);
    }
  }

  private void await(CountDownLatch over, Engine engine) {
    try {
      boolean ended = over.await(END_SECONDS, TimeUnit.SECONDS);
      while (!ended && engine.isFinalizing()) {
        ended = over.await(END_SECONDS, TimeUnit.SECONDS);
      }
      if (!ended) {
        context.err().println("headrace: some steps have not ended; they are watched no longer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already; the hook was waiting for us.
    }
  }

  static int exitCode(RunState state) {
    return switch (state.status()) {
      case COMPLETED -> CommandLineProgram.DONE;
      case FAILED -> state.blame().orElse(Blame.WORK).exitCode();
      case CANCELED -> CommandLineProgram.WORK_FAILED;
      case RUNNING -> CommandLineProgram.PLATFORM_FAILED;
    };
  }

  /** With JSON the standard output belongs to the result; people look at the standard error. */
  private Progress progress(Plan plan) {
    boolean json = !output.forPeople();
    var out = json ? context.err() : context.out();
    int steps = plan.steps().size();
    int groups = plan.groups().size();
    out.println(
        "%s: %d step%s%s, %d at once"
            .formatted(
                plan.displayName(),
                steps,
                steps == 1 ? "" : "s",
                groups == 0 ? "" : groups == 1 ? " and a group" : " and " + groups + " groups",
                parallel));
    return new Progress(
        out,
        !json && context.around().terminal(),
        InstantSource.system(),
        plan.allSteps().stream().map(Step::id).toList());
  }
}
