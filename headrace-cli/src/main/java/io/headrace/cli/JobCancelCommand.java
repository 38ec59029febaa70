package io.headrace.cli;

import io.headrace.engine.RunListener;
import io.headrace.name.RunId;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace job cancel -n NAME}. */
@Command(name = "cancel", header = "End a job; no process of it is left.", description = "")
final class JobCancelCommand implements Callable<Integer> {
  private static final long LOOK_AGAIN_MS = 100;

  @Option(
      names = {"-n", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The job's name.")
  @Nullable String name;

  @Mixin OutputOptions output = OutputOptions.text();
  @Mixin AzureOptions azure = new AzureOptions();

  private final Context context;

  JobCancelCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      var run = new RunId(Objects.requireNonNull(name));
      var engine = wiring.engine();
      var outcome = engine.cancel(run, RunListener.none());
      while (outcome.isEmpty() && engine.isLive(run)) {
        Thread.sleep(LOOK_AGAIN_MS);
      }
      var state = engine.state(run);
      if (!state.status().isEnd()) {
        // Its engine died before it could do it.
        engine.cancel(run, RunListener.none());
        state = engine.state(run);
      }
      if (output.forPeople()) {
        context.out().println(run + ": " + state.status().azure());
      }
      return CommandLineProgram.DONE;
    }
  }
}
