package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Main.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A user in a folder: runs commands in this process, in a workspace of the folder's own. */
final class Shell {
  private final Path here;

  Shell(Path here) {
    this.here = here;
  }

  /** How a command ended, and what it said. */
  record Said(String command, int code, String out, String err) {
    Said exits(int expected) {
      assertThat(code).as("%s", this).isEqualTo(expected);
      assertThat(out + err).as("%s", this).doesNotContain("\tat ", "HR-9001");
      return this;
    }

    @Override
    public String toString() {
      return "headrace " + command + " -> " + code + "\n" + out + err;
    }
  }

  Path file(String name) {
    return here.resolve(name);
  }

  Path write(String name, String text) {
    try {
      var file = file(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Said run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var around =
        new Surroundings(
            new PrintWriter(out),
            new PrintWriter(err),
            Map.of("HEADRACE_WORKSPACE", here.toString(), "USER", "tester"),
            here,
            false);
    int code = new CommandLineProgram(around).execute(arguments);
    around.out().flush();
    around.err().flush();
    return new Said(String.join(" ", arguments), code, out.toString(), err.toString());
  }
}
