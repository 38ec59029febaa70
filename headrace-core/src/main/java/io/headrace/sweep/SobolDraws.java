package io.headrace.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * Sobol's sequence with the direction numbers of Joe and Kuo, "Constructing Sobol sequences with
 * better two-dimensional projections" (2008), from its first point on. A digital shift, drawn from
 * the seed, makes another sequence of each seed and keeps how evenly each fills the space. Not
 * thread-safe.
 */
final class SobolDraws implements Proposals {
  /** For which the library has direction numbers. */
  static final int MOST_DIMENSIONS = 1000;

  /** Of which the seed's stream draws the shift: no trial has this number. */
  private static final long SHIFT = -1;

  private static final int BITS = 52;

  private final Space space;
  private final Draws shift;
  private final SobolSequenceGenerator sequence;

  SobolDraws(Space space, long seed) {
    this.space = space;
    this.shift = new Draws(seed, SHIFT);
    this.sequence = new SobolSequenceGenerator(space.dimensions());
  }

  @Override
  public Optional<Map<String, String>> next(List<Trial> history) {
    double[] point = sequence.skipTo(history.size());
    return Optional.of(
        space.values(dimension -> shifted(point[dimension.index()], dimension.index())));
  }

  private double shifted(double coordinate, int dimension) {
    long bits = (long) (coordinate * (1L << BITS)) << (Long.SIZE - BITS);
    return Draws.unit(bits ^ shift.bitsAt(dimension));
  }
}
