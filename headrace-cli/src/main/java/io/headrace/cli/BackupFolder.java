package io.headrace.cli;

import io.headrace.problem.DiskProblem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder that holds a workspace's records, objects and secrets, as a workspace does. The records
 * come last and in one step: whenever a backup is cut off, the folder holds the one before, whole.
 *
 * @param root absolute
 */
record BackupFolder(Path root) {
  private static final String COMING = "records.db.coming";

  /** The folder that a user names. */
  static BackupFolder of(Context context, @Nullable Path named) {
    return new BackupFolder(
        context.resolve(Objects.requireNonNull(named)).toAbsolutePath().normalize());
  }

  Path records() {
    return root.resolve("records.db");
  }

  /** Where the records are written before they count. */
  Path comingRecords() {
    return root.resolve(COMING);
  }

  Path objects() {
    return root.resolve("objects");
  }

  /** There from the first moment of the first backup on: the folder is ours. */
  Path lock() {
    return root.resolve("backup.lock");
  }

  /** Whether it may be written to: it has a backup, one that was cut off, or nothing. */
  boolean mayTakeBackup() throws IOException {
    if (Files.exists(records()) || Files.exists(lock()) || !Files.exists(root)) {
      return true;
    }
    try (var entries = Files.list(root)) {
      return entries.findAny().isEmpty();
    }
  }

  /** From now on these records count. */
  void commit() throws IOException {
    Files.move(comingRecords(), records(), StandardCopyOption.ATOMIC_MOVE);
    sync(root);
  }

  /**
   * Copies the small files beside the records: secrets, for their owner's eyes only, and where
   * connections lead.
   */
  static void copySmallFiles(Path from, Path to) throws IOException {
    var connections = from.resolve("connections.yml");
    if (Files.isRegularFile(connections, LinkOption.NOFOLLOW_LINKS)) {
      copy(connections, to.resolve("connections.yml"), "rw-r--r--");
    }
    var key = from.resolve("webhooks.key");
    if (Files.isRegularFile(key, LinkOption.NOFOLLOW_LINKS)) {
      copy(key, to.resolve("webhooks.key"), "rw-------");
    }
    var secrets = from.resolve("secrets");
    if (!Files.isDirectory(secrets, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var target = to.resolve("secrets");
    try {
      Files.createDirectory(
          target,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // of the backup before
    }
    try (var files = Files.list(secrets)) {
      for (var file : files.toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          copy(file, target.resolve(file.getFileName()), "rw-------");
        }
      }
    }
    sync(target);
  }

  private static void copy(Path from, Path to, String mode) throws IOException {
    var coming = Path.of(to + ".coming");
    Files.deleteIfExists(coming);
    Files.createFile(
        coming, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.write(coming, Files.readAllBytes(from));
    sync(coming);
    Files.move(coming, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Copies the records into a workspace that has none. */
  void copyRecords(Workspace workspace) {
    var to = workspace.records();
    var coming = workspace.root().resolve(COMING);
    try {
      Files.copy(records(), coming, StandardCopyOption.REPLACE_EXISTING);
      sync(coming);
      Files.createLink(to, coming); // takes no other file's place, as a move would
      Files.delete(coming);
      sync(workspace.root());
    } catch (IOException e) {
      throw DiskProblem.writing(to, e);
    }
  }

  static void sync(Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Leftovers of a backup that was cut off. */
  void clear() throws IOException {
    for (var end : List.of("", "-journal", "-wal", "-shm")) {
      Files.deleteIfExists(root.resolve(COMING + end));
    }
  }
}
