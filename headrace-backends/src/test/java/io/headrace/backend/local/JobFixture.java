package io.headrace.backend.local;

import io.headrace.name.Digest;
import io.headrace.run.JobStatus;
import io.headrace.spi.Compute;
import io.headrace.spi.JobHandle;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Real jobs in folders below one. */
final class JobFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path root;
  private final List<Job> made = new ArrayList<>();

  JobFixture(Path root) {
    this.root = root;
  }

  Job job(String command) throws IOException {
    return job(UUID.randomUUID().toString(), command);
  }

  /** An attempt that may have been submitted before. */
  Job job(String attempt, String command) throws IOException {
    var job = new Job(attempt, command);
    made.add(job);
    return job;
  }

  void killAll() {
    var attempts = made.stream().map(Job::attempt).collect(Collectors.toSet());
    new Processes().of(attempts).forEach(Processes::kill);
  }

  static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited in vain");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Of all processes, with a blank after each argument. */
  static List<String> commandLines() throws IOException {
    var lines = new ArrayList<String>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : all) {
        try {
          var bytes = Files.readAllBytes(process.resolve("cmdline"));
          lines.add(new String(bytes, StandardCharsets.UTF_8).replace('\0', ' '));
        } catch (IOException e) {
          // gone
        }
      }
    }
    return lines;
  }

  final class Job {
    private final String attempt;
    private final Path folder;
    private final String command;
    private final LinkedBlockingQueue<JobStatus> told = new LinkedBlockingQueue<>();
    private Map<String, String> environment = Map.of();
    private PreparedEnvironment.How how =
        new PreparedEnvironment.How.Host(List.of(), Map.of(), List.of());
    private Optional<Duration> timeout = Optional.empty();
    private Runnable whenEnded = () -> {};

    private Job(String attempt, String command) throws IOException {
      this.attempt = attempt;
      this.command = command;
      folder = Files.createDirectories(root.toRealPath().resolve("attempts").resolve(attempt));
      Files.createDirectories(workingFolder());
    }

    Job timeout(Duration limit) {
      timeout = Optional.of(limit);
      return this;
    }

    Job environment(Map<String, String> variables) {
      environment = variables;
      return this;
    }

    Job software(List<Path> path, Map<String, String> variables, List<String> without) {
      how = new PreparedEnvironment.How.Host(path, variables, without);
      return this;
    }

    Job container(Path engine, String image) {
      how = new PreparedEnvironment.How.Container(engine, image);
      return this;
    }

    Job whenEnded(Runnable action) {
      whenEnded = action;
      return this;
    }

    String attempt() {
      return attempt;
    }

    Path folder() {
      return folder;
    }

    Path workingFolder() {
      return folder.resolve("work");
    }

    Path logFile() {
      return folder.resolve("std_log.txt");
    }

    String log() {
      try {
        return Files.exists(logFile()) ? Files.readString(logFile()) : "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long wrapper() throws IOException {
      return new AttemptFolder(folder).start().orElseThrow().pid().orElseThrow();
    }

    java.util.Set<Long> processes() {
      return new Processes().of(attempt);
    }

    JobRequest request() {
      return new JobRequest(
          attempt,
          folder,
          command,
          workingFolder(),
          logFile(),
          environment,
          new PreparedEnvironment(
              Digest.ofText("test"), "what is here", how, Optional.empty(), List.of()),
          timeout);
    }

    JobHandle submit(Compute compute) {
      return compute.submit(
          request(),
          status -> {
            told.add(status);
            whenEnded.run();
          });
    }

    /** The next end that is told. */
    JobStatus end() throws InterruptedException {
      var status = told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (status == null) {
        throw new AssertionError("no end was told; log: " + log());
      }
      return status;
    }

    int ends() {
      return told.size();
    }

    JobStatus run(Compute compute) throws InterruptedException {
      submit(compute);
      return end();
    }
  }
}
