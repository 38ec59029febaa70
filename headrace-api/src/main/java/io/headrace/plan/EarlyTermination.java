package io.headrace.plan;

/**
 * When a sweep ends trials that do badly. One interval is one logging of the primary metric.
 *
 * <p>See Azure's guide to hyperparameter tuning, "Early termination policy".
 */
public sealed interface EarlyTermination {
  /** A trial is looked at each time it has logged the metric this many times more; from 1. */
  int evaluationInterval();

  /** How many intervals pass before a trial is looked at for the first time; from 0. */
  int delayEvaluation();

  /**
   * Ends a trial whose best metric is worse than the best of all by more than the slack: a ratio
   * ({@code slackFactor}) or an amount. Exactly one of the two is above 0, or both are 0.
   */
  record Bandit(int evaluationInterval, int delayEvaluation, double slackFactor, double slackAmount)
      implements EarlyTermination {}

  /** Ends a trial whose best metric is worse than the median of the running averages of all. */
  record MedianStopping(int evaluationInterval, int delayEvaluation) implements EarlyTermination {}

  /**
   * Ends, at each interval, the worst of the trials.
   *
   * @param percentage how many, of 100; from 1 to 99
   * @param excludeFinished whether trials that have ended are left out of the comparison
   */
  record Truncation(
      int evaluationInterval, int delayEvaluation, int percentage, boolean excludeFinished)
      implements EarlyTermination {}
}
