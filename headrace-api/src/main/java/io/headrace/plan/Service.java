package io.headrace.plan;

import java.util.Locale;
import java.util.Optional;

/**
 * Something that can be reached on this machine's loopback while a step runs.
 *
 * @param port the one that is wanted; a free one otherwise
 * @param logFolder what TensorBoard shows, from the working folder
 */
public record Service(Kind kind, Optional<Integer> port, String logFolder) {
  /** What it is, and who starts it. */
  public enum Kind {
    /** The command itself listens on the port. */
    CUSTOM,
    TENSOR_BOARD,
    JUPYTER_LAB;

    /** As written in YAML. */
    public String yaml() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
