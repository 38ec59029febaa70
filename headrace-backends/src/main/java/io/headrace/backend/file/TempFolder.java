package io.headrace.backend.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where files are before they are objects: one folder for each process, on the objects' own file
 * system. The system's lock on {@code NAME.lock} says that the process of folder {@code NAME} is
 * alive, also seen from another container; a dead one's folder is swept. Thread-safe.
 */
final class TempFolder {
  private static final String LOCK = ".lock";

  /** A lock file without its folder may belong to a process that is just starting. */
  private static final Duration STARTING = Duration.ofHours(1);

  /**
   * The folders of this process: closing any channel on a lock file of ours would lose the lock.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path all;
  private final Disk disk;
  private final AtomicLong counter = new AtomicLong();

  /** Made when first needed. */
  private volatile @Nullable Path ours;

  // Held open, for the lock, until the process ends.
  private @Nullable FileChannel lock;

  TempFolder(Path all, Disk disk) {
    this.all = all.toAbsolutePath();
    this.disk = disk;
  }

  /** A name for a new file. */
  Path next() throws IOException {
    var folder = ours;
    if (folder == null) {
      folder = open();
    }
    return folder.resolve(Long.toString(counter.incrementAndGet()));
  }

  private synchronized Path open() throws IOException {
    var folder = ours;
    if (folder != null) {
      return folder;
    }
    var name =
        ProcessHandle.current().pid()
            + "-"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    var made = all.resolve(name);
    OURS.add(made);
    var lockFile = all.resolve(name + LOCK);
    var channel = disk.create(lockFile);
    try {
      channel.lock();
      disk.makeFolder(made);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    lock = channel;
    ours = made;
    return made;
  }

  /** Gives the folder back. */
  synchronized void close() throws IOException {
    var folder = ours;
    var channel = lock;
    if (folder == null || channel == null) {
      return;
    }
    ours = null;
    lock = null;
    removeTree(folder);
    removeFile(lockPath(folder));
    channel.close();
    OURS.remove(folder);
  }

  private static Path lockPath(Path folder) {
    return folder.resolveSibling(folder.getFileName() + LOCK);
  }

  /** Removes what dead processes left. Fails silently: another process may be sweeping too. */
  void sweep() {
    try {
      for (var entry : entries(all)) {
        if (entry.toString().endsWith(LOCK)) {
          sweepLoneLock(entry);
        } else if (!OURS.contains(entry)) {
          sweepFolder(entry);
        }
      }
    } catch (IOException e) {
      return; // a read-only store can still be read
    }
  }

  private static void sweepLoneLock(Path lockFile) throws IOException {
    var name = lockFile.toString();
    var folder = Path.of(name.substring(0, name.length() - LOCK.length()));
    if (OURS.contains(folder) || Files.exists(folder)) {
      return;
    }
    var age = System.currentTimeMillis() - Files.getLastModifiedTime(lockFile).toMillis();
    if (age > STARTING.toMillis()) {
      removeFile(lockFile);
    }
  }

  private static void sweepFolder(Path folder) throws IOException {
    var lockFile = lockPath(folder);
    try (var channel = FileChannel.open(lockFile, StandardOpenOption.READ)) {
      // The lock file is read-only, and a shared lock is all that can be had on such: enough.
      if (channel.tryLock(0, Long.MAX_VALUE, true) != null) {
        removeTree(folder);
        removeFile(lockFile);
      }
    } catch (NoSuchFileException e) {
      removeTree(folder);
    } catch (OverlappingFileLockException e) {
      return; // this process has it
    }
  }

  private static void removeTree(Path folder) throws IOException {
    for (var file : entries(folder)) {
      removeFile(file);
    }
    removeFile(folder);
  }

  private static void removeFile(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  private static List<Path> entries(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return found;
  }
}
