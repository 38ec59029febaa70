package io.headrace.sweep;

/** A continuous distribution. */
sealed interface Law {
  /** The value below which a draw falls with this probability, above 0 and below 1. */
  double quantile(double probability);

  /** The probability that a draw falls below this value. */
  double cumulative(double value);

  /** Each value from {@code min} to {@code max} as likely. */
  record Uniform(double min, double max) implements Law {
    @Override
    public double quantile(double probability) {
      // Not min + p * (max - min), which overflows where the two are far apart.
      return Math.clamp(min * (1 - probability) + max * probability, min, max);
    }

    @Override
    public double cumulative(double value) {
      if (min == max) {
        return 0.5;
      }
      return Math.clamp((value / 2 - min / 2) / (max / 2 - min / 2), 0, 1);
    }
  }

  /** The normal distribution. */
  record Normal(double mu, double sigma) implements Law {
    @Override
    public double quantile(double probability) {
      return mu + sigma * Gaussian.quantile(probability);
    }

    @Override
    public double cumulative(double value) {
      return Gaussian.cumulative((value - mu) / sigma);
    }
  }

  /** {@code exp} of the exponent's draws. */
  record Exponential(Law exponent) implements Law {
    @Override
    public double quantile(double probability) {
      return StrictMath.exp(exponent.quantile(probability));
    }

    @Override
    public double cumulative(double value) {
      return value <= 0 ? 0 : exponent.cumulative(StrictMath.log(value));
    }
  }

  /** Another base, above 1, raised by the exponent's draws. */
  record Power(double base, Law exponent) implements Law {
    @Override
    public double quantile(double probability) {
      return StrictMath.pow(base, exponent.quantile(probability));
    }

    @Override
    public double cumulative(double value) {
      return value <= 0 ? 0 : exponent.cumulative(StrictMath.log(value) / StrictMath.log(base));
    }
  }
}
