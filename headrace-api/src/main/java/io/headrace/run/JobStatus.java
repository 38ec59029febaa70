package io.headrace.run;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ErrorCode.Blame;
import java.time.Instant;

/** How a job given to a compute ended. */
public sealed interface JobStatus {
  /** Its command ended with exit status 0. */
  record Succeeded(Instant started, Instant ended) implements JobStatus {}

  /** It ended otherwise, and we know how. */
  record Failed(int exitCode, Cause cause, String message, Instant ended) implements JobStatus {}

  /** Its process is gone and left no exit status. */
  record Lost(String detail, Instant noticed) implements JobStatus {}

  /** What ended it, and who is to blame: that alone decides a failed run's exit code. */
  enum Cause {
    /** The command said so itself. */
    USER_COMMAND(Blame.WORK),
    /** It ran longer than its limit. */
    TIME_LIMIT(Blame.WORK),
    /** A signal that was not ours ended it. */
    KILLED(Blame.WORK),
    /** It was cancelled. */
    CANCELED(Blame.WORK),
    /** It asks for what cannot be given. */
    REFUSED(Blame.WORK),
    /** The machine could not begin it. */
    NOT_STARTED(Blame.PLATFORM),
    /** The disk was full or broken when it ran, or when its files were laid out or taken in. */
    DISK(Blame.PLATFORM),
    /** Its outputs are not what it had declared. */
    OUTPUTS(Blame.WORK),
    /** It changed what it was only given to read. */
    INPUT_CHANGED(Blame.WORK),
    /** Its environment cannot be made as it is defined. */
    ENVIRONMENT(Blame.WORK),
    /** The machine could not make its environment: no network, no compiler. */
    ENVIRONMENT_BUILD(Blame.PLATFORM),
    /** It vanished without an exit status. */
    LOST(Blame.PLATFORM);

    private final Blame blame;

    Cause(Blame blame) {
      this.blame = blame;
    }

    /**
     * {@code PLATFORM} when the step might have done well on a sound machine, else {@code WORK}.
     */
    public Blame blame() {
      return blame;
    }

    /** The cause of a step's failure that is told by a problem. */
    public static Cause of(ErrorCode code) {
      return switch (code) {
        case DISK -> DISK;
        case ENVIRONMENT_BUILD -> ENVIRONMENT_BUILD;
        case ENVIRONMENT_UNKNOWN,
            ENVIRONMENT_WRONG,
            PYTHON_SUBSTITUTED,
            IMAGE_NOT_USED,
            PACKAGE_LEFT_OUT ->
            ENVIRONMENT;
        case OUTPUT_MISSING, UNSAFE_PATH -> OUTPUTS;
        case INPUT_CHANGED -> INPUT_CHANGED;
        default -> code.blame() == Blame.PLATFORM ? NOT_STARTED : REFUSED;
      };
    }
  }
}
