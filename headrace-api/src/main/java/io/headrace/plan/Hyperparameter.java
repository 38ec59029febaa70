package io.headrace.plan;

import java.util.List;

/**
 * From which values a sweep draws one hyperparameter, as Azure ML names and means them: the {@code
 * log} kinds give {@code exp} of what is drawn, so that their bounds are logarithms; the {@code q}
 * kinds round to the nearest multiple of {@code q}.
 */
public sealed interface Hyperparameter {
  /** One of several, each as likely. */
  record Choice(List<Option> options) implements Hyperparameter {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /** What a choice may be. */
  sealed interface Option {
    /** A value, as the command will see it. */
    record Single(String value) implements Option {}

    /** Values that are drawn only when this is chosen. */
    record Nested(SearchSpace space) implements Option {}
  }

  /** A whole number from 0 to {@code upper - 1}. */
  record RandInt(long upper) implements Hyperparameter {}

  /** {@code uniform} and {@code loguniform}. */
  record Uniform(double min, double max, boolean log) implements Hyperparameter {}

  /** {@code quniform} and {@code qloguniform}. */
  record QUniform(double min, double max, double q, boolean log) implements Hyperparameter {}

  /** {@code normal} and {@code lognormal}. */
  record Normal(double mu, double sigma, boolean log) implements Hyperparameter {}

  /** {@code qnormal} and {@code qlognormal}. */
  record QNormal(double mu, double sigma, double q, boolean log) implements Hyperparameter {}
}
