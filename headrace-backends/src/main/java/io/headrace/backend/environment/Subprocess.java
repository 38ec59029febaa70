package io.headrace.backend.environment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program to its end, by its arguments, without a shell. What it prints goes to a log, with
 * passwords in addresses masked. An interrupt ends the program and all that it started.
 *
 * @param variables the whole environment of the program
 * @param log is added to
 */
record Subprocess(Map<String, String> variables, Path log) {
  private static final int KEPT_LINES = 400;
  private static final int LONGEST_LINE = 64 * 1024;

  /**
   * How it ended.
   *
   * @param lines the last that it printed, at most 400
   */
  record Outcome(int exitCode, List<String> lines) {
    boolean isSuccess() {
      return exitCode == 0;
    }

    String text() {
      return String.join("\n", lines);
    }
  }

  /** The same, with other variables. */
  Subprocess with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(more);
    return new Subprocess(all, log);
  }

  /** The same, with another log. */
  Subprocess to(Path other) {
    return new Subprocess(variables, other);
  }

  /**
   * Runs it.
   *
   * @param progress told each line, and when there is none every second
   * @throws IOException when it cannot be started or the log not be written
   */
  Outcome run(Path folder, List<String> command, Progress progress)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    Deque<String> last = new ArrayDeque<>();
    List<IOException> broken = new ArrayList<>();
    Thread reader = Thread.ofVirtual().start(() -> read(process, command, last, progress, broken));
    try {
      while (!process.waitFor(1, TimeUnit.SECONDS)) {
        progress.beat();
      }
      int exitCode = process.exitValue();
      // A grandchild may hold the pipe open for ever; what it prints is of no interest.
      reader.join(Duration.ofSeconds(10));
      synchronized (last) {
        if (!broken.isEmpty()) {
          throw broken.getFirst();
        }
        return new Outcome(exitCode, List.copyOf(last));
      }
    } finally {
      end(process);
    }
  }

  private void read(
      Process process,
      List<String> command,
      Deque<String> last,
      Progress progress,
      List<IOException> broken) {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Writer out =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write("$ " + masked(String.join(" ", command)) + "\n");
      for (String raw = lines.readLine(); raw != null; raw = lines.readLine()) {
        String line =
            masked(raw.length() > LONGEST_LINE ? raw.substring(0, LONGEST_LINE) + " …" : raw);
        out.write(line + "\n");
        out.flush();
        synchronized (last) {
          if (last.size() == KEPT_LINES) {
            last.removeFirst();
          }
          last.addLast(line);
        }
        progress.line(line);
      }
    } catch (IOException e) {
      synchronized (last) {
        broken.add(e);
      }
      process.destroy();
    } catch (UncheckedIOException e) {
      process.destroy();
    }
  }

  /** Nothing that a build started may go on writing into its folder. */
  private static void end(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** {@code https://user:secret@host} becomes {@code https://****@host}. */
  static String masked(String line) {
    StringBuilder text = new StringBuilder();
    int done = 0;
    for (int at = line.indexOf("://"); at >= 0; at = line.indexOf("://", done)) {
      int start = at + 3;
      int end = start;
      int sign = -1;
      while (end < line.length() && "/ \t\"'<>?#".indexOf(line.charAt(end)) < 0) {
        if (line.charAt(end) == '@') {
          sign = end;
        }
        end++;
      }
      text.append(line, done, start);
      if (sign >= 0) {
        text.append("****");
      }
      text.append(line, sign >= 0 ? sign : start, end);
      done = end;
    }
    return text.append(line, done, line.length()).toString();
  }
}
