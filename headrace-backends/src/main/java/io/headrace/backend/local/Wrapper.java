package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shell process between us and a job's command. It runs in its own session, claims the attempt,
 * runs the command, notes its exit status and kills what the command left behind.
 */
final class Wrapper {
  /** The wrapper's name in the process list; the attempt's folder follows it. */
  static final String NAME = "headrace-step";

  /**
   * For any POSIX shell. Arguments: the attempt's folder, then the command's own. It says {@code
   * true} and not {@code :}, which by POSIX would end the shell when its file cannot be made.
   *
   * <p>The notes are made by built-in commands alone; each process more would cost a millisecond.
   * What SIGTERM asks to end is given its time by whoever sent it; the trap keeps the wrapper there
   * to note the status. The folder is synced only when the engine is gone: while it lives, it
   * records the end itself.
   */
  private static final String SCRIPT =
      """
      f=$1; shift
      { set -C; true >"$f/started"; } 2>/dev/null || exit 125
      echo $$ >>"$f/started" || exit 126
      trap t=1 TERM INT HUP
      "$@"
      s=$?
      true >"$f/exit.$s"
      kill -0 $PPID 2>/dev/null || sync "$f"
      [ "$t" ] || kill -9 -$$
      """;

  /** The exit status of a wrapper that did not get the attempt. */
  static final int NOT_MINE = 125;

  private Wrapper() {}

  /** What starts a wrapper; whether it may run the command shows in the attempt's notes. */
  static SessionStarter.Launch launch(JobRequest request) throws IOException {
    var environment = new HashMap<>(System.getenv());
    JobEnvironment.fill(environment, request);
    var command =
        new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, NAME, request.folder().toString()));
    switch (request.software().how()) {
      case How.Host _ -> command.addAll(List.of(bash(environment), "-c", request.command()));
      case How.Container container -> command.addAll(ContainerCommand.of(container, request));
    }
    return new SessionStarter.Launch(command, environment, request.workingFolder(), request.log());
  }

  private static String bash(Map<String, String> environment) {
    return onPath("bash", environment.getOrDefault("PATH", ""))
        .or(() -> onPath("bash", "/bin:/usr/bin:/usr/local/bin"))
        .orElseThrow(() ->
            Problem.of(ErrorCode.STEP_NOT_STARTED, "bash is not on this machine")
                .fix("install bash; steps' commands are run by it, as in Azure ML")
                .asException())
        .toString();
  }

  static Optional<Path> onPath(String program, String path) {
    for (var folder : path.split(File.pathSeparator, -1)) {
      if (folder.startsWith("/")) {
        var candidate = Path.of(folder, program);
        if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }
}
