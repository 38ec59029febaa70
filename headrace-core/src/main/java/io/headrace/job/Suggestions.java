package io.headrace.job;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks for what was probably meant, but only so often: a file with thousands of faults is to be
 * told of them in a moment. Not thread-safe.
 */
public final class Suggestions {
  private static final int MOST = 100;

  private int made;

  /** As {@link Names#advice}; without a near name once enough have been looked for. */
  public String advice(String mistaken, Collection<String> known, String listed) {
    return once(() -> Optional.of(Names.advice(mistaken, known, listed)))
        .orElse("correct the name");
  }

  /** Runs a search for a near name, unless enough have been run. */
  Optional<String> once(Supplier<Optional<String>> search) {
    return made++ < MOST ? search.get() : Optional.empty();
  }
}
