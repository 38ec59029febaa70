package io.headrace.cli;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * How commands of a workspace find its server. The server holds an operating system's lock, which
 * goes with its process, and says in a file where it listens.
 */
final class ServerPlace implements AutoCloseable {
  private final Workspace workspace;
  private final FileChannel lock;

  private ServerPlace(Workspace workspace, FileChannel lock) {
    this.workspace = workspace;
    this.lock = lock;
  }

  private static Path lockFile(Workspace workspace) {
    return workspace.root().resolve("server.lock");
  }

  private static Path file(Workspace workspace) {
    return workspace.root().resolve("server");
  }

  /**
   * Becomes the workspace's server.
   *
   * @throws io.headrace.problem.ProblemException CONFLICT when another process is
   */
  static ServerPlace take(Workspace workspace) throws IOException {
    var channel =
        FileChannel.open(lockFile(workspace), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw Problem.of(
              ErrorCode.CONFLICT,
              "this workspace has a server already"
                  + written(workspace).map(it -> " at " + it).orElse(""))
          .fix("use that one, or stop it first")
          .asException();
    }
    return new ServerPlace(workspace, channel);
  }

  /** Lets commands find it. */
  void tell(String uri) throws IOException {
    var temporary = Files.createTempFile(workspace.root(), "server", ".tmp");
    Files.writeString(temporary, uri + "\n" + ProcessHandle.current().pid() + "\n");
    Files.move(
        temporary,
        file(workspace),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<String> written(Workspace workspace) throws IOException {
    var file = file(workspace);
    List<String> lines =
        Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    return lines.stream().findFirst();
  }

  /** Where the workspace's server listens, if one lives. */
  static Optional<String> find(Workspace workspace) throws IOException {
    var uri = written(workspace);
    if (uri.isEmpty() || !Files.exists(lockFile(workspace))) {
      return Optional.empty();
    }
    try (var channel = FileChannel.open(lockFile(workspace), StandardOpenOption.WRITE)) {
      return channel.tryLock() == null ? uri : Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file(workspace));
    lock.close();
  }
}
