package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.problem.ErrorCode.Blame;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fold of a run's events: where it stands. Immutable.
 *
 * @param skipped for each skipped step, the step or group that it was skipped for
 * @param blame who is to blame for its failed steps, the platform before the work; empty while none
 *     has failed
 */
public record RunState(
    Optional<RunEvent.Created> created,
    Map<StepId, StepRecord> steps,
    Map<StepId, StepId> skipped,
    RunStatus status,
    String message,
    Optional<Instant> ended,
    Optional<Blame> blame,
    long events) {

  /**
   * Where one step stands.
   *
   * @param attempt the last one's number; 0 when it was never started
   * @param parameters its literal inputs
   * @param group whether it is a group of steps rather than a step
   * @param from the step's run whose result was given, when reused
   * @param message why it failed, or which step it waited for in vain
   */
  public record StepRecord(
      StepId id,
      StepState state,
      String displayName,
      Optional<RunId> child,
      int attempt,
      Map<String, String> parameters,
      boolean group,
      Optional<Digest> key,
      Optional<Instant> started,
      Optional<Instant> ended,
      Map<String, OutputData> outputs,
      Optional<RunId> from,
      Optional<Digest> artifacts,
      String message) {}

  static RunState fold(List<RunEvent> events) {
    Optional<RunEvent.Created> created = Optional.empty();
    var steps = new LinkedHashMap<StepId, StepRecord>();
    var skipped = new LinkedHashMap<StepId, StepId>();
    var status = RunStatus.RUNNING;
    var message = "";
    Optional<Instant> ended = Optional.empty();
    Optional<Blame> blame = Optional.empty();
    for (var event : events) {
      switch (event) {
        case RunEvent.Created it -> created = Optional.of(it);
        case RunEvent.Ended it -> {
          status = it.status();
          message = it.message();
          ended = Optional.of(it.at());
        }
        case RunEvent.StepEvent it -> {
          steps.compute(it.step(), (_, was) -> next(was, it));
          if (it instanceof RunEvent.StepSkipped skip) {
            skipped.put(skip.step(), skip.because());
          }
          if (it instanceof RunEvent.StepFailed failed
              && blame.filter(was -> was == Blame.PLATFORM).isEmpty()) {
            blame = Optional.of(failed.cause().blame());
          }
        }
      }
    }
    return new RunState(created, steps, skipped, status, message, ended, blame, events.size());
  }

  private static StepRecord next(
      @org.jspecify.annotations.Nullable StepRecord was, RunEvent.StepEvent event) {
    var started = was == null ? Optional.<Instant>empty() : was.started();
    var displayName = was == null ? event.step().value() : was.displayName();
    int attempt = was == null ? 0 : was.attempt();
    Optional<Digest> key = was == null ? Optional.empty() : was.key();
    Map<String, String> parameters = was == null ? Map.of() : was.parameters();
    boolean group = was != null && was.group();
    return switch (event) {
      case RunEvent.StepStarted it ->
          new StepRecord(
              it.step(),
              StepState.RUNNING,
              it.displayName(),
              Optional.of(it.child()),
              it.attempt(),
              it.parameters(),
              false,
              Optional.of(it.key()),
              Optional.of(it.at()),
              Optional.empty(),
              Map.of(),
              Optional.empty(),
              Optional.empty(),
              "");
      case RunEvent.StepReused it ->
          new StepRecord(
              it.step(),
              StepState.REUSED,
              it.displayName(),
              Optional.of(it.child()),
              attempt,
              it.parameters(),
              false,
              Optional.of(it.key()),
              Optional.of(it.at()),
              Optional.of(it.at()),
              it.outputs(),
              Optional.of(it.from()),
              Optional.empty(),
              "");
      case RunEvent.StepSucceeded it ->
          new StepRecord(
              it.step(),
              StepState.SUCCEEDED,
              displayName,
              Optional.of(it.child()),
              attempt,
              parameters,
              group,
              Optional.of(it.key()),
              Optional.of(it.started()),
              Optional.of(it.at()),
              it.outputs(),
              Optional.empty(),
              it.artifacts(),
              "");
      case RunEvent.StepFailed it ->
          new StepRecord(
              it.step(),
              StepState.FAILED,
              displayName,
              Optional.of(it.child()),
              attempt,
              parameters,
              group,
              key,
              started,
              Optional.of(it.at()),
              Map.of(),
              Optional.empty(),
              it.artifacts(),
              it.message());
      case RunEvent.StepCanceled it ->
          new StepRecord(
              it.step(),
              StepState.CANCELED,
              displayName,
              Optional.of(it.child()),
              attempt,
              parameters,
              group,
              key,
              started,
              Optional.of(it.at()),
              Map.of(),
              Optional.empty(),
              Optional.empty(),
              "cancelled");
      case RunEvent.StepSkipped it ->
          new StepRecord(
              it.step(),
              StepState.SKIPPED,
              displayName,
              Optional.empty(),
              attempt,
              parameters,
              group,
              key,
              Optional.empty(),
              Optional.of(it.at()),
              Map.of(),
              Optional.empty(),
              Optional.empty(),
              "not run, since " + it.because() + " did not succeed, or chose otherwise");
      case RunEvent.GroupOpened it ->
          new StepRecord(
              it.step(),
              StepState.RUNNING,
              it.displayName(),
              Optional.of(it.child()),
              0,
              Map.of(),
              true,
              Optional.empty(),
              Optional.of(it.at()),
              Optional.empty(),
              Map.of(),
              Optional.empty(),
              Optional.empty(),
              "");
      case RunEvent.GroupClosed it ->
          new StepRecord(
              it.step(),
              it.state(),
              displayName,
              Optional.of(it.child()),
              0,
              Map.of(),
              true,
              Optional.empty(),
              started,
              Optional.of(it.at()),
              it.outputs(),
              Optional.empty(),
              Optional.empty(),
              it.message());
    };
  }
}
