package io.headrace.cli;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Made once, when first asked for. Thread-safe. */
final class Lazy<T> {
  private final Supplier<T> maker;
  private Optional<T> made = Optional.empty();

  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  synchronized T get() {
    if (made.isEmpty()) {
      made = Optional.of(maker.get());
    }
    return made.get();
  }

  synchronized void ifMade(Consumer<T> action) {
    made.ifPresent(action);
  }
}
