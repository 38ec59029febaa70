package io.headrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where the program begins. */
public final class Main {
  private Main() {}

  /**
   * Runs one command and exits with its code: 0 done, 1 the work failed, 2 the request was wrong, 3
   * we failed.
   */
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code =
        new CommandLineProgram(
                new Surroundings(
                    out,
                    err,
                    System.getenv(),
                    Path.of("").toAbsolutePath(),
                    Boolean.getBoolean("headrace.tty")))
            .execute(args);
    out.flush();
    err.flush();
    if (code != 0) {
      System.exit(code);
    }
    // Ends now: nothing that is still cleaning up needs to be waited for.
    Runtime.getRuntime().halt(endQuietly());
  }

  private static int endQuietly() {
    System.out.flush();
    System.err.flush();
    return 0;
  }

  /**
   * What surrounds a command.
   *
   * @param variables the process's environment
   * @param here the working folder, absolute
   * @param terminal whether {@code out} is a terminal
   */
  record Surroundings(
      PrintWriter out,
      PrintWriter err,
      Map<String, String> variables,
      Path here,
      boolean terminal) {
    /** The same with one variable set, or cleared by an empty text. */
    Surroundings with(String variable, String value) {
      var changed = new HashMap<>(variables);
      changed.put(variable, value);
      return new Surroundings(out, err, changed, here, terminal);
    }
  }
}
