package io.headrace.service;

import io.headrace.engine.Engine;
import io.headrace.engine.Ledger;
import io.headrace.engine.RunListener;
import io.headrace.engine.RunOptions;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.Plan;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.spi.MetadataStore;
import io.headrace.sql.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Works on many runs at once, each in a thread of its own. Which ones it was given is in the
 * records, so that after the end of the process the next one goes on with them. Thread-safe.
 */
public final class RunService {
  private final MetadataStore records;
  private final Ledger ledger;
  private final Supplier<Engine> engines;
  private final Function<RunId, RunListener> listeners;
  private final ServiceLog log;

  /**
   * Makes a service; {@link #recover} takes up what was left.
   *
   * @param engines gives a new engine for each run
   * @param listeners hears what happens to a run
   */
  public RunService(
      MetadataStore records,
      Ledger ledger,
      Supplier<Engine> engines,
      Function<RunId, RunListener> listeners,
      ServiceLog log) {
    Tables.migrate(records);
    this.records = records;
    this.ledger = ledger;
    this.engines = engines;
    this.listeners = listeners;
    this.log = log;
  }

  @FunctionalInterface
  private interface Work {
    void run(Engine engine, RunListener listener) throws IOException, InterruptedException;
  }

  /** Takes up the runs that a process before this one was given and did not end. */
  public void recover() {
    var open = ledger.open();
    served()
        .forEach((run, parallel) -> {
          if (open.stream().anyMatch(row -> row.id().equals(run))) {
            log.note("going on with run " + run);
            var _ = begin(run, (engine, listener) -> engine.resume(run, parallel, listener));
          } else {
            forget(run);
          }
        });
  }

  /**
   * Begins a run and returns when it is in the records.
   *
   * @param plan captured
   * @throws ProblemException when it cannot begin, as {@link Engine#run} says
   */
  public void submit(RunId run, Plan plan, RunOptions options) throws InterruptedException {
    if (ledger.run(run).isPresent()) {
      throw Problem.of(ErrorCode.CONFLICT, "there is a run called " + run + " already")
          .fix("give another name")
          .asException();
    }
    remember(run, options.parallel());
    var named = plan.named(Optional.of(run.value()));
    await(begin(run, (engine, listener) -> engine.run(named, options, listener)));
  }

  private static void await(CompletableFuture<Void> begun) throws InterruptedException {
    try {
      begun.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ProblemException problem
          ? problem
          : Problem.of(ErrorCode.INTERNAL, "the run did not begin: " + e.getCause()).asException(e);
    }
  }

  /** Completes when the run is under way. */
  private CompletableFuture<Void> begin(RunId run, Work work) {
    var begun = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name("run-" + run)
        .start(() -> {
          try {
            work.run(engines.get(), new Begun(listeners.apply(run), begun));
            forget(run);
          } catch (IOException | RuntimeException | InterruptedException e) {
            if (!begun.completeExceptionally(e)) {
              log.failed("working on run " + run, e);
            }
          } finally {
            begun.complete(null);
          }
        });
    return begun;
  }

  /** Tells when a run has begun, and hands all on. */
  private record Begun(RunListener inner, CompletableFuture<Void> begun) implements RunListener {
    @Override
    public void event(RunEvent event) {
      inner.event(event);
      begun.complete(null);
    }

    @Override
    public void running(StepId step, Path stepLog, String because, boolean adopted) {
      inner.running(step, stepLog, because, adopted);
    }

    @Override
    public void notice(String line) {
      inner.notice(line);
    }
  }

  private Map<RunId, Integer> served() {
    return records.read(connection -> {
      var found = new LinkedHashMap<RunId, Integer>();
      Sql.each(
          connection,
          "select run_id, parallel from served_run",
          row -> found.put(new RunId(row.getString(1)), row.getInt(2)));
      return found;
    });
  }

  private void remember(RunId run, int parallel) {
    records.writeNow(connection ->
        Sql.update(
            connection,
            "insert into served_run (run_id, parallel) values (?, ?)"
                + " on conflict (run_id) do update set parallel = excluded.parallel",
            run.value(),
            parallel));
  }

  /** A run that has ended needs no keeping in mind; one that only stopped stays. */
  private void forget(RunId run) {
    if (ledger.run(run).filter(it -> it.status() == RunStatus.RUNNING).isPresent()) {
      return;
    }
    records.writeNow(connection ->
        Sql.update(connection, "delete from served_run where run_id = ?", run.value()));
  }
}
