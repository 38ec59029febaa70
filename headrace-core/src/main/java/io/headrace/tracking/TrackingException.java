package io.headrace.tracking;

/**
 * Says that a request to the records of runs or models cannot be granted, in words that the asker
 * can act on.
 */
public final class TrackingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of refusal; a server maps each to its protocol's code. */
  public enum Reason {
    /** What was asked is wrong in itself, or not allowed in the present state. */
    INVALID,
    /** What it speaks of is not here. */
    NOT_FOUND,
    /** The name is taken. */
    ALREADY_EXISTS
  }

  private final Reason reason;

  private TrackingException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public static TrackingException invalid(String message) {
    return new TrackingException(Reason.INVALID, message);
  }

  public static TrackingException notFound(String message) {
    return new TrackingException(Reason.NOT_FOUND, message);
  }

  public static TrackingException alreadyExists(String message) {
    return new TrackingException(Reason.ALREADY_EXISTS, message);
  }

  public Reason reason() {
    return reason;
  }
}
