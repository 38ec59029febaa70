package io.headrace.sweep;

import io.headrace.plan.Objective;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Picks each next trial's values.
 *
 * <p>The same arguments give the same values in any process and on any machine: an engine that was
 * killed asks again and gets the same trials. Random, Sobol's and grid sampling look at nothing but
 * how many trials there are; Bayesian sampling looks at those that have ended, and of those that
 * run only at their values. Not thread-safe.
 */
public final class Sampler {
  private final Proposals proposals;

  /**
   * A sampler of a space.
   *
   * @param seed for when the sampling names none
   * @throws ProblemException with all that {@link SweepCheck} finds
   */
  public Sampler(SearchSpace space, Sampling sampling, Objective objective, long seed) {
    var found = SweepCheck.of(space, sampling);
    List<Problem> problems = found.stream().map(SweepCheck.Finding::problem).toList();
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    this.proposals =
        switch (sampling) {
          case Sampling.Random it -> random(space, it, seed);
          case Sampling.Grid _ -> new Grid(new Space(space, OptionalDouble.empty()));
          case Sampling.Bayesian _ ->
              new TreeParzen(new Space(space, OptionalDouble.empty()), objective, seed);
        };
  }

  private static Proposals random(SearchSpace space, Sampling.Random sampling, long seed) {
    var compiled = new Space(space, sampling.logBase());
    long chosen = sampling.seed().orElse(seed);
    return sampling.sobol() ? new SobolDraws(compiled, chosen) : new RandomDraws(compiled, chosen);
  }

  /**
   * The values of trial number {@code history.size()}, as a command will see them, in the order
   * written; empty when each combination was given. Whole numbers have no decimal point, others
   * stand as Python writes them. A nested parameter is named by its path, such as {@code
   * model.depth}; {@code model} itself holds the chosen branch as JSON.
   *
   * @param history all trials so far, by number
   */
  public Optional<Map<String, String>> next(List<Trial> history) {
    return proposals.next(history);
  }
}
