package io.headrace.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One way of picking values. */
sealed interface Proposals permits RandomDraws, SobolDraws, Grid, TreeParzen {
  /** The values of the trial after these; empty when there are no more. */
  Optional<Map<String, String>> next(List<Trial> history);
}
