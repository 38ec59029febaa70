package io.headrace.backend.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds and signals processes of this machine. Thread-safe. */
final class Processes {
  private static final Path PROC = Path.of("/proc");
  private static final String MARK = JobEnvironment.MARK + "=";
  private static final String AROUND = JobEnvironment.AROUND + "=";
  private static final long TOOL_SECONDS = 30;

  private final boolean linux = Files.isDirectory(PROC.resolve("self/fd"));

  /** Whether the marks of processes can be read here. */
  boolean areVisible() {
    return linux;
  }

  /** Whether that process is there and is the wrapper of that attempt; never by its id alone. */
  boolean isWrapper(long pid, Path folder) {
    var arguments = arguments(pid);
    int name = arguments.indexOf(Wrapper.NAME);
    return name >= 0
        && name + 1 < arguments.size()
        && arguments.get(name + 1).equals(folder.toString());
  }

  private List<String> arguments(long pid) {
    if (!linux) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().arguments())
          .map(List::of)
          .orElse(List.of());
    }
    try {
      var bytes = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
      return List.of(new String(bytes, NativeText.charset()).split("\0", -1));
    } catch (IOException e) {
      return List.of(); // gone
    }
  }

  /** As {@link #of(Set)}, of one. */
  Set<Long> of(String attempt) {
    return of(Set.of(attempt));
  }

  /**
   * Living processes of attempts: those that carry their marks, and those in their process groups.
   * Empty where there is no {@code /proc}.
   */
  Set<Long> of(Set<String> attempts) {
    if (!linux) {
      return Set.of();
    }
    var marked = new HashSet<Long>();
    var groups = new HashMap<Long, Long>();
    try (var all =
        Files.newDirectoryStream(PROC, name -> isNumber(name.getFileName().toString()))) {
      for (var process : all) {
        long pid = Long.parseLong(process.getFileName().toString());
        long group = group(process);
        if (group > 0) {
          groups.put(pid, group);
          if (isMarked(process, attempts)) {
            marked.add(pid);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Set.of();
    }
    var theirs = new HashSet<Long>();
    marked.forEach(pid -> theirs.add(groups.getOrDefault(pid, pid)));
    var self = groups.get(ProcessHandle.current().pid());
    if (self != null) {
      theirs.remove(self);
    }
    groups.forEach((pid, group) -> {
      if (theirs.contains(group)) {
        marked.add(pid);
      }
    });
    return marked;
  }

  /** The process group; 0 for one that is gone or a zombie. */
  private static long group(Path process) {
    try {
      var stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      // pid (name) state parent group: the name may hold blanks and brackets.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
      return fields[0].equals("Z") || fields[0].equals("X") ? 0 : Long.parseLong(fields[2]);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static boolean isMarked(Path process, Set<String> attempts) {
    try {
      var bytes = Files.readAllBytes(process.resolve("environ"));
      for (var variable : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
        if (variable.startsWith(MARK) && attempts.contains(variable.substring(MARK.length()))) {
          return true;
        }
        if (variable.startsWith(AROUND)
            && !Collections.disjoint(
                attempts, List.of(variable.substring(AROUND.length()).split(" ", -1)))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // gone, or another user's
    }
  }

  private static boolean isNumber(String name) {
    return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
  }

  /** Sends a signal to a whole process group; quiet when there is none. */
  void signalGroup(String signal, long group) throws IOException {
    runQuietly(
        List.of("/bin/sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", signal, String.valueOf(group)));
  }

  /** Whether a process group has a member. */
  boolean groupLives(long group) throws IOException {
    return runQuietly(List.of("/bin/sh", "-c", "kill -0 -- \"-$1\"", "sh", String.valueOf(group)))
        == 0;
  }

  /** Whether it can still do something: a zombie cannot. */
  boolean isAlive(ProcessHandle process) {
    return process.isAlive() && (!linux || group(PROC.resolve(String.valueOf(process.pid()))) > 0);
  }

  /** All processes that come from this one, as of now. */
  static List<ProcessHandle> descendants(long pid) {
    var found = new ArrayList<ProcessHandle>();
    ProcessHandle.of(pid).ifPresent(process -> process.descendants().forEach(found::add));
    return found;
  }

  static void kill(long pid) {
    if (pid != ProcessHandle.current().pid()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Runs a small tool and waits for it, half a minute at most; -1 when it took longer. */
  static int runQuietly(List<String> command) throws IOException {
    var process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return -1;
  }
}
