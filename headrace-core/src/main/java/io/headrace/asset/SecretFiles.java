package io.headrace.asset;

import io.headrace.json.ValueJson;
import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Secrets in files of a folder that only its owner may look into. Each file is written once, under
 * a name that nobody has used before; the records say which one is in force. So a crash leaves the
 * old secret or the new one, and a file too many at worst, which is swept later.
 */
final class SecretFiles {
  private static final Set<PosixFilePermission> OWNER_READS =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_ENTERS =
      PosixFilePermissions.fromString("rwx------");

  /** A younger file that no record names may be about to be named. */
  private static final Duration FRESH = Duration.ofHours(1);

  private final Path folder;

  SecretFiles(Path folder) {
    this.folder = folder;
  }

  /** Writes a new file; it is on the disk when this returns. */
  String put(Secrets secrets) {
    var random = new byte[16];
    new SecureRandom().nextBytes(random);
    String name = HexFormat.of().formatHex(random);
    var file = folder.resolve(name);
    var part = folder.resolve("." + name);
    try {
      prepare();
      write(part, ValueJson.pretty(secrets.kept()) + "\n");
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
      return name;
    } catch (IOException e) {
      forget(part);
      throw DiskProblem.writing(file, e);
    }
  }

  private void prepare() throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      var parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        force(parent);
      }
    }
    restrict(folder, OWNER_ENTERS);
  }

  private static void restrict(Path path, Set<PosixFilePermission> rights) throws IOException {
    if (!Files.getPosixFilePermissions(path).equals(rights)) {
      Files.setPosixFilePermissions(path, rights);
    }
    if (!Files.getPosixFilePermissions(path).equals(rights)) {
      throw Problem.of(
              ErrorCode.WORKSPACE, "the rights of " + path + " cannot be kept to its owner alone")
          .fix("keep the workspace on a disk that knows owners and rights (--workspace DIR)")
          .asException();
    }
  }

  private static void write(Path file, String text) throws IOException {
    FileAttribute<?> rights = PosixFilePermissions.asFileAttribute(OWNER_READS);
    try (var channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
      restrict(file, OWNER_READS);
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void force(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Empty when the file is gone. */
  Optional<Secrets> get(String name) {
    var file = folder.resolve(name);
    try {
      return ValueJson.read(Files.readString(file)) instanceof Value.Table kept
          ? Optional.of(Secrets.of(kept))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw DiskProblem.reading(file, e);
    }
  }

  /** Takes a file away that no record names any more. */
  void delete(String name) {
    forget(folder.resolve(name));
  }

  /** Takes away what crashes left behind. */
  void sweep(Set<String> named) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        boolean old =
            Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(FRESH));
        if (old && !named.contains(String.valueOf(file.getFileName()))) {
          forget(file);
        }
      }
    } catch (IOException e) {
      // There is no folder yet, or another command sweeps: the next one tries again.
    }
  }

  private static void forget(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is swept later.
    }
  }
}
