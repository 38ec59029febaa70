package io.headrace.cli;

import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.engine.RunListener;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts a run in a process of its own that outlives this one, and returns once the run is in the
 * records.
 */
final class Background {
  private static final long LOOK_AGAIN_MS = 20;

  private final Context context;
  private final RunSettings settings;
  private final OutputOptions output;

  Background(Context context, RunSettings settings, OutputOptions output) {
    this.context = context;
    this.settings = settings;
    this.output = output;
  }

  /** Does something with a run that is in the records. */
  @FunctionalInterface
  interface Then {
    void with(RunId run) throws IOException;
  }

  int start(Then then) throws IOException, InterruptedException {
    try (var wiring = context.wiring(settings.environments())) {
      // Read here first, so that what is wrong with the file is told to whoever asked.
      var planned = wiring.plan(settings);
      planned.warnings().forEach(warning -> context.err().println(warning));
      var run = settings.named(planned).name().map(RunId::new).orElseGet(wiring.engine()::newName);
      if (wiring.ledger().run(run).isPresent()) {
        throw Problem.of(ErrorCode.CONFLICT, "there is a run called " + run + " already")
            .fix("give another name with --name")
            .asException();
      }
      var server = RunSession.server(settings, wiring.workspace());
      if (server.isPresent()) {
        var engine = wiring.engine();
        var captured = engine.capture(settings.named(planned), RunListener.none());
        var given =
            server
                .get()
                .submit(engine.keep(captured), Optional.of(run.value()), settings.options(context));
        return RunTables.show(context, given, output);
      }
      var folder = Files.createDirectories(wiring.workspace().runs().resolve(run.value()));
      var log = folder.resolve("engine.log");
      await(launch(run, log), wiring, run, log);
      then.with(run);
      return RunTables.show(context, run, output);
    }
  }

  private Process launch(RunId run, Path log) throws IOException {
    var command = new ArrayList<String>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    var jvm = ProcessHandle.current().info();
    command.add(jvm.command().orElse("java"));
    command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(
        java.util.List.of(
            "run",
            settings.file().toString(),
            "--name",
            run.value(),
            "--parallel",
            Integer.toString(settings.parallel()),
            "--seed",
            Long.toString(settings.seed()),
            "--workspace",
            context.workspace().root().toString()));
    settings.sets().forEach(set -> command.add("--set=" + set));
    command.addAll(settings.environments().arguments());
    var builder = new ProcessBuilder(command);
    builder.directory(context.around().here().toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    return builder.start();
  }

  private void await(Process process, Wiring wiring, RunId run, Path log)
      throws IOException, InterruptedException {
    while (true) {
      boolean over = process.waitFor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
      if (wiring.ledger().run(run).isPresent()) {
        return;
      }
      if (over) {
        LogTail.last(log, 40).forEach(context.err()::println);
        throw Problem.of(ErrorCode.STEP_NOT_STARTED, "run " + run + " could not be started")
            .fix("all that was said is in " + log)
            .asException();
      }
    }
  }
}
