package io.headrace.run;

import java.time.Instant;

/** How a job given to a compute ended. */
public sealed interface JobStatus {
  /** Its command ended with exit status 0. */
  record Succeeded(Instant started, Instant ended) implements JobStatus {}

  /** It ended otherwise, and we know how. */
  record Failed(int exitCode, Cause cause, String message, Instant ended) implements JobStatus {}

  /** Its process is gone and left no exit status. */
  record Lost(String detail, Instant noticed) implements JobStatus {}

  /** What ended it. */
  enum Cause {
    /** The command said so itself. */
    USER_COMMAND,
    /** It ran longer than its limit. */
    TIME_LIMIT,
    /** A signal that was not ours ended it. */
    KILLED,
    /** It was cancelled. */
    CANCELED,
    /** It could not be begun. */
    NOT_STARTED,
    /** Its outputs could not be taken in. */
    OUTPUTS,
    /** It changed what it was only given to read. */
    INPUT_CHANGED,
    /** Its environment could not be made. */
    ENVIRONMENT,
    /** It vanished without an exit status. */
    LOST
  }
}
