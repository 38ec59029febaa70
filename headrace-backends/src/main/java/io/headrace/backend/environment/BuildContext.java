package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.plan.EnvironmentSpec.Build;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/** The bytes that a container build starts from. */
final class BuildContext {
  private BuildContext() {}

  /**
   * A text that changes whenever a file of the context does; of an address, the address. All files
   * are read: contexts are small.
   */
  static String digest(Build build) {
    if (build.context().contains("://")) {
      return build.context() + "\n" + build.dockerfile();
    }
    Path folder = Path.of(build.context());
    Path dockerfile = folder.resolve(build.dockerfile()).normalize();
    if (!dockerfile.startsWith(folder.normalize())) {
      throw Problem.of(
              ErrorCode.UNSAFE_PATH,
              "dockerfile_path '" + build.dockerfile() + "' leads out of the build's folder")
          .asException();
    }
    if (!Files.isRegularFile(dockerfile)) {
      throw Problem.of(ErrorCode.MISSING_PATH, "there is no Dockerfile " + dockerfile)
          .fix("correct build.path or build.dockerfile_path")
          .asException();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      MessageDigest sum = Digest.sha256();
      List<Path> sorted =
          files
              .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
      for (Path file : sorted) {
        add(sum, folder, file);
      }
      return Digest.of(sum.digest()) + "\n" + build.dockerfile();
    } catch (IOException | UncheckedIOException e) {
      throw Problem.of(
              ErrorCode.MISSING_PATH, "the build's folder cannot be read: " + e.getMessage())
          .asException(e);
    }
  }

  private static void add(MessageDigest sum, Path folder, Path file) throws IOException {
    MessageDigest own = Digest.sha256();
    if (Files.isSymbolicLink(file)) {
      own.update(Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
    } else if (Files.isRegularFile(file)) {
      try (InputStream bytes = Files.newInputStream(file)) {
        byte[] buffer = new byte[1 << 16];
        for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
          own.update(buffer, 0, n);
        }
      }
    }
    String line =
        folder.relativize(file) + "\0" + Files.isExecutable(file) + "\0" + Digest.of(own.digest());
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    sum.update((byte) '\n');
  }
}
