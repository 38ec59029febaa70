package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.run.StepState;
import io.headrace.sweep.Best;
import io.headrace.sweep.Sampler;
import io.headrace.sweep.Terminator;
import io.headrace.sweep.Trial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Begins trials as long as there is room and time, ends those that do badly, and names the best.
 *
 * <p>A trial that an earlier engine had begun keeps its values, whatever a sampler would propose
 * now that other trials have ended.
 */
final class SweepControl implements GroupControl {
  private final Group.Sweep sweep;
  private final Sampler sampler;
  private final List<Map<String, String>> values = new ArrayList<>();
  private final Map<Integer, Trial> ended = new LinkedHashMap<>();
  private final Set<Integer> stopped = new HashSet<>();
  private boolean exhausted;

  SweepControl(Group.Sweep sweep, long seed) {
    this.sweep = sweep;
    this.sampler = new Sampler(sweep.space(), sweep.sampling(), sweep.objective(), seed);
  }

  @Override
  public Turn next(Members members) {
    var trials = trials(members);
    boolean late =
        sweep.limits().timeout().filter(it -> members.age() >= it.toSeconds()).isPresent();
    if (late) {
      exhausted = true;
    }
    var begin = new ArrayList<Step>();
    int active = (int) trials.stream().filter(it -> it.state() == Trial.State.RUNNING).count();
    while (!exhausted
        && values.size() < sweep.limits().maxTotalTrials()
        && active < sweep.limits().maxConcurrentTrials()) {
      var step = begin(members, trials);
      if (step.isEmpty()) {
        exhausted = true;
        break;
      }
      begin.add(step.get());
      trials.add(new Trial(values.size() - 1, values.getLast(), Trial.State.RUNNING, List.of()));
      active++;
    }
    if (!begin.isEmpty()) {
      return Turn.begin(begin);
    }
    if (active == 0) {
      return over(members, trials, late);
    }
    return Turn.end(late ? running(trials) : doingBadly(trials));
  }

  private List<Trial> trials(Members members) {
    var trials = new ArrayList<Trial>();
    for (int number = 0; number < values.size(); number++) {
      var known = ended.get(number);
      if (known == null) {
        known = trial(number, members);
        if (known.state() != Trial.State.RUNNING) {
          ended.put(number, known);
        }
      }
      trials.add(known);
    }
    return trials;
  }

  private Trial trial(int number, Members members) {
    var state =
        switch (members.state(id(number)).orElse(StepState.PLANNED)) {
          case PLANNED, RUNNING -> Trial.State.RUNNING;
          case SUCCEEDED, REUSED -> Trial.State.FINISHED;
          case CANCELED -> Trial.State.TERMINATED;
          case FAILED, SKIPPED -> Trial.State.FAILED;
        };
    return new Trial(
        number, values.get(number), state, members.metrics(id(number), sweep.objective().metric()));
  }

  private Optional<Step> begin(Members members, List<Trial> trials) {
    int number = values.size();
    var recorded = members.recorded(id(number));
    var drawn =
        recorded.isPresent()
            ? Optional.of(drawn(recorded.get()))
            : sampler.next(List.copyOf(trials));
    if (drawn.isEmpty()) {
      return Optional.empty();
    }
    values.add(drawn.get());
    return Optional.of(step(number, drawn.get()));
  }

  /** Of a trial's literal inputs, those that were places in what it was made from. */
  private Map<String, String> drawn(Map<String, String> parameters) {
    var drawn = new LinkedHashMap<String, String>();
    parameters.forEach((name, value) -> {
      if (isPlace(sweep.trial().inputs().get(name))) {
        drawn.put(name, value);
      }
    });
    return drawn;
  }

  private static boolean isPlace(@Nullable StepInput input) {
    return input instanceof StepInput.Literal(String value) && Slot.isIn(value);
  }

  private Step step(int number, Map<String, String> drawn) {
    var trial = sweep.trial();
    var timeout = sweep.limits().trialTimeout().or(trial::timeout);
    var instance = new Instances(sweep.id(), number, drawn).of(trial, id(number), timeout);
    var variables = new LinkedHashMap<>(instance.environmentVariables());
    drawn.forEach((name, value) ->
        variables.putIfAbsent("AZUREML_SWEEP_" + name, List.of(new Segment.Value(name, value))));
    var inputs = new LinkedHashMap<>(instance.inputs());
    inputs.values().removeIf(SweepControl::isPlace); // of a branch that was not chosen
    return instance.captured(instance.code(), inputs).withVariables(variables);
  }

  private StepId id(int number) {
    return new StepId(sweep.id().value() + "." + number);
  }

  private Set<StepId> running(List<Trial> trials) {
    var ids = new HashSet<StepId>();
    for (var trial : trials) {
      if (trial.state() == Trial.State.RUNNING && stopped.add(trial.number())) {
        ids.add(id(trial.number()));
      }
    }
    return ids;
  }

  private Set<StepId> doingBadly(List<Trial> trials) {
    var ids = new HashSet<StepId>();
    sweep
        .termination()
        .ifPresent(policy -> {
          for (int number : Terminator.toEnd(policy, sweep.objective(), trials)) {
            if (stopped.add(number)) {
              ids.add(id(number));
            }
          }
        });
    return ids;
  }

  private Turn over(Members members, List<Trial> trials, boolean late) {
    var objective = sweep.objective();
    // What was ended early has left no outputs to hand on.
    var best =
        Best.of(
            objective, trials.stream().filter(it -> it.state() == Trial.State.FINISHED).toList());
    if (best.isEmpty()) {
      return Turn.failed(
          "none of "
              + trials.size()
              + " trials ended well with a value of the metric '"
              + objective.metric()
              + "'; log it by mlflow.log_metric(\""
              + objective.metric()
              + "\", …)");
    }
    var winner = best.get();
    return Turn.over(
        StepState.SUCCEEDED,
        members.outputs(id(winner.number())),
        "best of "
            + trials.size()
            + (late ? " (the time was up)" : "")
            + ": trial "
            + winner.number()
            + ", "
            + objective.metric()
            + " = "
            + winner.metrics().getLast()
            + " with "
            + winner.values());
  }
}
