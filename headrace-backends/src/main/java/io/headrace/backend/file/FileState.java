package io.headrace.backend.file;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/** What a file looked like at one moment. */
record FileState(
    boolean isFile, long inode, long size, int links, FileTime modified, FileTime changed) {
  private static final int KIND = 0170000;
  private static final int REGULAR = 0100000;

  /** A change within this time before a read began may not show in the file's times. */
  private static final long CLOCK_TICK_MILLIS = 2_100;

  static FileState of(Path file, LinkOption... links) throws IOException {
    var found =
        Files.readAttributes(file, "unix:mode,ino,size,nlink,lastModifiedTime,ctime", links);
    return new FileState(
        ((int) value(found, "mode") & KIND) == REGULAR,
        (long) value(found, "ino"),
        (long) value(found, "size"),
        (int) value(found, "nlink"),
        (FileTime) value(found, "lastModifiedTime"),
        (FileTime) value(found, "ctime"));
  }

  private static Object value(Map<String, Object> found, String name) {
    return requireNonNull(found.get(name));
  }

  /** Whether nobody can have written between this look, at time {@code at}, and the later one. */
  boolean surelyUnchanged(FileState later, long at) {
    return equals(later) && changed.toMillis() < at - CLOCK_TICK_MILLIS;
  }
}
