package io.headrace.engine;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says of a failed file operation what a person needs: the path, the reason, and how much room is left. */
final class FileProblems {
  private FileProblems() {}

  static Problem of(IOException failure, Path near) {
    var path = failure instanceof FileSystemException it && it.getFile() != null ? it.getFile() : near.toString();
    var reason =
        failure instanceof FileSystemException it && it.getReason() != null
            ? it.getReason()
            : failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (failure instanceof AccessDeniedException) {
      reason = "permission denied";
    }
    return Problem.of(ErrorCode.DISK, path + ": " + reason + room(near))
        .fix("make room or mend the permissions, then run again: what is done is kept");
  }

  private static String room(Path near) {
    var folder = near;
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null) {
      return "";
    }
    try {
      return " (%,d bytes free)".formatted(Files.getFileStore(folder).getUsableSpace());
    } catch (IOException e) {
      return "";
    }
  }
}
