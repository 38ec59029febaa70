package io.headrace.problem;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Carries problems up to whoever reports them. Never holds an empty list. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ProblemException(Problem problem) {
    this(List.of(problem), null);
  }

  public ProblemException(List<Problem> problems) {
    this(problems, null);
  }

  public ProblemException(List<Problem> problems, @Nullable Throwable cause) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), cause);
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }

  /** Of all errors: the request's fault outranks the work's, and ours outranks both. */
  public ErrorCode.Blame blame() {
    return problems.stream()
        .filter(Problem::isError)
        .map(problem -> problem.code().blame())
        .max(java.util.Comparator.comparingInt(ErrorCode.Blame::exitCode))
        .orElse(ErrorCode.Blame.PLATFORM);
  }
}
