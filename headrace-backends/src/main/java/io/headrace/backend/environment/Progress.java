package io.headrace.backend.environment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Turns what an installer prints into a line when something else begins, and now and then while it
 * goes on. Told from two threads.
 */
final class Progress {
  private static final Duration NEW_PHASE = Duration.ofSeconds(2);
  private static final Duration SAME_PHASE = Duration.ofSeconds(15);

  private final String label;
  private final Consumer<String> listener;
  private final InstantSource clock;
  private final Instant start;
  private Instant lastTold;
  private int collected;
  private String phase = "";
  private String detail = "";
  private String phaseTold = "";

  Progress(String label, Consumer<String> listener, InstantSource clock) {
    this.label = label;
    this.listener = listener;
    this.clock = clock;
    this.start = clock.instant();
    this.lastTold = start;
  }

  /** Told at once. */
  synchronized void say(String text) {
    lastTold = clock.instant();
    listener.accept(label + ": " + text);
  }

  /** Told when the last word is old enough. */
  synchronized void line(String line) {
    String text = line.strip();
    if (text.startsWith("Collecting ")) {
      collected++;
      phase = "finding packages";
      detail = ", " + collected + " so far";
    } else if (text.startsWith("Building wheel")) {
      phase = "building a package from its source";
      detail = "";
    } else if (text.startsWith("Installing collected packages:")) {
      phase = "installing " + text.split(",", -1).length + " packages";
      detail = "";
    } else if (text.startsWith("Resolved ") || text.startsWith("Prepared ")) {
      phase = Character.toLowerCase(text.charAt(0)) + text.substring(1);
      detail = "";
    } else if (phase.isEmpty() && !text.isEmpty()) {
      phase = "under way";
    }
    beat();
  }

  /** Called now and then when nothing is printed. */
  synchronized void beat() {
    Instant now = clock.instant();
    var pause = phase.equals(phaseTold) ? SAME_PHASE : NEW_PHASE;
    if (Duration.between(lastTold, now).compareTo(pause) >= 0) {
      lastTold = now;
      phaseTold = phase;
      listener.accept(
          label
              + ": "
              + (phase.isEmpty() ? "under way" : phase + detail)
              + ", "
              + seconds()
              + " s");
    }
  }

  long seconds() {
    return Duration.between(start, clock.instant()).toSeconds();
  }
}
