package io.headrace.cli;

import io.headrace.engine.Outcome;
import io.headrace.engine.RunListener;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.RunEvent;
import java.io.IOException;

/** Follows a run that the workspace's server works on, as if it were worked on here. */
final class Follower {
  private static final long LOOK_AGAIN_MS = 30;
  private static final int QUIET_LOOKS = 50;

  private final Wiring wiring;
  private final RunId run;

  Follower(Wiring wiring, RunId run) {
    this.wiring = wiring;
    this.run = run;
  }

  /** Asks for the run's end. */
  void cancel() {
    try {
      var _ = wiring.engine().cancel(run, RunListener.none());
    } catch (IOException e) {
      throw Problem.of(ErrorCode.DISK, "run " + run + " cannot be cancelled: " + e.getMessage())
          .asException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns when the run has ended.
   *
   * @throws io.headrace.problem.ProblemException when nobody works on it any more
   */
  Outcome follow(RunListener listener) throws IOException, InterruptedException {
    long next = 0;
    int quiet = 0;
    while (true) {
      boolean live = quiet < QUIET_LOOKS || wiring.engine().isLive(run);
      var events = wiring.ledger().events(run, next);
      for (var event : events) {
        tell(event, listener);
        if (event instanceof RunEvent.Ended it) {
          return new Outcome(run, it.status(), it.message());
        }
      }
      next += events.size();
      if (!live && events.isEmpty()) {
        throw Problem.of(ErrorCode.WORKSPACE, "the server stopped before run " + run + " ended")
            .fix(
                "start it again and it goes on with the run, or take it up here: `headrace resume "
                    + run
                    + "`")
            .asException();
      }
      quiet = events.isEmpty() ? quiet + 1 : 0;
      Thread.sleep(LOOK_AGAIN_MS);
    }
  }

  private void tell(RunEvent event, RunListener listener) {
    listener.event(event);
    if (event instanceof RunEvent.StepStarted it) {
      var engine = wiring.engine();
      listener.running(
          it.step(),
          engine.log(run, it.step(), it.attempt()),
          engine.because(run, it.step()),
          false);
    }
  }
}
