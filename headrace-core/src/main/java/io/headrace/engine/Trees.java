package io.headrace.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders with all that is in them. */
final class Trees {
  private Trees() {}

  /**
   * Removes a folder and all in it, links without following them; does nothing when it is not
   * there.
   */
  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      takeRights(path);
      try (var entries = Files.newDirectoryStream(path)) {
        for (var entry : entries) {
          remove(entry);
        }
      }
    }
    try {
      Files.deleteIfExists(path);
    } catch (NoSuchFileException e) {
      // Somebody was faster.
    }
  }

  /** How much there is: {@code files} counts folders and links too. */
  record Size(long files, long bytes) {}

  /** How much is in a folder; links are not followed. */
  static Size size(Path path) throws IOException {
    long files = 0;
    long bytes = 0;
    try (var entries = Files.newDirectoryStream(path)) {
      for (var entry : entries) {
        var it = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        var within = it.isDirectory() ? size(entry) : new Size(0, it.size());
        files += 1 + within.files();
        bytes += within.bytes();
      }
    }
    return new Size(files, bytes);
  }

  /** A step may have taken its own rights away. */
  private static void takeRights(Path folder) {
    if (Files.isWritable(folder)) {
      return;
    }
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException | UnsupportedOperationException e) {
      // Reading it will tell.
    }
  }
}
