package io.headrace.store;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Does the same for many things, on a few threads that have ended when the call returns. */
final class Parallel {
  /** For work that computes: a thread a core. */
  static final int CORES = Runtime.getRuntime().availableProcessors();

  /** For work that waits for the disk, where syncs of several threads go to the disk together. */
  static final int WRITERS = Math.max(32, 2 * CORES);

  private Parallel() {}

  /** What is done for one thing. */
  @FunctionalInterface
  interface Action<T> {
    void on(T thing) throws IOException;
  }

  /** Does it for all; the first failure stops the rest and is thrown. */
  static <T> void each(List<T> things, int threads, Action<T> action) throws IOException {
    int workers = Math.min(threads, things.size());
    if (workers <= 1) {
      for (var thing : things) {
        action.on(thing);
      }
      return;
    }
    var next = new AtomicInteger();
    try (var pool = Executors.newFixedThreadPool(workers, Parallel::thread)) {
      var running = new java.util.ArrayList<Future<?>>(workers);
      for (int i = 0; i < workers; i++) {
        running.add(
            pool.submit(() -> {
              work(things, next, action);
              return null;
            }));
      }
      awaitAll(running);
    }
  }

  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "headrace-files");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> void work(List<T> things, AtomicInteger next, Action<T> action)
      throws IOException {
    boolean done = false;
    try {
      int i;
      while ((i = next.getAndIncrement()) < things.size()) {
        action.on(things.get(i));
      }
      done = true;
    } finally {
      if (!done) {
        next.set(things.size());
      }
    }
  }

  private static void awaitAll(List<Future<?>> running) throws IOException {
    for (var each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException io -> throw io;
          case RuntimeException runtime -> throw runtime;
          case Error error -> throw error;
          case null, default -> throw new IllegalStateException(e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("interrupted");
      }
    }
  }
}
