package io.headrace.cli;

import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.run.StepState;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headrace why RUN STEP}. */
@Command(
    name = "why",
    header = "Explain why a step was run, reused or skipped, and all that it could see.",
    description = {
      "",
      "  headrace run list          the runs",
      "  headrace run show RUN      the steps of one",
      ""
    })
final class WhyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "RUN", description = "The run's name.")
  @Nullable String run;

  @Parameters(index = "1", paramLabel = "STEP", description = "The step's name in it.")
  @Nullable String step;

  @Mixin OutputOptions output = OutputOptions.text();

  private final Context context;

  WhyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    try (var wiring = context.wiring()) {
      var why =
          wiring
              .engine()
              .why(
                  new RunId(java.util.Objects.requireNonNull(run)),
                  new StepId(java.util.Objects.requireNonNull(step)));
      var state = why.step().state().name().toLowerCase(Locale.ROOT);
      if (!output.forPeople()) {
        output.print(
            context.out(),
            JsonText.of(out -> {
              out.text("step", why.step().id().value());
              out.text("state", state);
              out.text("because", why.because());
              out.list(
                  "differences",
                  why.differences(),
                  (it, part) -> {
                    part.text("part", it.part());
                    part.text("was", it.was());
                    part.text("is", it.is());
                  });
              out.texts("recipe", why.recipe());
            }));
        return CommandLineProgram.DONE;
      }
      var out = context.out();
      var link = why.step().state() == StepState.REUSED ? ", since " : "; it was run, since ";
      // Without a recipe nothing was decided about it: it was skipped, or never came to its turn.
      out.println(
          why.step().id() + ": " + state + (why.recipe().isEmpty() ? "" : link + why.because()));
      why.step().from().ifPresent(it -> out.println("  " + it + " is " + wiring.stepOf(it)));
      why.differences().forEach(it -> out.println("  " + PlanCommand.line(it)));
      if (!why.recipe().isEmpty()) {
        out.println("It could see:");
        why.recipe()
            .forEach((part, value) ->
                out.printf("  %-24s %s%n", part, LogTail.harmless(value.replace("\n", "\\n"))));
      }
      return CommandLineProgram.DONE;
    }
  }
}
