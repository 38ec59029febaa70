package io.headrace.problem;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says of a failed file operation what a person needs: which path, why, and how much is free. */
public final class DiskProblem {
  private DiskProblem() {}

  /** A file that could not be written, or a folder that could not be made. */
  public static ProblemException writing(Path path, IOException cause) {
    return problem("cannot write ", path, cause);
  }

  /** A file or folder that is there but could not be read. */
  public static ProblemException reading(Path path, IOException cause) {
    return problem("cannot read ", path, cause);
  }

  private static ProblemException problem(String action, Path path, IOException cause) {
    return Problem.of(
            ErrorCode.DISK,
            action + Visible.text(path.toString()) + ": " + reason(cause) + free(path))
        .fix("free space on that disk, or mend it or its permissions; then run the same again")
        .asException(cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    var message = cause.getMessage();
    // The plain subclasses of FileSystemException say only the path, which is told already.
    return message == null || cause instanceof FileSystemException
        ? words(cause.getClass().getSimpleName())
        : message;
  }

  /** {@code AccessDeniedException} as {@code access denied}. */
  private static String words(String className) {
    var text = new StringBuilder();
    var name =
        className.endsWith("Exception")
            ? className.substring(0, className.length() - "Exception".length())
            : className;
    for (int i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      if (Character.isUpperCase(c) && i > 0) {
        text.append(' ');
      }
      text.append(Character.toLowerCase(c));
    }
    return text.toString();
  }

  /** The free bytes of the nearest folder that is there. */
  private static String free(Path path) {
    var at = path.toAbsolutePath();
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    if (at == null) {
      return "";
    }
    try {
      return " (" + Files.getFileStore(at).getUsableSpace() + " bytes free on that disk)";
    } catch (IOException e) {
      return "";
    }
  }
}
