package io.headrace.sweep;

/**
 * Uniform draws that are the same on every machine and Java: SplitMix64, by Steele, Lea and Flood,
 * "Fast Splittable Pseudorandom Number Generators" (2014). Not thread-safe.
 */
final class Draws {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final long MANTISSA_BITS = 52;

  private long state;

  /** A stream of its own for each {@code number} under a seed. */
  Draws(long seed, long number) {
    this.state = mixed(mixed(seed) + mixed(number * GAMMA + 1));
  }

  /** The next, above 0 and below 1. */
  double next() {
    state += GAMMA;
    return unit(mixed(state));
  }

  /** The {@code index}th of the stream, whatever was drawn before. */
  long bitsAt(long index) {
    return mixed(state + (index + 1) * GAMMA);
  }

  /** The upper bits as the middle of one of 2^52 equal parts of the unit: never 0, never 1. */
  static double unit(long bits) {
    return ((bits >>> (Long.SIZE - MANTISSA_BITS)) + 0.5) * 0x1p-52;
  }

  private static long mixed(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
