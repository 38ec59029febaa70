package io.headrace.sweep;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Objective;
import io.headrace.sweep.Trial.State;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Says which running trials a sweep's early termination ends.
 *
 * <p>One logging of the primary metric is one interval. A trial is looked at at its latest interval
 * N that is a multiple of {@code evaluation_interval} and not below {@code delay_evaluation}, and
 * of every other trial only the first N loggings count, so that a young trial is never compared
 * with what an old one reached later. Trials that failed are compared with none. A value that is
 * not a number is worse than all numbers.
 *
 * <p>From Azure's "Hyperparameter tuning a model (v2)", section "Specify early termination policy",
 * and the documentation of {@code BanditPolicy}, {@code MedianStoppingPolicy} and {@code
 * TruncationSelectionPolicy} of its SDK, whose sentences stand at each method. Where these are
 * silent, docs/sweep.md says what is done.
 */
public final class Terminator {
  private final EarlyTermination policy;
  private final Objective objective;
  private final List<Trial> compared;

  private Terminator(EarlyTermination policy, Objective objective, List<Trial> trials) {
    this.policy = policy;
    this.objective = objective;
    this.compared = trials.stream().filter(trial -> trial.state() != State.FAILED).toList();
  }

  /** The numbers of the running trials to end now, in the order of {@code trials}. */
  public static Set<Integer> toEnd(
      EarlyTermination policy, Objective objective, List<Trial> trials) {
    var terminator = new Terminator(policy, objective, trials);
    var ended = new LinkedHashSet<Integer>();
    for (var trial : trials) {
      if (trial.state() == State.RUNNING && terminator.ends(trial)) {
        ended.add(trial.number());
      }
    }
    return ended;
  }

  private boolean ends(Trial trial) {
    int interval = latestInterval(trial);
    if (interval == 0) {
      return false;
    }
    return switch (policy) {
      case EarlyTermination.Bandit bandit -> isOutOfSlack(bandit, trial, interval);
      case EarlyTermination.MedianStopping _ -> isBelowMedian(trial, interval);
      case EarlyTermination.Truncation truncation -> isTruncated(truncation, trial, interval);
    };
  }

  /** "The policy applies on every multiple of evaluation_interval" not below delay_evaluation. */
  private int latestInterval(Trial trial) {
    int each = Math.max(1, policy.evaluationInterval());
    int latest = trial.metrics().size() / each * each;
    return latest < policy.delayEvaluation() ? 0 : latest;
  }

  /**
   * "Assume that the best performing job at interval 10 reported a primary metric of 0.8 with a
   * goal to maximize … slack_factor of 0.2, any training jobs whose best metric at interval 10 is
   * less than 0.66 (0.8/(1+slack_factor)) will be terminated." And of slack_amount 0.2: "any run
   * with an AUC less than 0.6 (0.8 - 0.2)".
   */
  private boolean isOutOfSlack(EarlyTermination.Bandit bandit, Trial trial, int interval) {
    double best = Score.WORST;
    for (var other : compared) {
      best = Math.max(best, bestUpTo(other, interval));
    }
    return bestUpTo(trial, interval) < slackened(bandit, best);
  }

  /** The factor is a ratio away from the best, on whichever side of zero "worse" lies. */
  private static double slackened(EarlyTermination.Bandit bandit, double best) {
    if (bandit.slackFactor() > 0) {
      double ratio = 1 + bandit.slackFactor();
      return best >= 0 ? best / ratio : best * ratio;
    }
    return best - bandit.slackAmount();
  }

  /**
   * "A run will be canceled at interval N if its best primary metric reported up to interval N is
   * worse than the median of the running averages for intervals 1:N across all runs."
   */
  private boolean isBelowMedian(Trial trial, int interval) {
    double[] averages =
        compared.stream()
            .filter(other -> other.metrics().size() >= interval)
            .mapToDouble(other -> averageUpTo(other, interval))
            .sorted()
            .toArray();
    return bestUpTo(trial, interval) < median(averages);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    if (sorted.length % 2 == 1 || sorted[middle - 1] == sorted[middle]) {
      return sorted[middle];
    }
    return sorted[middle - 1] / 2 + sorted[middle] / 2;
  }

  /**
   * "A job terminates at interval 5 if its performance at interval 5 is in the lowest 20% of
   * performance of all jobs at interval 5." Those that this ended at interval N still count there,
   * or each look would cut anew. Of equals, the later is the lower.
   */
  private boolean isTruncated(EarlyTermination.Truncation truncation, Trial trial, int interval) {
    var ranked =
        compared.stream()
            .filter(other -> other.metrics().size() >= interval)
            .filter(other -> !truncation.excludeFinished() || other.state() != State.FINISHED)
            .toList();
    int cut = (int) ((long) ranked.size() * truncation.percentage() / 100);
    double own = bestUpTo(trial, interval);
    long lower =
        ranked.stream().filter(other -> isLower(other, interval, trial.number(), own)).count();
    return lower < cut;
  }

  private boolean isLower(Trial other, int interval, int number, double own) {
    double theirs = bestUpTo(other, interval);
    return theirs < own || (theirs == own && other.number() > number);
  }

  private double bestUpTo(Trial trial, int interval) {
    return Arrays.stream(scores(trial, interval)).max().orElse(Score.WORST);
  }

  /** Of those loggings that are numbers. */
  private double averageUpTo(Trial trial, int interval) {
    double average =
        Arrays.stream(scores(trial, interval))
            .filter(score -> score != Score.WORST)
            .average()
            .orElse(Score.WORST);
    return Double.isNaN(average) ? Score.WORST : average;
  }

  private double[] scores(Trial trial, int interval) {
    return trial.metrics().stream()
        .limit(interval)
        .mapToDouble(metric -> Score.of(objective, metric))
        .toArray();
  }
}
