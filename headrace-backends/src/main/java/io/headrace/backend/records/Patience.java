package io.headrace.backend.records;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a writer goes on trying to get back a connection that it had. The time counts from the
 * loss, so that while a database stays away only the first to ask wait for it. For one thread.
 */
final class Patience {
  static final Duration LIMIT = Duration.ofSeconds(10);

  private static final long FIRST_PAUSE = Duration.ofMillis(20).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

  private boolean had;
  private long lostAt;
  private long pause;

  /** There was a connection: its loss is worth waiting for. */
  void had() {
    had = true;
  }

  /** All is well again. */
  void restored() {
    pause = 0;
  }

  /**
   * Waits a little, ever longer, before another try.
   *
   * @return false when there is to be none: nothing was there before, or it is gone for too long
   */
  boolean again() {
    if (!had) {
      return false;
    }
    if (pause == 0) {
      lostAt = System.nanoTime();
      pause = FIRST_PAUSE;
      return true; // at once: what was idle may have been cut off long ago
    }
    if (System.nanoTime() - lostAt > LIMIT.toNanos()) {
      return false;
    }
    long until = System.nanoTime() + pause;
    while (System.nanoTime() - until < 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    return true;
  }
}
