package io.headrace.e2e;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must become true. */
final class Await {
  private static final long LOOK_AGAIN_MS = 10;

  private Await() {}

  /** Fails with {@code what} when it does not become true in {@link Headrace#LIMIT}. */
  static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  static void until(Supplier<String> what, BooleanSupplier condition) {
    long end = System.nanoTime() + Headrace.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen: " + what.get());
      }
      pause(Duration.ofMillis(LOOK_AGAIN_MS));
    }
  }

  /** For where the moment itself is the test: a kill at a random time. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
