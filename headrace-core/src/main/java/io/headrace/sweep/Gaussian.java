package io.headrace.sweep;

import org.apache.commons.math3.special.Erf;

/** The standard normal distribution. */
final class Gaussian {
  private static final double SQRT_2 = StrictMath.sqrt(2);
  private static final double SQRT_2_PI = StrictMath.sqrt(2 * StrictMath.PI);

  private Gaussian() {}

  static double density(double x) {
    return StrictMath.exp(-x * x / 2) / SQRT_2_PI;
  }

  static double cumulative(double x) {
    return Erf.erfc(-x / SQRT_2) / 2;
  }

  /**
   * Where the cumulative probability is {@code p}, which is above 0 and below 1. The library's
   * inverse loses digits where {@code 2p - 1} is near -1; a step of Newton's gives them back.
   */
  static double quantile(double p) {
    if (p > 0.5) {
      return -lowerQuantile(1 - p);
    }
    return lowerQuantile(p);
  }

  private static double lowerQuantile(double p) {
    double x = SQRT_2 * Erf.erfInv(2 * p - 1);
    for (int i = 0; i < 2; i++) {
      x -= (cumulative(x) - p) / density(x);
    }
    return x;
  }
}
