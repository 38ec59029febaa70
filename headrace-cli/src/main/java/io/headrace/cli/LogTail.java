package io.headrace.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The end of a log, without reading the rest. */
final class LogTail {
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_CHARACTERS = 1000;

  private LogTail() {}

  /**
   * The last lines, control characters made harmless, long lines cut; empty when there is no log.
   */
  static List<String> last(Path log, int lines) throws IOException {
    if (!Files.exists(log)) {
      return List.of();
    }
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - MOST_BYTES);
      file.seek(from);
      var bytes = new byte[(int) (file.length() - from)];
      int read = file.read(bytes);
      var text = new String(bytes, 0, Math.max(0, read), StandardCharsets.UTF_8);
      var all = new ArrayList<String>(text.lines().toList());
      if (from > 0 && all.size() > 1) {
        all.removeFirst();
      }
      return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
          .map(LogTail::harmless)
          .toList();
    }
  }

  /** A log must not move the cursor or rename the window of whoever looks at it. */
  static String harmless(String line) {
    var plain = new StringBuilder(Math.min(line.length(), MOST_CHARACTERS));
    for (int i = 0; i < line.length() && plain.length() < MOST_CHARACTERS; i++) {
      char c = line.charAt(i);
      plain.append(c == '\t' || !Character.isISOControl(c) ? c : '\uFFFD');
    }
    return line.length() > MOST_CHARACTERS ? plain + " ..." : plain.toString();
  }
}
