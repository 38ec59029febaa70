package io.headrace.cli;

import io.headrace.engine.RunListener;
import io.headrace.name.StepId;
import io.headrace.run.RunEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows a run while it goes on: a line for each thing that is over, and on a terminal, below them,
 * the steps that are running now with their times.
 */
final class Progress implements RunListener, AutoCloseable {
  private static final int TAIL_LINES = 20;
  private static final int MOST_LIVE_LINES = 12;
  private static final long REDRAW_MS = 200;

  private final PrintWriter out;
  private final boolean terminal;
  private final InstantSource clock;
  private final int total;
  private final String row;
  private final Instant began;
  private final Map<StepId, Running> running = new LinkedHashMap<>();
  private int done;
  private int reused;
  private int failed;
  private int live;
  private Optional<Thread> redraw = Optional.empty();

  private record Running(Instant since, Path log, String because) {}

  /**
   * @param steps those that the plan names; groups add theirs
   * @param terminal whether to draw the running steps
   */
  Progress(PrintWriter out, boolean terminal, InstantSource clock, List<StepId> steps) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
    this.total = steps.size();
    this.row = "%8s  %-" + Columns.steps(steps) + "s %s%s%n";
    this.began = clock.instant();
    if (terminal) {
      var thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::redrawNowAndThen);
      redraw = Optional.of(thread);
      thread.start();
    }
  }

  int reused() {
    return reused;
  }

  int ran() {
    return done - reused;
  }

  Duration elapsed() {
    return Duration.between(began, clock.instant());
  }

  @Override
  public synchronized void running(StepId step, Path log, String because, boolean adopted) {
    running.put(step, new Running(clock.instant(), log, because));
    if (adopted) {
      line(step, "was still running: taken over", "");
    } else if (!terminal) {
      line(step, "running", because);
    }
    draw();
  }

  @Override
  public synchronized void event(RunEvent event) {
    switch (event) {
      case RunEvent.Created _, RunEvent.Ended _, RunEvent.StepStarted _ -> {}
      case RunEvent.GroupOpened it -> line(it.step(), "begun", "");
      case RunEvent.GroupClosed it -> line(it.step(), Told.word(it.state()), it.message());
      case RunEvent.StepReused it -> {
        done++;
        reused++;
        line(it.step(), "reused", "");
      }
      case RunEvent.StepSucceeded it -> {
        done++;
        running.remove(it.step());
        line(it.step(), "done", "in " + Times.brief(Duration.between(it.started(), it.at())));
      }
      case RunEvent.StepFailed it -> {
        failed++;
        var was = Optional.ofNullable(running.remove(it.step()));
        line(it.step(), "FAILED", it.message());
        was.ifPresent(r -> tail(r.log()));
      }
      case RunEvent.StepCanceled it -> {
        running.remove(it.step());
        line(it.step(), "cancelled", "");
      }
      case RunEvent.StepSkipped it -> line(it.step(), "skipped", Told.why(it));
    }
    draw();
  }

  @Override
  public synchronized void notice(String text) {
    erase();
    out.println("  " + text);
    draw();
  }

  private void line(StepId step, String what, String detail) {
    erase();
    out.printf(
        row,
        Times.brief(elapsed()),
        step,
        what,
        detail.isEmpty() ? "" : (what.equals("done") ? " " : ": ") + detail);
  }

  private void tail(Path log) {
    try {
      var lines = LogTail.last(log, TAIL_LINES);
      if (lines.isEmpty()) {
        out.println("          (it wrote nothing)");
      }
      lines.forEach(text -> out.println("          | " + text));
      out.println("          all of it: " + log);
    } catch (IOException e) {
      out.println("          its log cannot be read: " + e.getMessage());
    }
  }

  private void redrawNowAndThen() {
    while (true) {
      try {
        Thread.sleep(REDRAW_MS);
      } catch (InterruptedException e) {
        return;
      }
      synchronized (this) {
        if (!running.isEmpty()) {
          erase();
          draw();
        }
      }
    }
  }

  /** Takes the live lines off the screen. */
  private void erase() {
    if (live > 0) {
      out.print("\u001b[" + live + "A\u001b[J");
      live = 0;
    }
  }

  private void draw() {
    if (!terminal) {
      out.flush(); // whoever reads a pipe or a log file wants to see it now, too
      return;
    }
    erase();
    int shown = 0;
    for (var entry : running.entrySet()) {
      if (shown == MOST_LIVE_LINES) {
        out.println("          ... and " + (running.size() - shown) + " more running");
        live++;
        break;
      }
      var time = Times.brief(Duration.between(entry.getValue().since(), clock.instant()));
      out.printf("        > %-28s running %s%n", cut(entry.getKey().value()), time);
      live++;
      shown++;
    }
    out.printf(
        "          %d of %d done%s%s%n",
        done,
        Math.max(total, done + running.size()),
        reused > 0 ? ", " + reused + " of them reused" : "",
        failed > 0 ? ", " + failed + " failed" : "");
    live++;
    out.flush();
  }

  private static String cut(String name) {
    return name.length() <= 50 ? name : name.substring(0, 47) + "...";
  }

  @Override
  public void close() {
    redraw.ifPresent(Thread::interrupt);
    synchronized (this) {
      erase();
      out.flush();
    }
  }
}
