package io.headrace.backend.local;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Java's way at first, which is ready at once; the system's own call for the many that follow,
 * prepared in the background, since that costs as much as some twenty starts.
 */
final class WarmingStarter implements SessionStarter {
  private static final int FEW = 4;

  private final SessionStarter plain = new ProgramStarter();
  private final AtomicInteger starts = new AtomicInteger();
  private volatile Optional<SessionStarter> fast = Optional.empty();

  @Override
  public Child start(Launch launch) throws IOException {
    if (starts.incrementAndGet() == FEW) {
      Thread.ofPlatform().daemon().name("headrace-starter").start(this::warm);
    }
    var best = fast.isPresent() && SystemStarter.canStart(launch) ? fast.get() : plain;
    return best.start(launch);
  }

  private void warm() {
    fast = SystemStarter.find().map(found -> found);
  }
}
