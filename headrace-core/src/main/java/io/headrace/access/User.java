package io.headrace.access;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody who may come in.
 *
 * @param name in lower case
 * @param hasPassword whether there is one besides tokens
 */
public record User(
    String name, String displayName, boolean hasPassword, Instant created, List<Grant> grants) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@+-]{0,127}");

  public User {
    grants = List.copyOf(grants);
  }

  /**
   * A token of a user's, without the token.
   *
   * @param number by which it is revoked
   * @param label what its owner calls it
   * @param expires empty for never
   */
  public record Token(long number, String label, Instant created, Optional<Instant> expires) {}

  /** The name as it is kept. */
  static String name(String given) {
    String name = given.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw Problem.of(ErrorCode.BAD_NAME, "a user cannot be called '" + Audit.oneLine(given) + "'")
          .fix("take letters, digits and . _ @ + -, at most 128, a letter or digit first")
          .asException();
    }
    return name;
  }
}
