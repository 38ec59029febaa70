package io.headrace.backend.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Starts a program as the leader of a session of its own: with nothing to read, what it prints
 * appended to a file, no file of ours open, no signal blocked. Thread-safe.
 */
interface SessionStarter {
  /**
   * What to start.
   *
   * @param command the program's absolute path, then its arguments
   * @param environment all of its variables
   * @param folder where it starts
   * @param log gets both its outputs; made when it is not there
   */
  record Launch(List<String> command, Map<String, String> environment, Path folder, Path log) {}

  /**
   * A process of ours.
   *
   * @param exit its status once it has ended, 128 + N when signal N ended it
   */
  record Child(long pid, CompletableFuture<Integer> exit) {
    boolean isAlive() {
      return !exit.isDone();
    }
  }

  /** Starts it. Does not wait. */
  Child start(Launch launch) throws IOException;
}
