package io.headrace.cli;

import io.headrace.cli.RunCommand.RunSettings;
import io.headrace.engine.Engine.Foresight;
import io.headrace.engine.RunListener;
import io.headrace.engine.StepRecipe;
import io.headrace.name.StepId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace plan FILE}: what would run, and why. */
@Command(
    name = "plan",
    header = "Say what would run, what would be reused, and for each step that must run: why.",
    description = {"", "Nothing is run. Code and local data are read, as a run would.", ""})
final class PlanCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "FILE", description = "An Azure ML v2 job YAML.")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      arity = "1..*",
      description = "As in `headrace run`.")
  List<String> sets = new ArrayList<>();

  @Option(
      names = "--no-reuse",
      paramLabel = "STEP",
      arity = "0..1",
      fallbackValue = "*",
      description = "As in `headrace run`.")
  List<String> noReuse = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "As in `headrace run`.")
  @Nullable Long seed;

  @Mixin EnvironmentOptions environments = new EnvironmentOptions();

  @Mixin OutputOptions output = OutputOptions.text();

  // Taken, so that `run` on a line can become `plan`; what would run does not depend on them.
  @Option(
      names = {"-j", "--parallel"},
      hidden = true)
  @Nullable Integer parallel;

  @Option(
      names = {"-n", "--name"},
      hidden = true)
  @Nullable String name;

  private final Context context;

  PlanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var from = Arguments.file(context, Optional.ofNullable(file), "headrace plan");
    return plan(
        context,
        new RunSettings(
            from,
            sets,
            Optional.empty(),
            1,
            noReuse,
            Arguments.seed(context, Optional.ofNullable(seed)),
            environments),
        output);
  }

  static int plan(Context context, RunSettings settings, OutputOptions output)
      throws IOException, InterruptedException {
    try (var wiring = context.wiring(settings.environments())) {
      wiring.openAhead();
      var planned = wiring.plan(settings);
      planned.warnings().forEach(warning -> context.err().println(warning));
      var engine = wiring.engine();
      var captured = engine.capture(settings.named(planned), RunListener.none());
      var foreseen = engine.foresee(captured, settings.options(context));
      if (!output.forPeople()) {
        output.print(
            context.out(), JsonText.of(json -> write(json, foreseen, engine.outlook(captured))));
      } else {
        print(context, foreseen);
        engine
            .outlook(captured)
            .forEach((group, line) -> context.out().println("group  " + group + ": " + line));
      }
      return CommandLineProgram.DONE;
    }
  }

  private static void print(Context context, List<Foresight> foreseen) {
    long reused = foreseen.stream().filter(Foresight::reused).count();
    var row =
        "%-6s %-" + Columns.steps(foreseen.stream().map(it -> it.step().id()).toList()) + "s %s%n";
    for (var it : foreseen) {
      var what = it.reused() ? "reuse" : it.waitsFor().isEmpty() ? "run" : "run?";
      context.out().printf(row, what, it.step().id(), it.because());
      for (var difference : it.differences()) {
        context.out().println("         " + line(difference));
      }
      if (!it.waitsFor().isEmpty()) {
        context
            .out()
            .println(
                "         after "
                    + String.join(", ", it.waitsFor().stream().map(s -> s.value()).toList()));
      }
    }
    context
        .out()
        .printf(
            "%d step%s: %d to reuse, %d to run%n",
            foreseen.size(), foreseen.size() == 1 ? "" : "s", reused, foreseen.size() - reused);
  }

  /** One part that differs, for people: long texts are cut, digests shortened. */
  static String line(StepRecipe.Difference difference) {
    if (difference.was().isEmpty()) {
      return difference.part() + ": new (" + brief(difference.is()) + ")";
    }
    if (difference.is().isEmpty()) {
      return difference.part() + ": gone (was " + brief(difference.was()) + ")";
    }
    return difference.part() + ": " + brief(difference.was()) + " -> " + brief(difference.is());
  }

  private static String brief(String value) {
    var last = value.substring(value.lastIndexOf(' ') + 1);
    if (last.length() == 64 && last.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      return last.substring(0, 12);
    }
    var line = LogTail.harmless(value.replace('\n', ' '));
    return line.length() <= 70 ? "'" + line + "'" : "'" + line.substring(0, 67) + "...'";
  }

  private static void write(
      JsonText.Body json, List<Foresight> foreseen, Map<StepId, String> groups) {
    json.list(
        "steps",
        foreseen,
        (it, out) -> {
          out.text("name", it.step().id().value());
          out.text("action", it.reused() ? "reuse" : it.waitsFor().isEmpty() ? "run" : "unknown");
          out.text("because", it.because());
          out.list(
              "differences",
              it.differences(),
              (difference, part) -> {
                part.text("part", difference.part());
                part.text("was", difference.was());
                part.text("is", difference.is());
              });
          out.texts("after", it.waitsFor().stream().map(s -> s.value()).toList());
        });
    if (!groups.isEmpty()) {
      json.list(
          "groups",
          List.copyOf(groups.entrySet()),
          (it, out) -> {
            out.text("name", it.getKey().value());
            out.text("outlook", it.getValue());
          });
    }
  }
}
