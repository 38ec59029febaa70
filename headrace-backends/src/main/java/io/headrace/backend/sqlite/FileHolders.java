package io.headrace.backend.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds, where the system tells (Linux), which processes have a file open. */
final class FileHolders {
  private static final Path PROCESSES = Path.of("/proc");

  private FileHolders() {}

  static String describe(Path file) {
    var holders = holders(file);
    return holders.isEmpty()
        ? "who holds it is not known"
        : "open in " + String.join(", ", holders);
  }

  private static List<String> holders(Path file) {
    var found = new ArrayList<String>();
    try (var processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      var real = file.toRealPath();
      var own = String.valueOf(ProcessHandle.current().pid());
      for (var process : processes) {
        var pid = process.getFileName().toString();
        if (holds(process, real)) {
          found.add(pid.equals(own) ? "this process" : "pid " + pid + name(process));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return found; // no /proc here
    }
    return found;
  }

  private static boolean holds(Path process, Path file) {
    try (var open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var link : open) {
        if (pointsTo(link, file)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false; // another user's, or gone
    }
    return false;
  }

  private static boolean pointsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static String name(Path process) {
    try {
      return " (" + Files.readString(process.resolve("comm")).strip() + ")";
    } catch (IOException e) {
      return "";
    }
  }
}
