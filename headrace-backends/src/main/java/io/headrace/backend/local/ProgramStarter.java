package io.headrace.backend.local;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Through Java's own processes and a program that makes the session. Works wherever Java does; two
 * programs more than {@link SystemStarter} needs.
 */
final class ProgramStarter implements SessionStarter {
  @Override
  public Child start(Launch launch) throws IOException {
    var command = new ArrayList<>(Program.get());
    command.addAll(launch.command());
    var builder =
        new ProcessBuilder(command)
            .directory(launch.folder().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()))
            .redirectErrorStream(true);
    // Its map holds the bytes of variables that Java cannot decode: what is equal stays.
    builder.environment().keySet().retainAll(launch.environment().keySet());
    launch
        .environment()
        .forEach((name, value) -> {
          if (!value.equals(builder.environment().get(name))) {
            builder.environment().put(name, value);
          }
        });
    var process = builder.start();
    return new Child(process.pid(), process.onExit().thenApply(Process::exitValue));
  }

  /** What runs a command in a new session, found once. */
  private static final class Program {
    private static final Optional<List<String>> FOUND = find();

    static List<String> get() {
      return FOUND.orElseThrow(() ->
          Problem.of(
                  ErrorCode.STEP_NOT_STARTED,
                  "no way to start a session: none of setsid, perl and python3 is there")
              .fix("install util-linux (setsid) or perl")
              .asException());
    }

    /** macOS has no setsid program, but perl. */
    private static Optional<List<String>> find() {
      var path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/bin:/bin";
      return Wrapper.onPath("setsid", path)
          .map(setsid -> List.of(setsid.toString()))
          .or(() ->
              Wrapper.onPath("perl", path)
                  .map(perl ->
                      List.of(
                          perl.toString(),
                          "-e",
                          "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 125",
                          "--")))
          .or(() ->
              Wrapper.onPath("python3", path)
                  .map(python ->
                      List.of(
                          python.toString(),
                          "-c",
                          "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])")));
    }
  }
}
