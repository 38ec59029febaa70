package io.headrace.run;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened in a run. Written before it is acted on; never edited. A run's state is
 * the fold of its events in order.
 */
public sealed interface RunEvent {
  RunId run();

  /** When it was written, by the clock of the machine that wrote it. */
  Instant at();

  /**
   * The first event.
   *
   * @param plan digest of the captured plan's text in the object store
   * @param seed given to every step as HEADRACE_SEED
   * @param noReuse names of the steps that may not be given an earlier result; {@code *} for all
   */
  record Created(
      RunId run,
      Instant at,
      Digest plan,
      String displayName,
      String experiment,
      String description,
      String source,
      String user,
      long seed,
      List<String> noReuse,
      Map<String, String> tags,
      Map<String, String> parameters)
      implements RunEvent {}

  /** Something that concerns one step. */
  sealed interface StepEvent extends RunEvent {
    StepId step();
  }

  /**
   * A step is about to be given to its compute.
   *
   * @param child the step's own run id
   * @param parent the run that it is shown under: the whole run, or its group's own
   * @param attempt counted from 1
   * @param key of all that the step can see
   * @param services where what runs beside it will be reached, by name
   */
  record StepStarted(
      RunId run,
      Instant at,
      StepId step,
      RunId child,
      RunId parent,
      int attempt,
      Digest key,
      String displayName,
      Map<String, String> parameters,
      Map<String, String> services)
      implements StepEvent {}

  /** An earlier result was given instead of running. */
  record StepReused(
      RunId run,
      Instant at,
      StepId step,
      RunId child,
      RunId parent,
      Digest key,
      RunId from,
      String displayName,
      Map<String, String> parameters,
      Map<String, OutputData> outputs)
      implements StepEvent {}

  /**
   * A step's command ended well, and its outputs are in the store.
   *
   * @param started when its process began
   * @param artifacts manifest of {@code ./outputs}, {@code ./logs} and the log, when there are any
   */
  record StepSucceeded(
      RunId run,
      Instant at,
      StepId step,
      RunId child,
      Digest key,
      Instant started,
      Map<String, OutputData> outputs,
      Optional<Digest> artifacts)
      implements StepEvent {}

  /**
   * A step ended otherwise; what it had written is not handed on.
   *
   * @param exitCode of the command when it had one
   * @param message one line for people
   */
  record StepFailed(
      RunId run,
      Instant at,
      StepId step,
      RunId child,
      Optional<Integer> exitCode,
      JobStatus.Cause cause,
      String message,
      Optional<Digest> artifacts)
      implements StepEvent {}

  record StepCanceled(RunId run, Instant at, StepId step, RunId child) implements StepEvent {}

  /**
   * A group of steps has begun; its members' events follow.
   *
   * @param child the group's own run id
   * @param parent as in {@link StepStarted}
   */
  record GroupOpened(
      RunId run, Instant at, StepId step, RunId child, RunId parent, String displayName)
      implements StepEvent {}

  /**
   * A group of steps has ended.
   *
   * @param state SUCCEEDED, FAILED or CANCELED
   * @param message what came of it, in a line for people; why, when it did not succeed
   */
  record GroupClosed(
      RunId run,
      Instant at,
      StepId step,
      RunId child,
      StepState state,
      Map<String, OutputData> outputs,
      String message)
      implements StepEvent {}

  /** Will not run, since {@code because} did not succeed, or chose otherwise. */
  record StepSkipped(RunId run, Instant at, StepId step, StepId because) implements StepEvent {}

  /** The last event. */
  record Ended(RunId run, Instant at, RunStatus status, String message) implements RunEvent {}
}
