package io.headrace.problem;

/**
 * The kinds of problem, each with a number that is never given to another kind, so that a search
 * for it finds the right page, and with the blame that decides the exit code.
 */
public enum ErrorCode {
  // 1000: what the user wrote
  YAML_SYNTAX(1001, Blame.REQUEST),
  YAML_LIMIT(1002, Blame.REQUEST),
  DUPLICATE_KEY(1003, Blame.REQUEST),
  UNKNOWN_FIELD(1004, Blame.REQUEST),
  MISSING_FIELD(1005, Blame.REQUEST),
  WRONG_TYPE(1006, Blame.REQUEST),
  WRONG_VALUE(1007, Blame.REQUEST),
  BAD_NAME(1008, Blame.REQUEST),
  BAD_EXPRESSION(1009, Blame.REQUEST),
  UNDECLARED(1010, Blame.REQUEST),
  CYCLE(1011, Blame.REQUEST),
  MISSING_PATH(1012, Blame.REQUEST),
  UNRESOLVED(1013, Blame.REQUEST),
  NOT_SUPPORTED(1014, Blame.REQUEST),
  UNSAFE_VALUE(1015, Blame.REQUEST),
  BAD_ARGUMENT(1016, Blame.REQUEST),
  NOT_FOUND(1017, Blame.REQUEST),
  CONFLICT(1018, Blame.REQUEST),

  // 2000: bytes
  UNSAFE_PATH(2001, Blame.REQUEST),
  EMPTY_SNAPSHOT(2002, Blame.REQUEST),
  LARGE_SNAPSHOT(2003, Blame.REQUEST),
  OBJECT_DAMAGED(2004, Blame.PLATFORM),
  OBJECT_MISSING(2005, Blame.PLATFORM),
  DISK(2006, Blame.PLATFORM),
  INPUT_CHANGED(2007, Blame.WORK),

  // 3000: environments
  ENVIRONMENT_UNKNOWN(3001, Blame.REQUEST),
  ENVIRONMENT_BUILD(3002, Blame.PLATFORM),
  PYTHON_SUBSTITUTED(3003, Blame.REQUEST),
  ENVIRONMENT_WRONG(3004, Blame.REQUEST),
  IMAGE_NOT_USED(3005, Blame.REQUEST),
  PACKAGE_LEFT_OUT(3006, Blame.REQUEST),
  ENVIRONMENT_CHANGED(3007, Blame.REQUEST),

  // 4000: running
  STEP_FAILED(4001, Blame.WORK),
  STEP_TIMED_OUT(4002, Blame.WORK),
  STEP_KILLED(4003, Blame.WORK),
  STEP_LOST(4004, Blame.PLATFORM),
  STEP_NOT_STARTED(4005, Blame.PLATFORM),
  RUN_BUSY(4006, Blame.REQUEST),
  OUTPUT_MISSING(4007, Blame.WORK),

  // 5000: records
  RECORDS(5001, Blame.PLATFORM),
  WORKSPACE(5002, Blame.PLATFORM),

  INTERNAL(9001, Blame.PLATFORM);

  /** Who can mend it. */
  public enum Blame {
    /** A step's own command failed. */
    WORK(1),
    /** What was asked for is wrong: the YAML, the arguments, a name. */
    REQUEST(2),
    /** Headrace or the machine. */
    PLATFORM(3);

    private final int exitCode;

    Blame(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The exit code of a command that ends for this reason. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final int number;
  private final Blame blame;

  ErrorCode(int number, Blame blame) {
    this.number = number;
    this.blame = blame;
  }

  /** As printed: {@code HR-1004}. */
  public String id() {
    return "HR-" + number;
  }

  public Blame blame() {
    return blame;
  }
}
