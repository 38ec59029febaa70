package io.headrace.cli;

import io.headrace.engine.Outcome;
import io.headrace.engine.RunState;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is said when a run has ended: how, what came out, and what to do next. */
final class ClosingLines {
  private static final int MOST_STEPS_WITH_METRICS = 20;

  private final Context context;
  private final Wiring wiring;
  private final Plan plan;
  private final OutputOptions output;

  ClosingLines(Context context, Wiring wiring, Plan plan, OutputOptions output) {
    this.context = context;
    this.wiring = wiring;
    this.plan = plan;
    this.output = output;
  }

  /**
   * An output that the user will look for.
   *
   * @param place where it can be looked at
   */
  record Shown(String name, Path place) {}

  void print(Outcome outcome, RunState state, Progress progress) {
    var outputs = outputs(outcome, state);
    var metrics = metrics(state);
    if (!output.forPeople()) {
      output.print(
          context.out(), JsonText.of(json -> write(json, outcome, state, outputs, metrics)));
      return;
    }
    var out = context.out();
    out.println();
    out.println(headline(outcome, progress));
    fault(state).ifPresent(it -> out.println("  fault    " + it));
    out.println("  run      " + outcome.run());
    outputs.forEach(it -> out.printf("  output   %-20s %s%n", it.name(), nearby(it.place())));
    metrics.forEach((step, values) ->
        values.forEach(
            (name, value) -> out.printf("  metric   %-20s %s = %s%n", step, name, value)));
    out.println("Next:");
    var next = next(outcome, state, outputs);
    int width = Columns.of(List.copyOf(next.keySet()));
    next.forEach((command, what) -> out.printf("  %-" + width + "s  %s%n", command, what));
  }

  /** Said when a run failed for no fault of its steps. */
  static Optional<String> fault(RunState state) {
    return state
        .blame()
        .filter(it -> state.status() == RunStatus.FAILED && it == Blame.PLATFORM)
        .map(_ -> "this machine or Headrace, not the step's own work: mend that, then resume");
  }

  /** The commands that are likely wanted now, with what each gives. */
  private static Map<String, String> next(Outcome outcome, RunState state, List<Shown> outputs) {
    var run = outcome.run();
    var next = new java.util.LinkedHashMap<String, String>();
    next.put("headrace run show " + run, "its steps, parameters, metrics");
    if (outcome.status() == RunStatus.COMPLETED) {
      if (!outputs.isEmpty()) {
        next.put("headrace job download -n " + run, "a copy of its outputs to keep");
      }
      return next;
    }
    state.steps().values().stream()
        .filter(it -> it.state() == StepState.FAILED)
        .sorted(Comparator.comparing(RunState.StepRecord::group)) // a step says more than its group
        .limit(1)
        .forEach(it ->
            next.put("headrace why " + run + " " + it.id(), "all that the failed step could see"));
    next.put("headrace resume " + run, "run it again; what succeeded is reused");
    return next;
  }

  private String headline(Outcome outcome, Progress progress) {
    var time = Times.brief(progress.elapsed());
    return switch (outcome.status()) {
      case COMPLETED ->
          "Completed in %s: %d step%s run, %d reused"
              .formatted(time, progress.ran(), progress.ran() == 1 ? "" : "s", progress.reused());
      case FAILED -> "FAILED after " + time + ": " + outcome.message();
      case CANCELED -> "Cancelled after " + time;
      case RUNNING -> "Still running";
    };
  }

  /** The pipeline's own outputs; without any, those of the steps that no other step reads from. */
  private List<Shown> outputs(Outcome outcome, RunState state) {
    var shown = new ArrayList<Shown>();
    plan.outputs()
        .forEach((name, ref) ->
            place(outcome, state, ref.step(), ref.output())
                .ifPresent(place -> shown.add(new Shown(name, place))));
    if (!shown.isEmpty() || !plan.outputs().isEmpty()) {
      return shown;
    }
    var read = new java.util.HashSet<io.headrace.name.StepId>();
    plan.steps().forEach(step -> read.addAll(step.after()));
    for (var step : plan.steps()) {
      if (read.contains(step.id())) {
        continue;
      }
      for (var name : step.outputs().keySet()) {
        place(outcome, state, step.id(), name)
            .ifPresent(place ->
                shown.add(new Shown(plan.singleStep() ? name : step.id() + "." + name, place)));
      }
      if (shown.size() > 10) {
        break;
      }
    }
    return shown;
  }

  private Optional<Path> place(
      Outcome outcome, RunState state, io.headrace.name.StepId step, String name) {
    return Optional.ofNullable(state.steps().get(step))
        .map(it -> it.group() ? memberThatMade(state, it, name) : it)
        .filter(it -> it.state() == StepState.SUCCEEDED && it.outputs().containsKey(name))
        .filter(it -> !it.group())
        .map(it -> {
          var folder = wiring.engine().outputs(outcome.run(), it).resolve(name);
          var file = Objects.requireNonNull(it.outputs().get(name)).name();
          return file.isEmpty() ? folder : folder.resolve(file);
        })
        .or(() ->
            Optional.ofNullable(state.steps().get(step))
                .map(it -> it.group() ? memberThatMade(state, it, name) : it)
                .filter(it -> it.state() == StepState.REUSED)
                .flatMap(it -> placeOfOrigin(it, name)));
  }

  /** A sweep's outputs are one trial's, a loop's one round's. */
  private static RunState.StepRecord memberThatMade(
      RunState state, RunState.StepRecord group, String name) {
    var data = group.outputs().get(name);
    return state.steps().values().stream()
        .filter(it ->
            data != null
                && it.id().value().startsWith(group.id().value() + ".")
                && data.equals(it.outputs().get(name)))
        .findFirst()
        .orElse(group);
  }

  /** Where the step whose result was given left it, if that has not been removed. */
  private Optional<Path> placeOfOrigin(RunState.StepRecord reused, String name) {
    var data = Optional.ofNullable(reused.outputs().get(name));
    return reused
        .from()
        .flatMap(wiring::placeOf)
        .flatMap(folder -> data.map(it -> folder.resolve(name).resolve(it.name())))
        .filter(Files::exists);
  }

  private Map<String, Map<String, String>> metrics(RunState state) {
    var found = new java.util.LinkedHashMap<String, Map<String, String>>();
    for (var step : state.steps().values()) {
      if (found.size() >= MOST_STEPS_WITH_METRICS || step.child().isEmpty()) {
        continue;
      }
      var values = wiring.metrics(step.child().get());
      if (!values.isEmpty()) {
        found.put(step.id().value(), values);
      }
      if (state.steps().size() > 200) {
        break;
      }
    }
    return found;
  }

  /** Relative to the working folder when it is below it: shorter, and good to copy. */
  private String nearby(Path place) {
    var here = context.around().here();
    return place.isAbsolute() && place.startsWith(here)
        ? here.relativize(place).toString()
        : place.toString();
  }

  private static void write(
      JsonText.Body json,
      Outcome outcome,
      RunState state,
      List<Shown> outputs,
      Map<String, Map<String, String>> metrics) {
    json.text("name", outcome.run().value());
    json.text("status", outcome.status().azure());
    json.text("message", outcome.message());
    fault(state).ifPresent(it -> json.text("fault", it));
    json.object(
        "steps",
        steps -> {
          for (var it : state.steps().values()) {
            steps.object(it.id().value(), step -> RunJson.step(step, it));
          }
        });
    json.object(
        "outputs", body -> outputs.forEach(it -> body.text(it.name(), it.place().toString())));
    json.object("metrics", body -> metrics.forEach(body::texts));
  }
}
