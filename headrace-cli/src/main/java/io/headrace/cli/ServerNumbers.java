package io.headrace.cli;

import io.headrace.watch.Metrics;
import io.headrace.watch.WatchCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a server tells of itself besides its requests. */
final class ServerNumbers {
  private ServerNumbers() {}

  static List<Metrics.Reading> of(Wiring wiring) {
    return List.of(
        new Metrics.Reading(
            "runs",
            "gauge",
            "Runs in the records, by state; a run that nobody works on counts as running.",
            "state",
            () -> runs(wiring)),
        new Metrics.Reading(
            "disk_free_bytes",
            "gauge",
            "Room left where the workspace is.",
            "place",
            () ->
                Map.of("workspace", (double) wiring.workspace().root().toFile().getUsableSpace())),
        new Metrics.Reading(
            "records_bytes",
            "gauge",
            "Size of the records' files.",
            "file",
            () -> records(wiring.workspace().records())));
  }

  private static Map<String, Double> runs(Wiring wiring) {
    var counts = new TreeMap<String, Double>();
    wiring
        .ledger()
        .counts()
        .forEach(
            (status, count) -> counts.put(status.name().toLowerCase(Locale.ROOT), (double) count));
    return counts;
  }

  /** Nothing where the records are in a database of its own, which tells it itself. */
  private static Map<String, Double> records(Path file) {
    var sizes = new TreeMap<String, Double>();
    for (var each : List.of(file, file.resolveSibling(file.getFileName() + "-wal"))) {
      if (Files.exists(each)) {
        sizes.put(String.valueOf(each.getFileName()), (double) each.toFile().length());
      }
    }
    return sizes;
  }

  /** What must work for the server to be of use. */
  static List<WatchCalls.Check> checks(Wiring wiring) {
    return List.of(
        new WatchCalls.Check("the records do not answer", wiring::checkRecords),
        new WatchCalls.Check("the disk takes no bytes", () -> touch(wiring.workspace().root())));
  }

  private static void touch(Path folder) throws IOException {
    var file = Files.createTempFile(folder, "ready", ".tmp");
    try {
      Files.write(file, new byte[4_096]);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
