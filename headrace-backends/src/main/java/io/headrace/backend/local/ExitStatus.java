package io.headrace.backend.local;

import io.headrace.run.JobStatus;
import io.headrace.run.JobStatus.Cause;
import io.headrace.spi.JobRequest;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Says in words what a shell's exit status means. */
final class ExitStatus {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;
  private static final int KILLED = SIGNALLED + 9;
  private static final int TAIL_BYTES = 4096;
  private static final int LINE_CHARACTERS = 300;

  private ExitStatus() {}

  static JobStatus of(AttemptFolder.Exit exit, Instant started, JobRequest request) {
    int code = exit.code();
    if (code == 0) {
      var begun = started.isAfter(exit.at()) ? exit.at() : started;
      return new JobStatus.Succeeded(begun, exit.at());
    }
    if (code == 125 && request.software().how() instanceof How.Container) {
      return new JobStatus.Failed(
          code,
          Cause.NOT_STARTED,
          "the container could not be run" + lastLine(request.log()),
          exit.at());
    }
    if (code > SIGNALLED && code <= SIGNALLED + LAST_SIGNAL) {
      return new JobStatus.Failed(code, Cause.KILLED, killed(code), exit.at());
    }
    var message =
        switch (code) {
          case 126 -> "exit code 126: a program may not be executed" + lastLine(request.log());
          case 127 -> "exit code 127: a command was not found" + lastLine(request.log());
          default -> "exit code " + code;
        };
    return new JobStatus.Failed(code, Cause.USER_COMMAND, message, exit.at());
  }

  /** For a job that we ended ourselves. */
  static JobStatus asked(Cause cause, Optional<AttemptFolder.Exit> exit, JobRequest request) {
    var message =
        cause == Cause.TIME_LIMIT
            ? "ran longer than its limit of " + request.timeout().map(ExitStatus::text).orElse("?")
            : "canceled";
    return new JobStatus.Failed(
        exit.map(AttemptFolder.Exit::code).orElse(KILLED),
        cause,
        message,
        exit.map(AttemptFolder.Exit::at).orElseGet(Instant::now));
  }

  /** For a child of ours that ended without a note. */
  static JobStatus wrapperDied(int code) {
    int signalled = code > SIGNALLED ? code : KILLED;
    return new JobStatus.Failed(
        signalled, Cause.KILLED, killed(signalled) + " (its wrapper too)", Instant.now());
  }

  /** For a wrapper that could not claim the attempt. */
  static JobStatus notBegun(JobRequest request, int code) {
    long free = request.folder().toFile().getUsableSpace();
    return new JobStatus.Failed(
        code,
        Cause.NOT_STARTED,
        "its wrapper could not write to " + request.folder() + " (" + free + " bytes free)",
        Instant.now());
  }

  private static String killed(int code) {
    int signal = code - SIGNALLED;
    var text = "killed by " + name(signal) + " (exit code " + code + ")";
    return signal == 9 ? text + "; often the machine was out of memory" : text;
  }

  /** POSIX's numbers, and those that Linux and macOS agree on. */
  private static String name(int signal) {
    return switch (signal) {
      case 1 -> "SIGHUP";
      case 2 -> "SIGINT";
      case 3 -> "SIGQUIT";
      case 4 -> "SIGILL";
      case 5 -> "SIGTRAP";
      case 6 -> "SIGABRT";
      case 8 -> "SIGFPE";
      case 9 -> "SIGKILL";
      case 11 -> "SIGSEGV";
      case 13 -> "SIGPIPE";
      case 14 -> "SIGALRM";
      case 15 -> "SIGTERM";
      case 24 -> "SIGXCPU";
      case 25 -> "SIGXFSZ";
      default -> "signal " + signal;
    };
  }

  private static String text(Duration limit) {
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  /** The shell's own words, for whoever does not know its numbers. */
  private static String lastLine(Path log) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      var bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      var lines = new String(bytes, StandardCharsets.UTF_8).strip();
      var last = lines.substring(lines.lastIndexOf('\n') + 1).strip();
      if (last.isEmpty()) {
        return "";
      }
      return ": " + last.substring(0, Math.min(LINE_CHARACTERS, last.length()));
    } catch (IOException e) {
      return "";
    }
  }
}
