package io.headrace.backend.local;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends what jobs leave behind in sessions of their own when their command ends: daemons. To look
 * for them costs some milliseconds, so it is done now and then, for all jobs that have ended
 * meanwhile.
 */
final class Stragglers {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Processes processes;
  private final Set<String> ended = new HashSet<>(); // guarded by this
  private boolean looking; // guarded by this

  Stragglers(Processes processes) {
    this.processes = processes;
  }

  synchronized void leftBy(String attempt) {
    if (!processes.areVisible()) {
      return;
    }
    ended.add(attempt);
    if (!looking) {
      looking = true;
      Thread.ofVirtual().name("stragglers").start(this::look);
    }
  }

  private void look() {
    try {
      do {
        Thread.sleep(PAUSE);
      } while (endAll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  /** Whether there may be more to do later. */
  private boolean endAll() {
    var attempts = take();
    endAll(attempts);
    synchronized (this) {
      looking = !ended.isEmpty();
      return looking;
    }
  }

  /** At once, those of all jobs that have ended. */
  void endNow() {
    endAll(take());
  }

  private void endAll(Set<String> attempts) {
    if (!attempts.isEmpty()) {
      processes.of(attempts).forEach(Processes::kill);
    }
  }

  private synchronized Set<String> take() {
    var all = Set.copyOf(ended);
    ended.clear();
    return all;
  }
}
