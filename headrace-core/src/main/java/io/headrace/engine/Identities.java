package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.EnvironmentProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each step's software is, by identity. To find that out may start a Python or two, so it is
 * begun {@linkplain #askAhead ahead}, beside the capture. Thread-safe.
 */
final class Identities {
  private final EnvironmentProvider environments;
  private final Map<EnvironmentSpec, CompletableFuture<Digest>> asked = new ConcurrentHashMap<>();

  Identities(EnvironmentProvider environments) {
    this.environments = environments;
  }

  /** Returns at once. What goes wrong is told by {@link #of}. */
  void askAhead(Plan plan) {
    for (var step : plan.steps()) {
      var _ = ask(step.environment());
    }
  }

  private CompletableFuture<Digest> ask(EnvironmentSpec spec) {
    return asked.computeIfAbsent(
        spec, it -> CompletableFuture.supplyAsync(() -> environments.identity(it)));
  }

  /**
   * Each step's.
   *
   * @throws ProblemException with all problems at once
   */
  Map<Step, Digest> of(Plan plan) {
    askAhead(plan);
    var problems = new ArrayList<Problem>();
    var bad = new HashSet<EnvironmentSpec>();
    var byStep = new IdentityHashMap<Step, Digest>();
    for (var step : plan.steps()) {
      if (bad.contains(step.environment())) {
        continue;
      }
      try {
        byStep.put(step, ask(step.environment()).join());
      } catch (CompletionException e) {
        bad.add(step.environment());
        if (!(e.getCause() instanceof ProblemException told)) {
          throw e;
        }
        told.problems().forEach(p -> problems.add(p.where().isPresent() ? p : p.at(step.where())));
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    return byStep;
  }
}
