package io.headrace.problem;

import java.util.Optional;

/**
 * One thing that is wrong (or odd, when a warning), in words for the person who can mend it.
 *
 * @param message what is wrong, one sentence, no full stop
 * @param where the place in the user's file, when there is one
 * @param fix what to do about it, when we know
 */
public record Problem(
    ErrorCode code,
    Severity severity,
    String message,
    Optional<Where> where,
    Optional<String> fix) {

  /** Whether it stops the command. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** An error without a place or a fix yet. */
  public static Problem of(ErrorCode code, String message) {
    return new Problem(code, Severity.ERROR, message, Optional.empty(), Optional.empty());
  }

  /** The same, at a place. */
  public Problem at(Where place) {
    return new Problem(code, severity, message, Optional.of(place), fix);
  }

  /** The same, with advice. */
  public Problem fix(String advice) {
    return new Problem(code, severity, message, where, Optional.of(advice));
  }

  /** The same, as a warning. */
  public Problem warning() {
    return new Problem(code, Severity.WARNING, message, where, fix);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** To be thrown by code that cannot go on. */
  public ProblemException asException() {
    return new ProblemException(this);
  }

  /** As {@link #asException()}, keeping what caused it for the log. */
  public ProblemException asException(Throwable cause) {
    return new ProblemException(java.util.List.of(this), cause);
  }

  /** As the command line shows it, over one to three lines. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(severity == Severity.ERROR ? "error" : "warning");
    text.append('[').append(code.id()).append("]: ").append(message);
    where.ifPresent(place -> text.append("\n  at:  ").append(place));
    fix.ifPresent(advice -> text.append("\n  fix: ").append(advice.replace("\n", "\n       ")));
    return text.toString();
  }
}
