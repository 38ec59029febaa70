package io.headrace.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failures by a key, and says when there were too many of late. Thread-safe; forgets the
 * oldest when there are many keys.
 */
final class Attempts {
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_KEYS = 10_000;

  private record Count(long since, int failures) {}

  private final InstantSource clock;
  private final int most;
  private final Map<String, Count> counts = new LinkedHashMap<>();

  Attempts(InstantSource clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  synchronized boolean areTooMany(String key) {
    Count count = counts.get(key);
    return count != null && isRecent(count) && count.failures >= most;
  }

  private boolean isRecent(Count count) {
    return clock.millis() - count.since < WINDOW.toMillis();
  }

  synchronized void failed(String key) {
    Count count = counts.remove(key);
    counts.put(
        key,
        count != null && isRecent(count)
            ? new Count(count.since, count.failures + 1)
            : new Count(clock.millis(), 1));
    if (counts.size() > MOST_KEYS) {
      counts.remove(counts.keySet().iterator().next());
    }
  }
}
