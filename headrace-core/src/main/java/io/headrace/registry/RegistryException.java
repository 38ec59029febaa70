package io.headrace.registry;

/**
 * Says that a request to the registry cannot be granted, in the words that MLflow's clients know.
 */
public final class RegistryException extends RuntimeException {
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

  private RegistryException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  static RegistryException invalid(String message) {
    return new RegistryException(Reason.INVALID, message);
  }

  static RegistryException notFound(String message) {
    return new RegistryException(Reason.NOT_FOUND, message);
  }

  static RegistryException alreadyExists(String message) {
    return new RegistryException(Reason.ALREADY_EXISTS, message);
  }

  public Reason reason() {
    return reason;
  }
}
