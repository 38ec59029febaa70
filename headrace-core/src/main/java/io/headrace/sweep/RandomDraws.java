package io.headrace.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Independent draws. Each dimension of each trial has its own place in the stream, so that a branch
 * that is not chosen shifts nothing.
 */
record RandomDraws(Space space, long seed) implements Proposals {
  @Override
  public Optional<Map<String, String>> next(List<Trial> history) {
    var draws = new Draws(seed, history.size());
    return Optional.of(space.values(dimension -> Draws.unit(draws.bitsAt(dimension.index()))));
  }
}
