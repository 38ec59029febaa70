package io.headrace.planner;

import java.nio.file.Path;
import java.util.Optional;

/** Where a connection leads. Holds no secret, so that a plan may hold it. */
public sealed interface Connection {
  /** A folder of this machine. */
  record Folder(Path path) implements Connection {}

  /**
   * A database.
   *
   * @param target {@code sqlite:/PATH} or {@code postgresql://HOST:PORT/NAME}
   * @param password where it is: {@code env:VARIABLE}, {@code file:/PATH}, or {@code secrets:/PATH}
   *     of a file that this workspace keeps
   */
  record Database(String target, Optional<String> username, Optional<String> password)
      implements Connection {}
}
