package io.headrace.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the system knows of a file without reading it. Times in nanoseconds since 1970; {@code
 * changed} is when anything of it, bytes or rights, last changed, which no program can set.
 */
record FileStat(
    Kind kind,
    boolean executable,
    long device,
    long inode,
    long size,
    int links,
    long modified,
    long changed) {
  enum Kind {
    FILE,
    FOLDER,
    LINK,
    /** A socket, a pipe, a device. */
    SPECIAL
  }

  private static final String WANTED = "unix:mode,dev,ino,size,nlink,lastModifiedTime,ctime";
  private static final int KIND_BITS = 0170000;
  private static final int OWNER_EXECUTE = 0100;

  /** Of the file itself, or of the link when it is one. */
  static FileStat of(Path path) throws IOException {
    return from(Files.readAttributes(path, WANTED, LinkOption.NOFOLLOW_LINKS));
  }

  /** Of what it leads to. */
  static FileStat followed(Path path) throws IOException {
    return from(Files.readAttributes(path, WANTED));
  }

  private static FileStat from(Map<String, Object> found) {
    int mode = (int) value(found, "mode");
    return new FileStat(
        kind(mode),
        (mode & OWNER_EXECUTE) != 0,
        (long) value(found, "dev"),
        (long) value(found, "ino"),
        (long) value(found, "size"),
        (int) value(found, "nlink"),
        nanos((FileTime) value(found, "lastModifiedTime")),
        nanos((FileTime) value(found, "ctime")));
  }

  private static Object value(Map<String, Object> found, String name) {
    return requireNonNull(found.get(name));
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  private static Kind kind(int mode) {
    return switch (mode & KIND_BITS) {
      case 0100000 -> Kind.FILE;
      case 0040000 -> Kind.FOLDER;
      case 0120000 -> Kind.LINK;
      default -> Kind.SPECIAL;
    };
  }

  boolean isFile() {
    return kind == Kind.FILE;
  }

  boolean isFolder() {
    return kind == Kind.FOLDER;
  }
}
