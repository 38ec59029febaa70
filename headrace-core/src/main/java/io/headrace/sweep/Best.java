package io.headrace.sweep;

import io.headrace.plan.Objective;
import io.headrace.sweep.Trial.State;
import java.util.List;
import java.util.Optional;

/** Finds the trial whose outputs are the sweep's. */
public final class Best {
  private Best() {}

  /**
   * The trial whose last metric is the best, among those that finished; where none of these has a
   * metric, among those that were ended early (Azure counts them too, but their outputs may be
   * unfinished). A metric that is not a number never wins; of equals, the earlier does.
   */
  public static Optional<Trial> of(Objective objective, List<Trial> trials) {
    return among(State.FINISHED, objective, trials)
        .or(() -> among(State.TERMINATED, objective, trials));
  }

  private static Optional<Trial> among(State state, Objective objective, List<Trial> trials) {
    Optional<Trial> best = Optional.empty();
    double bestScore = Score.WORST;
    for (var trial : trials) {
      if (trial.state() != state
          || trial.metrics().isEmpty()
          || trial.metrics().getLast().isNaN()) {
        continue;
      }
      double score = Score.of(objective, trial.metrics().getLast());
      if (best.isEmpty()
          || score > bestScore
          || earlierEqual(score, bestScore, trial, best.get())) {
        best = Optional.of(trial);
        bestScore = score;
      }
    }
    return best;
  }

  private static boolean earlierEqual(double score, double bestScore, Trial trial, Trial best) {
    return score == bestScore && trial.number() < best.number();
  }
}
