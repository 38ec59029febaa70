package io.headrace.sweep;

import io.headrace.plan.Objective;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bayesian sampling by a tree-structured Parzen estimator: of the trials that have ended, the best
 * few and the others each become a density; some values are drawn from the first, and those are
 * taken of which the first density is highest against the second, where the improvement to be
 * expected is largest.
 *
 * <p>Bergstra, Bardenet, Bengio, Kégl, "Algorithms for Hyper-Parameter Optimization" (2011), with
 * one density over all dimensions as in Falkner, Klein, Hutter, "BOHB" (2018); what each constant
 * does is in Watanabe, "Tree-Structured Parzen Estimator: Understanding Its Algorithm Components"
 * (2023). Trials that run count among the others (the "constant liar" of Ginsbourger, Le Riche,
 * Carraro, 2010), so that trials at the same time keep apart; so do those that failed.
 */
final class TreeParzen implements Proposals {
  /** So many must have ended with a metric before the densities are worth something. */
  private static final int FIRST_EVENLY = 10;

  private static final int CANDIDATES = 24;
  private static final double BEST_SHARE = 0.15;
  private static final int MOST_BEST = 25;

  private final Space space;
  private final Objective objective;
  private final long seed;
  private final Proposals evenly;

  TreeParzen(Space space, Objective objective, long seed) {
    this.space = space;
    this.objective = objective;
    this.seed = seed;
    this.evenly =
        space.dimensions() <= SobolDraws.MOST_DIMENSIONS
            ? new SobolDraws(space, seed)
            : new RandomDraws(space, seed);
  }

  @Override
  public Optional<Map<String, String>> next(List<Trial> history) {
    var measured = history.stream().filter(TreeParzen::isMeasured).sorted(bestFirst()).toList();
    if (measured.size() < FIRST_EVENLY) {
      return evenly.next(history);
    }
    int best = Math.min(MOST_BEST, (int) Math.ceil(BEST_SHARE * measured.size()));
    var others = new ArrayList<>(measured.subList(best, measured.size()));
    history.stream().filter(trial -> !isMeasured(trial)).forEach(others::add);
    return Optional.of(
        likeliest(
            new Draws(seed, history.size()),
            density(measured.subList(0, best)),
            density(others),
            tried(history)));
  }

  private static boolean isMeasured(Trial trial) {
    return switch (trial.state()) {
      case RUNNING, FAILED -> false;
      case FINISHED, TERMINATED -> !trial.metrics().isEmpty() && !trial.metrics().getLast().isNaN();
    };
  }

  private Comparator<Trial> bestFirst() {
    return Comparator.<Trial>comparingDouble(
            trial -> -Score.of(objective, trial.metrics().getLast()))
        .thenComparingInt(Trial::number);
  }

  private Density density(List<Trial> trials) {
    return new Density(
        trials.stream().map(trial -> space.cells(trial.values())).toList(), space.dimensions());
  }

  private static Set<Map<String, String>> tried(List<Trial> history) {
    var tried = new HashSet<Map<String, String>>();
    history.forEach(trial -> tried.add(trial.values()));
    return tried;
  }

  /** What was tried already is taken only when all that was drawn was. */
  private Map<String, String> likeliest(
      Draws draws, Density best, Density others, Set<Map<String, String>> tried) {
    Map<String, String> chosen = Map.of();
    double highest = Double.NEGATIVE_INFINITY;
    boolean isNew = false;
    for (int i = 0; i < CANDIDATES; i++) {
      var candidate = draw(draws, best);
      var cells = space.cells(candidate);
      double improvement = best.log(cells) - others.log(cells);
      boolean fresh = !tried.contains(candidate);
      if (chosen.isEmpty() || (fresh == isNew ? improvement > highest : fresh)) {
        chosen = candidate;
        highest = improvement;
        isNew = fresh;
      }
    }
    return chosen;
  }

  private Map<String, String> draw(Draws draws, Density from) {
    var kernel = from.kernel(draws.next());
    var drawn = new HashMap<Integer, Double>();
    return space.values(dimension ->
        drawn.computeIfAbsent(dimension.index(), _ -> kernel.draw(dimension, draws.next())));
  }
}
