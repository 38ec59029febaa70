package io.headrace.backend.file;

import io.headrace.problem.DiskProblem;
import io.headrace.spi.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every operation that changes the disk, in one place, so that a test can break, stop or record
 * each of them. Thread-safe.
 *
 * <p>A failure is thrown as a DISK problem with path and free bytes, but for a file that is missing
 * or in the way, which is part of how the store works.
 */
class Disk {
  /** What is about to happen. */
  enum Operation {
    MAKE_FOLDER,
    CREATE,
    WRITE,
    COPY,
    SEAL,
    TOUCH,
    SYNC_FILE,
    LINK,
    MOVE,
    SYNC_FOLDER,
    DELETE
  }

  private static final FileAttribute<Set<PosixFilePermission>> READ_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--"));
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** Called before each operation; a test overrides it to fail, to stop or to take notes. */
  void before(Operation operation, Path path) throws IOException {}

  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T doing(Operation operation, Path path, Action<T> action) throws IOException {
    try {
      before(operation, path);
      return action.run();
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw DiskProblem.writing(path, e);
    }
  }

  void makeFolder(Path folder) throws IOException {
    doing(Operation.MAKE_FOLDER, folder, () -> Files.createDirectory(folder));
  }

  /** A new file that only its maker can write to. */
  FileChannel create(Path file) throws IOException {
    return doing(Operation.CREATE, file, () -> FileChannel.open(file, NEW, READ_ONLY));
  }

  void write(FileChannel channel, Path file, byte[] bytes, int length) throws IOException {
    doing(
        Operation.WRITE,
        file,
        () -> {
          var buffer = ByteBuffer.wrap(bytes, 0, length);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
          return file;
        });
  }

  /** The kernel copies, and shares the blocks where the file system can (btrfs, bcachefs, XFS). */
  void copy(Path from, Path to) throws IOException {
    doing(Operation.COPY, to, () -> Files.copy(from, to));
  }

  /** Takes the right to write away and sets the modification time that all objects have. */
  void seal(Path file, boolean executable) throws IOException {
    doing(
        Operation.SEAL,
        file,
        () -> {
          var now = Files.getPosixFilePermissions(file);
          var sealed = sealedMode(now, executable);
          if (!now.equals(sealed)) {
            Files.setPosixFilePermissions(file, sealed);
          }
          Files.getFileAttributeView(file, BasicFileAttributeView.class)
              .setTimes(ObjectStore.SEALED, FileTime.from(now()), null);
          return file;
        });
  }

  /** The time that objects are used at. */
  Instant now() {
    return Instant.now();
  }

  /** Notes that a file is used now, as its time of access: also where reading does not. */
  void touch(Path file) throws IOException {
    doing(
        Operation.TOUCH,
        file,
        () -> {
          Files.getFileAttributeView(file, BasicFileAttributeView.class)
              .setTimes(null, FileTime.from(now()), null);
          return file;
        });
  }

  /** Whoever may read it still may: a user's umask that hides files from others is kept. */
  private static Set<PosixFilePermission> sealedMode(
      Set<PosixFilePermission> now, boolean executable) {
    var mode = EnumSet.of(PosixFilePermission.OWNER_READ);
    if (now.contains(PosixFilePermission.GROUP_READ)) {
      mode.add(PosixFilePermission.GROUP_READ);
    }
    if (now.contains(PosixFilePermission.OTHERS_READ)) {
      mode.add(PosixFilePermission.OTHERS_READ);
    }
    if (executable) {
      mode.add(PosixFilePermission.OWNER_EXECUTE);
      if (mode.contains(PosixFilePermission.GROUP_READ)) {
        mode.add(PosixFilePermission.GROUP_EXECUTE);
      }
      if (mode.contains(PosixFilePermission.OTHERS_READ)) {
        mode.add(PosixFilePermission.OTHERS_EXECUTE);
      }
    }
    return mode;
  }

  void sync(FileChannel channel, Path file) throws IOException {
    doing(
        Operation.SYNC_FILE,
        file,
        () -> {
          channel.force(true);
          return file;
        });
  }

  void sync(Path file) throws IOException {
    doing(
        Operation.SYNC_FILE,
        file,
        () -> {
          force(file);
          return file;
        });
  }

  void syncFolder(Path folder) throws IOException {
    doing(
        Operation.SYNC_FOLDER,
        folder,
        () -> {
          force(folder);
          return folder;
        });
  }

  private static void force(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Gives {@code existing} a second name. */
  void link(Path name, Path existing) throws IOException {
    doing(Operation.LINK, name, () -> Files.createLink(name, existing));
  }

  /** Gives it another name in one step, taking the place of what had that name. */
  void move(Path from, Path to) throws IOException {
    doing(Operation.MOVE, to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
  }

  boolean delete(Path file) throws IOException {
    return doing(Operation.DELETE, file, () -> Files.deleteIfExists(file));
  }
}
