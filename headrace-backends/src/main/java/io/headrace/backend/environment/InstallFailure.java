package io.headrace.backend.environment;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Explains why an installer failed, in the words of who can mend it. */
final class InstallFailure {
  private static final int SHOWN_LINES = 12;
  private static final int LONGEST_SHOWN = 400;

  private static final List<String> NO_NETWORK =
      List.of(
          "temporary failure in name resolution",
          "name or service not known",
          "no such host",
          "nodename nor servname",
          "failed to establish a new connection",
          "newconnectionerror",
          "network is unreachable",
          "connection refused",
          "connecttimeout",
          "max retries exceeded",
          "dns error",
          "error sending request",
          "failed to fetch",
          "condahttperror",
          "no route to host",
          "connectionerror",
          "connection timed out",
          "readtimeout",
          "proxyerror",
          "sslerror");

  /** Said when the server was asked and has no such thing. */
  private static final List<String> NO_SUCH_THING =
      List.of(
          "no matching distribution",
          "no solution found",
          "resolutionimpossible",
          "resolvepackagenotfound",
          "packagesnotfounderror",
          "invalid requirement",
          "manifest unknown",
          "repository does not exist",
          "pull access denied");

  /** What an installer's output tells, and so whether the definition or the machine is to blame. */
  private enum Reason {
    DISK_FULL(ErrorCode.DISK),
    NOT_AMONG_WHEELS(ErrorCode.ENVIRONMENT_BUILD),
    NOT_REACHED(ErrorCode.ENVIRONMENT_BUILD),
    OTHER_PYTHON(ErrorCode.ENVIRONMENT_BUILD),
    NO_SUCH_THING(ErrorCode.ENVIRONMENT_WRONG),
    NOT_BUILT(ErrorCode.ENVIRONMENT_BUILD);

    private final ErrorCode code;

    Reason(ErrorCode code) {
      this.code = code;
    }
  }

  private InstallFailure() {}

  /**
   * The problem.
   *
   * @param wanted the lines that were to be installed
   * @param substituted the Python asked for, when another was taken
   */
  static ProblemException of(
      String label,
      String doing,
      Subprocess.Outcome outcome,
      Path log,
      List<String> wanted,
      Optional<String> substituted,
      Surroundings surroundings) {
    List<String> lines = outcome.lines();
    String all = outcome.text().toLowerCase(Locale.ROOT);
    StringBuilder message = new StringBuilder(label).append(": ").append(doing).append(" failed");
    message.append(" (exit code ").append(outcome.exitCode()).append("); its last lines:");
    for (String line : last(lines)) {
      message.append("\n    ").append(line);
    }
    message.append("\n  all of it: ").append(log);
    Reason reason = reason(all, substituted, surroundings);
    return Problem.of(reason.code, message.toString())
        .fix(advice(reason, wanted, substituted))
        .asException();
  }

  private static List<String> last(List<String> lines) {
    List<String> shown = new ArrayList<>();
    for (int at = lines.size() - 1; at >= 0 && shown.size() < SHOWN_LINES; at--) {
      String line = lines.get(at);
      if (!line.isBlank()) {
        shown.addFirst(
            line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + " …" : line);
      }
    }
    return shown;
  }

  private static Reason reason(
      String output, Optional<String> substituted, Surroundings surroundings) {
    if (output.contains("no space left on device")) {
      return Reason.DISK_FULL;
    }
    if (surroundings.get("PIP_NO_INDEX").filter(it -> !it.equals("0")).isPresent()) {
      return Reason.NOT_AMONG_WHEELS;
    }
    // Before the next: who reaches no server is told of no package either.
    if (NO_NETWORK.stream().anyMatch(output::contains)) {
      return Reason.NOT_REACHED;
    }
    if (substituted.isPresent()) {
      return Reason.OTHER_PYTHON;
    }
    return NO_SUCH_THING.stream().anyMatch(output::contains)
        ? Reason.NO_SUCH_THING
        : Reason.NOT_BUILT;
  }

  private static String advice(Reason reason, List<String> wanted, Optional<String> substituted) {
    String packages = String.join(", ", wanted.stream().map(Subprocess::masked).toList());
    return switch (reason) {
      case DISK_FULL -> "make room, then run again";
      case NOT_AMONG_WHEELS ->
          "PIP_NO_INDEX is set, so every package must lie in a folder of PIP_FIND_LINKS;"
              + " needed, with what they need themselves: "
              + packages;
      case NOT_REACHED ->
          "the packages' server was not reached; needed, with what they need themselves: "
              + packages
              + "\nconnect and run again, or lay the wheels in a folder and set PIP_NO_INDEX=1 and"
              + " PIP_FIND_LINKS=FOLDER";
      case OTHER_PYTHON ->
          "the definition was made for Python "
              + substituted.orElse("of another version")
              + ", which is not here; with another Python some versions may not exist: install that"
              + " Python, or loosen the pins";
      case NO_SUCH_THING ->
          "a package or version does not exist for this Python and machine: correct the pin";
      case NOT_BUILT ->
          "read the log; what a package needs to be built (a compiler, a system library) must be"
              + " installed by hand";
    };
  }
}
