package io.headrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Every so many seconds of real time, whatever clocks do. */
record Intervals(Instant start, Duration length) implements Times {
  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(at(whole(after) + 1));
  }

  @Override
  public Optional<Instant> latest(Instant upTo) {
    return Optional.of(at(whole(upTo)));
  }

  private long whole(Instant moment) {
    var since = Duration.between(start, moment);
    // Rounded down below the start too, where a part of a second counts as begun.
    return Math.floorDiv(since.toSeconds(), length.toSeconds());
  }

  private Instant at(long number) {
    return start.plusSeconds(Math.multiplyExact(number, length.toSeconds()));
  }
}
