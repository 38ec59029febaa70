package io.headrace.sweep;

import io.headrace.plan.Hyperparameter;
import java.math.BigDecimal;
import java.util.OptionalDouble;

/** A hyperparameter that is a number: from a probability to the text that a command sees. */
sealed interface Distribution {
  String value(double probability);

  /** Which probabilities give this value. */
  Cell cell(double value);

  /** Any value. */
  record Smooth(Law law) implements Distribution {
    @Override
    public String value(double probability) {
      return NumberText.of(law.quantile(probability));
    }

    @Override
    public Cell cell(double value) {
      return Cell.at(law.cumulative(value));
    }
  }

  /**
   * {@code round(x / q) * q}: the multiple of {@code q} nearest to a draw, an even one when two are
   * as near, and not brought back between the bounds.
   */
  record Stepped(Law law, double q) implements Distribution {
    @Override
    public String value(double probability) {
      double drawn = law.quantile(probability);
      double steps = Math.rint(drawn / q);
      return NumberText.of(Double.isFinite(steps) ? multiple(steps) : drawn);
    }

    /** In decimals: three times 0.1 is 0.3 and not 0.30000000000000004. */
    private double multiple(double steps) {
      return new BigDecimal(steps).multiply(BigDecimal.valueOf(q)).doubleValue();
    }

    @Override
    public Cell cell(double value) {
      return new Cell(law.cumulative(value - q / 2), law.cumulative(value + q / 2), false);
    }
  }

  /** A whole number from 0 to {@code upper - 1}. */
  record Whole(long upper) implements Distribution {
    @Override
    public String value(double probability) {
      return Long.toString(Math.min(upper - 1, (long) (probability * upper)));
    }

    @Override
    public Cell cell(double value) {
      return new Cell(value / upper, (value + 1) / upper, false);
    }
  }

  /** Of every kind but a choice. */
  static Distribution of(Hyperparameter parameter, OptionalDouble base) {
    return switch (parameter) {
      case Hyperparameter.Choice _ -> throw new IllegalArgumentException("a choice is no number");
      case Hyperparameter.RandInt it -> new Whole(it.upper());
      case Hyperparameter.Uniform it ->
          new Smooth(raised(new Law.Uniform(it.min(), it.max()), it.log(), base));
      case Hyperparameter.QUniform it ->
          new Stepped(raised(new Law.Uniform(it.min(), it.max()), it.log(), base), it.q());
      case Hyperparameter.Normal it ->
          new Smooth(raised(new Law.Normal(it.mu(), it.sigma()), it.log(), base));
      case Hyperparameter.QNormal it ->
          new Stepped(raised(new Law.Normal(it.mu(), it.sigma()), it.log(), base), it.q());
    };
  }

  private static Law raised(Law law, boolean log, OptionalDouble base) {
    if (!log) {
      return law;
    }
    return base.isEmpty() ? new Law.Exponential(law) : new Law.Power(base.getAsDouble(), law);
  }
}
