package io.headrace.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** A parallel step as the engine would start it, with real processes. */
final class ParallelRun implements AutoCloseable {
  private static final long LIMIT_SECONDS = 900;

  private final Path folder;
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<Process> started = new ArrayList<>();
  private int attempt;

  ParallelRun(Path folder) {
    this.folder = folder;
    settings.put("entry_script", "score.py");
    settings.put("input", "data");
    settings.put("data", "files");
    settings.put("outputs", List.of("rows", "side"));
    settings.put("append_row_to", "rows");
    settings.put("workers", 2);
    try {
      Files.createDirectories(folder.resolve("in"));
      Files.createDirectories(folder.resolve("code"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ParallelRun with(String setting, Object value) {
    settings.put(setting, value);
    return this;
  }

  /** The entry script. Its {@code HERE} is a folder that all attempts share. */
  ParallelRun script(String text) {
    return code("score.py", "import os, sys, time\nHERE = " + quoted(folder) + "\n" + text);
  }

  ParallelRun code(String name, String text) {
    write(folder.resolve("code").resolve(name), text);
    return this;
  }

  ParallelRun input(String name, String text) {
    write(folder.resolve("in").resolve(name), text);
    return this;
  }

  /** Files {@code f0000.txt}, {@code f0001.txt} and so on, each with its number. */
  ParallelRun files(int count) {
    IntStream.range(0, count).forEach(i -> input("f%04d.txt".formatted(i), Integer.toString(i)));
    return this;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Runs one attempt to its end. */
  Result run() {
    return result(start());
  }

  /** Starts an attempt: a fresh working folder and fresh outputs, the same checkpoint. */
  Process start(String... before) {
    attempt++;
    try {
      var work = Files.createDirectories(folder.resolve("wd" + attempt));
      Files.createDirectories(work.resolve("logs"));
      try (var files = Files.list(folder.resolve("code"))) {
        for (var file : files.toList()) {
          Files.copy(file, work.resolve(file.getFileName().toString()));
        }
      }
      Files.createDirectories(out("rows"));
      Files.createDirectories(out("side"));
      var command = new ArrayList<>(List.of(before));
      command.addAll(List.of("python3", program().toString()));
      var builder = new ProcessBuilder(command).directory(work.toFile());
      var variables = builder.environment();
      variables.put("HEADRACE_PARALLEL", JsonMapper.shared().writeValueAsString(settings));
      variables.put("HEADRACE_CHECKPOINT_DIR", folder.resolve("checkpoint").toString());
      variables.put("AZURE_ML_INPUT_data", folder.resolve("in").toString());
      variables.put("AZURE_ML_OUTPUT_rows", out("rows").resolve("rows.txt").toString());
      variables.put("AZURE_ML_OUTPUT_side", out("side").toString());
      var log = work.resolve("std_log.txt").toFile();
      var process = builder.redirectErrorStream(true).redirectOutput(log).start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path program() {
    var place = ParallelRun.class.getResource("/io/headrace/parallel/__main__.py");
    try {
      return Objects.requireNonNull(Path.of(Objects.requireNonNull(place).toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  Result result(Process process) {
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("ends: %s", log()).isTrue();
      return new Result(process.exitValue(), log());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String log() {
    return read(folder.resolve("wd" + attempt).resolve("std_log.txt"));
  }

  /** The rows of the last attempt. */
  List<String> rows() {
    return read(out("rows").resolve("rows.txt")).lines().toList();
  }

  /** The last attempt's output of that name. */
  Path out(String name) {
    return folder.resolve("out" + attempt).resolve(name);
  }

  Path work() {
    return folder.resolve("wd" + attempt);
  }

  static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(Path path) {
    return "'" + path + "'";
  }

  /** Processes of this step that are still there. */
  List<ProcessHandle> left() {
    var mark = folder.resolve("checkpoint").toString();
    return ProcessHandle.allProcesses()
        .filter(it -> it.pid() != ProcessHandle.current().pid())
        .filter(it -> environment(it.pid()).contains(mark))
        .collect(Collectors.toList());
  }

  private static String environment(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), "environ"),
          java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
    left().forEach(ProcessHandle::destroyForcibly);
  }

  record Result(int code, String log) {
    Result exits(int expected) {
      assertThat(code).as(log).isEqualTo(expected);
      return this;
    }
  }
}
