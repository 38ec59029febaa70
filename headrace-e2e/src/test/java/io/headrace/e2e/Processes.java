package io.headrace.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine's processes, by what /proc says of them. */
final class Processes {
  private Processes() {}

  /** Those that have a text in their command line or environment; not this one. */
  static List<ProcessHandle> mentioning(String text) {
    var found = new ArrayList<ProcessHandle>();
    for (var process : ProcessHandle.allProcesses().toList()) {
      if (process.pid() != ProcessHandle.current().pid()
          && (proc(process.pid(), "cmdline").contains(text)
              || proc(process.pid(), "environ").contains(text))) {
        found.add(process);
      }
    }
    return found;
  }

  /** The wrappers of a workspace's steps; each leads its step's group. */
  static List<ProcessHandle> wrappers(String workspace) {
    return mentioning(workspace).stream()
        .filter(it -> proc(it.pid(), "cmdline").contains("headrace-step\0" + workspace))
        .toList();
  }

  /** What a person needs to know of processes that should not be there. */
  static String describe(List<ProcessHandle> processes) {
    var text = new StringBuilder();
    for (var it : processes) {
      text.append(it.pid()).append(' ').append(proc(it.pid(), "cmdline").replace('\0', ' '));
      text.append('\n');
    }
    return text.toString();
  }

  /** A negative number means the group. */
  static void signal(String name, long pid) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " -- " + pid).start().waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty when the process is gone. */
  private static String proc(long pid, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
