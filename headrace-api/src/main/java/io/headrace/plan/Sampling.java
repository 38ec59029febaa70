package io.headrace.plan;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How a sweep picks the next trials' values. */
public sealed interface Sampling {
  /**
   * Independent draws.
   *
   * @param seed for the same draws each time; without one, the run's seed is taken
   * @param sobol whether the draws follow Sobol's sequence, which fills the space evenly
   * @param logBase by which the {@code log} kinds raise what was drawn; {@code e} when absent
   */
  record Random(OptionalLong seed, boolean sobol, OptionalDouble logBase) implements Sampling {}

  /** Each combination once, the last parameter changing fastest; choices only. */
  record Grid() implements Sampling {}

  /** Each trial where, by those before it, the best is to be expected. */
  record Bayesian() implements Sampling {}
}
