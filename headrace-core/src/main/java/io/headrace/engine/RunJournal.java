package io.headrace.engine;

import io.headrace.problem.Problem;
import io.headrace.run.RunEvent;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes and tells what happens in a run. An event is told once it is durable, in the order in
 * which they were written; what is told otherwise never comes between. Thread-safe.
 */
final class RunJournal {
  private final Ledger ledger;
  private final RunListener listener;
  private final Consumer<RunEvent> durable;
  private final Consumer<Throwable> broken;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private final Object writing = new Object();
  private final Object telling = new Object();
  private long next; // guarded by writing

  /**
   * @param next the number of the next event
   * @param durable hears of each event that is safe on disk; called by the writer's thread, which
   *     must not wait
   * @param broken hears of it when one could not be written; likewise
   */
  RunJournal(
      Ledger ledger,
      RunListener listener,
      long next,
      Consumer<RunEvent> durable,
      Consumer<Throwable> broken) {
    this.ledger = ledger;
    this.listener = listener;
    this.next = next;
    this.durable = durable;
    this.broken = broken;
  }

  /** Writes an event. */
  void record(RunEvent event, Optional<Ledger.StepNote> note) {
    var _ = append(event, note);
  }

  /** Writes an event; done once it is durable. */
  CompletableFuture<RunEvent> append(RunEvent event, Optional<Ledger.StepNote> note) {
    // Numbered and queued together: two threads must not change places between.
    synchronized (writing) {
      var number = next++;
      var written =
          note.map(it -> ledger.append(number, event, it))
              .orElseGet(() -> ledger.append(number, event));
      return written.whenComplete((_, failure) -> {
        if (failure == null) {
          durable.accept(event);
        } else {
          broken.accept(failure);
        }
      });
    }
  }

  /** Tells the listener something; one thing at a time. */
  void tell(Consumer<RunListener> what) {
    synchronized (telling) {
      what.accept(listener);
    }
  }

  void notice(String line) {
    tell(it -> it.notice(line));
  }

  /** Steps share environments; what is odd about one is said once, and recorded with each. */
  void warnOnce(Problem warning) {
    if (warned.add(warning.message())) {
      notice(warning.toString());
    }
  }
}
