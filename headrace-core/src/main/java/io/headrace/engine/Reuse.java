package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.StepId;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.run.OutputData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which steps are given an earlier result. Used by the run and by `headrace plan` alike.
 */
final class Reuse {
  private final Ledger ledger;
  private final StepFiles files;
  private final Plan plan;
  private final RunOptions options;
  private final Map<EnvironmentSpec, Digest> environments;
  private final Map<StepId, Digest> lastKeys;

  /**
   * Looks at the records once for the whole plan.
   *
   * @param environments the identity of each environment's software
   */
  Reuse(
      Ledger ledger,
      StepFiles files,
      Plan plan,
      RunOptions options,
      Map<EnvironmentSpec, Digest> environments) {
    this.ledger = ledger;
    this.files = files;
    this.plan = plan;
    this.options = options;
    this.environments = environments;
    this.lastKeys = ledger.lastKeys(options.source());
  }

  /** A step whose inputs are known, with what is to be done about it. */
  record Verdict(
      Step step,
      Map<String, OutputData> made,
      StepRecipe recipe,
      Decision decision,
      Optional<Result> result) {}

  /** A step whose inputs are known. */
  record Known(Step step, Map<String, OutputData> made) {}

  /** Decides about several steps with one look at the records. */
  List<Verdict> decide(List<Known> steps) {
    var recipes = new ArrayList<StepRecipe>(steps.size());
    var keys = new ArrayList<Digest>(steps.size());
    for (var it : steps) {
      var environment = environments.get(it.step().environment());
      if (environment == null) {
        throw new IllegalStateException("no identity for the environment of " + it.step().id());
      }
      var recipe = StepRecipe.of(it.step(), environment, it.made(), options.seed());
      recipes.add(recipe);
      keys.add(recipe.key());
    }
    var results = ledger.results(keys);
    var outputs = new ArrayList<OutputData>();
    results.values().forEach(it -> outputs.addAll(it.outputs().values()));
    var damaged = files.damaged(outputs);
    var verdicts = new ArrayList<Verdict>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      verdicts.add(verdict(steps.get(i), recipes.get(i), keys.get(i), results, damaged));
    }
    return verdicts;
  }

  private Verdict verdict(
      Known known,
      StepRecipe recipe,
      Digest key,
      Map<Digest, Result> results,
      Set<Digest> damaged) {
    var step = known.step();
    var previous = Optional.ofNullable(lastKeys.get(step.id()));
    var result = Optional.ofNullable(results.get(key));
    boolean usable = false;
    Decision.Reason reason;
    if (plan.forceRerun() || !options.mayReuse(step.id())) {
      reason = Decision.Reason.FORCED;
    } else if (!step.deterministic()) {
      reason = Decision.Reason.NOT_DETERMINISTIC;
    } else if (result.isPresent() && whole(result.get(), damaged)) {
      usable = true;
      reason = Decision.Reason.REUSED;
    } else if (result.isPresent()) {
      reason = Decision.Reason.RESULT_GONE;
    } else if (previous.isEmpty()) {
      reason = Decision.Reason.NEVER_RAN;
    } else {
      reason = previous.get().equals(key) ? Decision.Reason.NOT_FINISHED : Decision.Reason.CHANGED;
    }
    var given = usable ? result : Optional.<Result>empty();
    var decision = new Decision(reason, key, previous, given.map(Result::child));
    return new Verdict(step, known.made(), recipe, decision, given);
  }

  private static boolean whole(Result result, Set<Digest> damaged) {
    for (var data : result.outputs().values()) {
      if (damaged.contains(data.digest())) {
        return false;
      }
    }
    return true;
  }

  /** Why a step must run, in a few words: what has changed, if that is why. */
  String because(Verdict verdict) {
    var decision = verdict.decision();
    if (decision.reason() != Decision.Reason.CHANGED) {
      return Explanation.reason(decision);
    }
    var changed =
        decision
            .previous()
            .flatMap(ledger::recipe)
            .map(last -> verdict.recipe().since(last))
            .orElse(List.of());
    if (changed.isEmpty()) {
      return Explanation.reason(decision);
    }
    var parts = new ArrayList<String>();
    changed.stream().limit(3).forEach(it -> parts.add(it.part()));
    return String.join(", ", parts) + (changed.size() > 3 ? ", ..." : "") + " changed";
  }

  /** What the steps before {@code step} made for it, by input name. */
  static Map<String, OutputData> made(Step step, Map<StepId, Map<String, OutputData>> outputs) {
    var made = new HashMap<String, OutputData>();
    step.inputs()
        .forEach((name, input) -> {
          if (input instanceof io.headrace.plan.StepInput.FromStep from) {
            var of = outputs.get(from.step());
            var data = of == null ? null : of.get(from.output());
            if (data != null) {
              made.put(name, data);
            }
          }
        });
    return made;
  }
}
