package io.headrace.schedule;

import java.time.Instant;
import java.util.Optional;

/**
 * What came due while nobody looked. However much it is, one run makes up for it: the latest's.
 *
 * @param latest the one to run now; empty when none was missed
 * @param count how many there were; {@link #MOST} stands for that many or more
 */
public record Missed(Optional<Instant> latest, int count) {
  /** As far as is counted. */
  public static final int MOST = 1000;
}
