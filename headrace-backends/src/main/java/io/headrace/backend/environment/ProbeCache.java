package io.headrace.backend.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Pythons answered when they were started, believed while the executable keeps its size and
 * time. Only a cache: when it cannot be read or written, they are started again. Thread-safe.
 */
final class ProbeCache {
  private static final String FIRST_LINE = "headrace-pythons 1";

  private final Path file;
  private final Map<String, String> entries = new TreeMap<>();
  private boolean changed;

  ProbeCache(Path file) {
    this.file = file;
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (!lines.isEmpty() && lines.getFirst().equals(FIRST_LINE)) {
        for (int at = 1; at + 1 < lines.size(); at += 2) {
          entries.put(lines.get(at), lines.get(at + 1));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      entries.clear();
    }
  }

  /** Size and time of a file; {@code -} when it is not there. */
  static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() + "," + now.lastModifiedTime().toMillis();
    } catch (IOException e) {
      return "-";
    }
  }

  /**
   * What is known of a Python: empty outside when nothing is, empty inside when it does not work.
   *
   * @param more what else the answer hangs on
   */
  synchronized Optional<Optional<Interpreter>> get(String key, Path executable, String more) {
    String answer = entries.get(entry(key, executable, more));
    if (answer == null) {
      return Optional.empty();
    }
    Optional<Interpreter> known = Interpreters.answer(answer);
    // One that answers for another executable (a virtual environment's base) goes with that, too.
    boolean gone = known.isPresent() && !Files.isExecutable(known.get().executable());
    return gone ? Optional.empty() : Optional.of(known);
  }

  synchronized void put(String key, Path executable, String more, Interpreters.Answer answer) {
    if (answer.sure()) {
      entries.keySet().removeIf(old -> old.startsWith(key + "\t"));
      String line = answer.python().map(ProbeCache::line).orElse("does not work");
      entries.put(entry(key, executable, more), line);
      changed = true;
    }
  }

  private static String entry(String key, Path executable, String more) {
    return (key + "\t" + stamp(executable) + "\t" + more).replace('\n', ' ');
  }

  private static String line(Interpreter python) {
    List<String> fields = new ArrayList<>();
    fields.add("headrace-python");
    fields.add(python.version().toString());
    fields.add(python.venv() ? "1" : "0");
    fields.add(python.executable().toString());
    python.paths().forEach(path -> fields.add(path.toString()));
    return fields.stream().map(field -> field.replace('\n', ' ')).collect(Collectors.joining("\t"));
  }

  synchronized void save() {
    if (!changed) {
      return;
    }
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    entries.forEach((key, answer) -> text.append(key).append('\n').append(answer).append('\n'));
    try {
      Files.createDirectories(file.getParent());
      Path temporary = Files.createTempFile(file.getParent(), ".pythons", ".tmp");
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      changed = false;
    } catch (IOException e) {
      changed = true; // Not kept: the next process asks again.
    }
  }
}
