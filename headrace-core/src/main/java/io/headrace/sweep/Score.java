package io.headrace.sweep;

import io.headrace.plan.Objective;

/** Metrics turned so that more is better, and that what is not a number is worse than all. */
final class Score {
  static final double WORST = Double.NEGATIVE_INFINITY;

  private Score() {}

  static double of(Objective objective, double metric) {
    if (Double.isNaN(metric)) {
      return WORST;
    }
    return switch (objective.goal()) {
      case MAXIMIZE -> metric;
      case MINIMIZE -> -metric;
    };
  }
}
