package io.headrace.backend.local;

import io.headrace.run.JobStatus;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The notes about an attempt in its folder:
 *
 * <ul>
 *   <li>{@code started}: made exclusively by the wrapper that may run the command; its text is that
 *       wrapper's process id, its time when the attempt began
 *   <li>{@code exit.N}: the command ended with status N, at the file's time. The status is in the
 *       name, so that the note is whole as soon as it is there, costs no process, and can be made
 *       on a full disk
 *   <li>{@code ending}: made exclusively by the one who first decided to end it; its text is the
 *       cause
 * </ul>
 */
record AttemptFolder(Path path) {
  static final String STARTED = "started";
  static final String EXIT = "exit.";
  private static final String ENDING = "ending";

  /** How the command ended. */
  record Exit(int code, Instant at) {}

  /** Who began it: an empty process id when the wrapper did not get so far as to write it. */
  record Start(Optional<Long> pid, Instant at) {}

  Optional<Start> start() throws IOException {
    var file = path.resolve(STARTED);
    try {
      var text = Files.readString(file);
      // Without its line's end it may be half a number.
      Optional<Long> pid = text.endsWith("\n") ? number(text.strip()) : Optional.empty();
      return Optional.of(new Start(pid, Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  Optional<Exit> exit() throws IOException {
    var names = path.toFile().list();
    if (names == null) {
      throw new NoSuchFileException(path.toString());
    }
    for (var name : names) {
      if (name.startsWith(EXIT)) {
        var code = number(name.substring(EXIT.length()));
        if (code.isPresent()) {
          var at = Files.getLastModifiedTime(path.resolve(name)).toInstant();
          return Optional.of(new Exit(code.get().intValue(), at));
        }
      }
    }
    return Optional.empty();
  }

  /** Notes why it is being ended; the first to do so is right. */
  JobStatus.Cause endFor(JobStatus.Cause cause) throws IOException {
    try {
      Files.writeString(path.resolve(ENDING), cause.name(), StandardOpenOption.CREATE_NEW);
      return cause;
    } catch (FileAlreadyExistsException e) {
      return ending().orElse(cause);
    }
  }

  Optional<JobStatus.Cause> ending() throws IOException {
    try {
      var text = Files.readString(path.resolve(ENDING));
      return Optional.of(
          text.equals(JobStatus.Cause.TIME_LIMIT.name())
              ? JobStatus.Cause.TIME_LIMIT
              : JobStatus.Cause.CANCELED);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
