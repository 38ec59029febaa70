package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A user at a shell: a project folder, a workspace of its own and the launcher {@code ./headrace}.
 * Commands have a time limit; what is still running when the user leaves is killed.
 */
final class Headrace implements AutoCloseable {
  /** The repository's root, which holds the launcher. */
  static final Path ROOT =
      Path.of(System.getProperty("headrace.root", "..")).toAbsolutePath().normalize();

  /** Far more than any command takes: a loaded machine must not fail a test. */
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path project;
  private final Path workspace;
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final List<Running> started = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Path captured;

  /**
   * @param folder an empty or new folder for all of it
   */
  Headrace(Path folder) {
    this(folder.resolve("project"), folder.resolve("workspace"), folder.resolve("captured"));
  }

  /**
   * @param captured where the commands' output is kept
   */
  Headrace(Path project, Path workspace, Path captured) {
    try {
      this.project = Files.createDirectories(project);
      this.workspace = workspace;
      this.captured = Files.createDirectories(captured);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Files.exists(ROOT.resolve("target/dist/java.args"))) {
      throw new IllegalStateException(
          "there is no distribution in "
              + ROOT
              + "/target/dist: build it with ./mvnw -pl headrace-cli -am package -DskipTests");
    }
    variables.put("HEADRACE_NO_BUILD", "1");
    variables.put("HEADRACE_WORKSPACE", workspace.toString());
    variables.put("USER", "tester");
  }

  /** Sets a variable of every command from now on. */
  Headrace with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Path project() {
    return project;
  }

  /** The folder that holds all state. */
  Path state() {
    return workspace.resolve(".headrace");
  }

  /** A file of the project. */
  Path file(String name) {
    return project.resolve(name);
  }

  /** Writes a file of the project. */
  Path write(String name, String text) {
    try {
      var file = project.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  Result run(String... arguments) {
    return start(arguments).result();
  }

  /** Runs a command that must succeed and answers with JSON. */
  JsonNode json(String... arguments) {
    var result = run(arguments);
    assertThat(result.code()).as("%s", result).isZero();
    return result.json();
  }

  /** Starts a command and goes on. */
  Running start(String... arguments) {
    try {
      var command = new ArrayList<String>();
      // Who started the tests may have told their programs not to hear Ctrl-C.
      command.addAll(List.of("env", "--default-signal=INT"));
      command.add(ROOT.resolve("headrace").toString());
      command.addAll(List.of(arguments));
      int number = numbers.incrementAndGet();
      var out = captured.resolve(number + ".out").toFile();
      var err = captured.resolve(number + ".err").toFile();
      var builder = new ProcessBuilder(command).directory(project.toFile());
      builder.environment().keySet().removeIf(it -> it.startsWith("HEADRACE_"));
      builder.environment().putAll(variables);
      builder.redirectInput(new File("/dev/null")).redirectOutput(out).redirectError(err);
      var running = new Running(String.join(" ", arguments), builder.start(), out, err);
      started.add(running);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills what is left, commands and steps. */
  @Override
  public void close() {
    for (var running : started) {
      running.process().destroyForcibly();
    }
    Processes.mentioning(workspace.toString()).forEach(ProcessHandle::destroyForcibly);
  }

  /** A command that goes on. Its process is the JVM itself: the launcher becomes it. */
  record Running(String command, Process process, File outFile, File errFile) {
    /** Waits for its end. */
    Result result() {
      return result(1);
    }

    /** Waits this many times as long as for other commands. */
    Result result(int times) {
      var limit = LIMIT.multipliedBy(times);
      try {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              "headrace " + command + " did not end within " + limit + "\n" + out() + err());
        }
        return new Result(command, process.exitValue(), out(), err());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    /** As {@code kill -9} does. */
    Result kill() {
      process.destroyForcibly();
      return result();
    }

    /** As Ctrl-C does. */
    Running interrupt() {
      Processes.signal("INT", process.pid());
      return this;
    }

    String out() {
      return read(outFile);
    }

    String err() {
      return read(errFile);
    }

    private static String read(File file) {
      try {
        return Files.readString(file.toPath());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** How a command ended. */
  record Result(String command, int code, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }

    /** Everything that was said. */
    String said() {
      return out + err;
    }

    /** Checks the exit code, and that a user sees no stack trace. */
    Result exits(int expected) {
      assertThat(code).as("%s", this).isEqualTo(expected);
      assertThat(said()).as("%s", this).doesNotContain("\tat io.headrace", "Exception in thread");
      return this;
    }

    @Override
    public String toString() {
      return "headrace " + command + " -> " + code + "\n" + out + err;
    }
  }
}
