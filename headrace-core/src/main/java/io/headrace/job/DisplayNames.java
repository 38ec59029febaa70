package io.headrace.job;

import java.nio.file.Path;

/**
 * Names files as the user would: relative to the folder where the command ran, when below it.
 *
 * @param workingFolder absolute
 */
record DisplayNames(Path workingFolder) {
  DisplayNames {
    workingFolder = workingFolder.toAbsolutePath().normalize();
  }

  String of(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(workingFolder) && !absolute.equals(workingFolder)
        ? workingFolder.relativize(absolute).toString()
        : absolute.toString();
  }

  /** The folder that a file is in. */
  static Path folder(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    return parent == null ? file.toAbsolutePath().normalize() : parent;
  }
}
