package io.headrace.schedule;

import java.time.Instant;
import java.util.Optional;

/** Moments without beginning or end. */
sealed interface Times permits Intervals, Days {
  /** The first that is after this one. */
  Optional<Instant> next(Instant after);

  /** The last that is not after this one. */
  Optional<Instant> latest(Instant upTo);
}
