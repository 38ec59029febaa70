package io.headrace.http;

import io.headrace.access.Asker;
import java.util.Optional;

/** Told of every call when its answer is known. Called on any thread; may not wait. */
@FunctionalInterface
public interface Visits {
  void saw(Visit visit);

  /** For who does not want to know. */
  static Visits none() {
    return _ -> {};
  }

  /**
   * A call that was answered.
   *
   * @param route empty for what is no call
   * @param object what it was about; empty when that was not looked at
   * @param from the address of the other end
   * @param nanos until the answer was known; sending a file takes longer
   */
  record Visit(
      Optional<Route> route,
      String method,
      Asker asker,
      String object,
      String from,
      int status,
      long nanos) {}
}
