package io.headrace.registry;

import io.headrace.problem.ProblemException;
import io.headrace.registry.WebhookSender.Message;
import io.headrace.registry.WebhookSender.Outcome;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Sends what is in the outbox, in the background: at least once, in the order written as far as the
 * receivers keep up. What a receiver does not take is tried again three times; what is not sent
 * when the process ends is sent by the next one.
 */
final class Deliveries implements AutoCloseable {
  private static final int ROUND = 10;
  private static final int MOST_TRIES = 4;
  private static final long LEASE_MS = 120_000;
  private static final long FIRST_PAUSE_MS = 1_000;
  private static final long LAST_WORDS_MS = 5_000;

  private final MetadataStore store;
  private final InstantSource clock;
  private final WebhookSender sender;
  private final SecretSeal seal;
  private final Consumer<String> log;
  private Optional<Thread> thread = Optional.empty();
  private boolean woken;
  private boolean closed;

  Deliveries(
      MetadataStore store,
      InstantSource clock,
      WebhookSender sender,
      SecretSeal seal,
      Consumer<String> log) {
    this.store = store;
    this.clock = clock;
    this.sender = sender;
    this.seal = seal;
    this.log = log;
  }

  /** Says that there may be something to send. */
  synchronized void wake() {
    if (closed) {
      return;
    }
    woken = true;
    notifyAll();
    if (thread.isEmpty()) {
      thread = Optional.of(Thread.ofVirtual().name("webhooks").start(this::run));
    }
  }

  private void run() {
    try {
      do {
        round();
      } while (waited());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ProblemException e) {
      log.accept("webhooks are not sent: " + e.getMessage());
      ended();
    }
  }

  private synchronized void ended() {
    thread = Optional.empty();
    notifyAll();
  }

  /** Waits for the next message; false when there is none, and this thread ends. */
  private synchronized boolean waited() throws InterruptedException {
    while (!woken && !closed) {
      Optional<Long> due = nextDue();
      if (due.isEmpty()) {
        break;
      }
      long pause = due.get() - clock.millis();
      if (pause <= 0) {
        return true;
      }
      wait(pause);
    }
    if (closed || !woken) {
      ended();
      return false;
    }
    woken = false;
    return true;
  }

  private Optional<Long> nextDue() {
    return store.read(connection ->
        Sql.first(
            connection,
            "select due from registry_deliveries order by due limit 1",
            row -> row.getLong(1)));
  }

  /** A message that is to be sent now. */
  private record Due(long number, long due, int tries, String name, Message message) {}

  private void round() throws InterruptedException {
    List<Due> due = due();
    while (!due.isEmpty()) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Due it : due) {
          var _ = threads.submit(() -> deliver(it));
        }
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      due = due();
    }
  }

  private List<Due> due() {
    return store.read(connection ->
        Sql.list(
            connection,
            "select d.number, d.due, d.tries, w.name, w.url, w.secret, d.delivery_id, d.body"
                + " from registry_deliveries d join registry_webhooks w on w.number = d.webhook"
                + " where d.due <= ? order by d.number limit "
                + ROUND,
            row ->
                new Due(
                    row.getLong(1),
                    row.getLong(2),
                    (int) row.getLong(3),
                    row.getString(4),
                    new Message(
                        row.getString(5), row.getString(6), row.getString(7), row.getString(8))),
            clock.millis()));
  }

  private void deliver(Due it) {
    try {
      if (claimed(it)) {
        settle(it, sent(it.message));
      }
    } catch (ProblemException e) {
      log.accept("webhook '" + it.name + "': " + e.getMessage());
    }
  }

  private Outcome sent(Message kept) {
    String secret;
    try {
      secret = seal.open(kept.secret());
    } catch (ProblemException e) {
      return new Outcome.Unreached(e.problems().getFirst().message());
    }
    return sender.send(new Message(kept.url(), secret, kept.id(), kept.body()));
  }

  /** Another process may be faster: whoever moves the time on sends the message. */
  private boolean claimed(Due it) {
    return store.writeNow(connection ->
        Sql.update(
            connection,
            "update registry_deliveries set due = ?, tries = tries + 1"
                + " where number = ? and due = ?",
            clock.millis() + LEASE_MS,
            it.number,
            it.due))
        > 0;
  }

  private void settle(Due it, Outcome outcome) {
    Optional<String> again =
        switch (outcome) {
          case Outcome.Answered(int status, String _) ->
              mayPass(status) ? Optional.of("status " + status) : Optional.empty();
          case Outcome.Unreached(String why) -> Optional.of(why);
          case Outcome.Forbidden(String why) -> {
            log.accept("webhook '" + it.name + "': " + why);
            yield Optional.empty();
          }
        };
    if (again.isEmpty()) {
      drop(it);
    } else if (it.tries + 1 >= MOST_TRIES) {
      log.accept("webhook '%s' was not reached: %s".formatted(it.name, again.get()));
      drop(it);
    } else {
      long pause =
          (FIRST_PAUSE_MS << it.tries) + ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MS);
      store.writeNow(connection ->
          Sql.update(
              connection,
              "update registry_deliveries set due = ? where number = ?",
              clock.millis() + pause,
              it.number));
    }
  }

  private static boolean mayPass(int status) {
    return switch (status) {
      case 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  private void drop(Due it) {
    store.writeNow(connection ->
        Sql.update(connection, "delete from registry_deliveries where number = ?", it.number));
  }

  /** Lets what is under way end; what is left stays in the records. */
  @Override
  public void close() {
    Optional<Thread> last;
    synchronized (this) {
      closed = true;
      notifyAll();
      last = thread;
    }
    try {
      if (last.isPresent() && !last.get().join(java.time.Duration.ofMillis(LAST_WORDS_MS))) {
        last.get().interrupt();
        last.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
