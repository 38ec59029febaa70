package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Plan;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.spi.EnvironmentProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What software each step gets, by identity. To find that out may start a Python or two, so it is
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
    for (var step : plan.allSteps()) {
      var _ = ask(step.environment());
    }
  }

  private CompletableFuture<Digest> ask(EnvironmentSpec spec) {
    return asked.computeIfAbsent(
        spec, it -> CompletableFuture.supplyAsync(() -> environments.identity(it)));
  }

  /**
   * Of each environment that a step of the plan asks for.
   *
   * @throws ProblemException with all problems at once
   */
  Map<EnvironmentSpec, Digest> of(Plan plan) {
    askAhead(plan);
    var problems = new ArrayList<Problem>();
    var bad = new HashSet<EnvironmentSpec>();
    var bySpec = new HashMap<EnvironmentSpec, Digest>();
    for (var step : plan.allSteps()) {
      if (bad.contains(step.environment()) || bySpec.containsKey(step.environment())) {
        continue;
      }
      try {
        bySpec.put(step.environment(), ask(step.environment()).join());
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
    return bySpec;
  }
}
