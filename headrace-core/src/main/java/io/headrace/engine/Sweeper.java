package io.headrace.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Clears away what finished attempts had worked in, on a thread of its own: removing waits for the
 * disk's journal, and nothing should wait for that.
 *
 * <p>Small folders stay until the run ends. While they are removed, ext4 passes over each freed
 * inode again and again as it looks for one for a new file (it keeps them from reuse for a minute):
 * that cost a run of a thousand small steps a third of its time. What is large goes at once.
 *
 * <p>Thread-safe. Closing it waits until all is cleared.
 */
final class Sweeper implements AutoCloseable {
  /** More bytes or files than this are not left lying. */
  private static final long MOST_BYTES = 256L << 20;

  private static final int MOST_FILES = 100_000;

  private final Consumer<String> notice;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  // Of the sweeping thread alone.
  private final ArrayDeque<Attempt> waiting = new ArrayDeque<>();
  private long bytes;
  private long files;

  /**
   * A sweeper with nothing to do.
   *
   * @param notice told what cannot be removed
   */
  Sweeper(Consumer<String> notice) {
    this.notice = notice;
  }

  /** Nobody needs that attempt's working folder and inputs any more. */
  void add(Attempt attempt) {
    thread.execute(() -> {
      waiting.add(attempt);
      measure(attempt.folder().work());
      if (bytes > MOST_BYTES || files > MOST_FILES) {
        clearAll();
      }
    });
  }

  private void measure(Path folder) {
    try {
      var size = Trees.size(folder);
      bytes += size.bytes();
      files += size.files();
    } catch (IOException e) {
      bytes = Long.MAX_VALUE; // clearing it tells what is wrong
    }
  }

  private void clearAll() {
    waiting.parallelStream().forEach(this::clear);
    waiting.clear();
    bytes = 0;
    files = 0;
  }

  private void clear(Attempt attempt) {
    try {
      attempt.clear();
    } catch (IOException e) {
      notice.accept(
          "what a step had worked in could not be removed from "
              + attempt.folder().root()
              + ": "
              + e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.execute(this::clearAll);
    thread.close();
  }
}
