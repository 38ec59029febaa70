package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What programs must know to be let in by a workspace's servers. */
final class WorkspaceToken {
  private WorkspaceToken() {}

  /** One token a workspace, readable by its owner alone. */
  static String of(Workspace workspace) {
    var file = workspace.root().resolve("token");
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Problem.of(ErrorCode.WORKSPACE, file + " cannot be used: " + e.getMessage())
          .asException(e);
    }
  }

  private static void make(Path file) throws IOException {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var own = Files.createTempFile(file.getParent(), "token", ".tmp", owner);
    Files.writeString(own, HexFormat.of().formatHex(bytes));
    try {
      // A link appears whole or not at all, and never replaces the token of somebody who was
      // faster.
      Files.createLink(file, own);
    } catch (FileAlreadyExistsException e) {
      // Theirs is as good.
    } finally {
      Files.delete(own);
    }
  }
}
