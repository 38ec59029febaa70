package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder {@code .headrace} that holds all state of one workspace: records, objects, runs,
 * environments. It tells git to ignore it.
 *
 * @param root the folder itself, absolute, links resolved
 */
record Workspace(Path root) {
  private static final String NAME = ".headrace";

  /**
   * Finds the workspace, or makes it.
   *
   * @param wanted what the user named: the workspace's folder, or the one that holds or shall hold
   *     {@code .headrace}
   * @param here where to look from otherwise: the nearest {@code .headrace} upward, else beside the
   *     nearest {@code .git}, else here
   */
  static Workspace open(Optional<Path> wanted, Path here) {
    var root = find(wanted, here);
    try {
      Files.createDirectories(root);
      var ignore = root.resolve(".gitignore");
      if (!Files.exists(ignore)) {
        writeOnce(ignore);
      }
      return new Workspace(root.toRealPath());
    } catch (IOException e) {
      throw Problem.of(
              ErrorCode.WORKSPACE, "the workspace " + root + " cannot be made: " + reason(e))
          .fix("name a folder that can be written with --workspace DIR or HEADRACE_WORKSPACE")
          .asException(e);
    }
  }

  private static void writeOnce(Path ignore) throws IOException {
    try {
      Files.writeString(
          Files.createFile(ignore), "# Headrace's own state; never part of the project.\n*\n");
    } catch (FileAlreadyExistsException e) {
      // Another command made it in the same moment.
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException
        ? "there is a file of that name"
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static Path find(Optional<Path> wanted, Path here) {
    if (wanted.isPresent()) {
      var folder = here.resolve(wanted.get()).normalize();
      return folder.endsWith(NAME) ? folder : folder.resolve(NAME);
    }
    for (var folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(NAME))) {
        return folder.resolve(NAME);
      }
    }
    for (var folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return folder.resolve(NAME);
      }
    }
    return here.resolve(NAME);
  }

  Path records() {
    return root.resolve("records.db");
  }

  Path objects() {
    return root.resolve("objects");
  }

  Path runs() {
    return root.resolve("runs");
  }

  Path environments() {
    return root.resolve("environments");
  }

  /** What only the owner may read. */
  Path secrets() {
    return root.resolve("secrets");
  }

  /** The name of the project around it. */
  String name() {
    var parent = root.getParent();
    var name = parent == null ? null : parent.getFileName();
    return name == null ? "workspace" : name.toString();
  }
}
