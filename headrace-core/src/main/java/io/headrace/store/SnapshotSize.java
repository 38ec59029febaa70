package io.headrace.store;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Visible;
import io.headrace.store.FolderManifest.FileEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Warns of a snapshot so large that something is probably in it by mistake. */
final class SnapshotSize {
  /** Azure ML refuses snapshots of more than 300 MB. */
  static final long MOST_BYTES = 300L * 1000 * 1000;

  static final long MOST_FILES = 10_000;
  private static final int SHOWN = 5;

  private SnapshotSize() {}

  /** What stands directly in the root: a file, or a folder with all below it. */
  private static final class Sum {
    final String name;
    long bytes;
    long files;

    Sum(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return Visible.text(name) + " (" + amount(bytes, files) + ")";
    }
  }

  static Optional<Problem> warning(Path root, FolderManifest snapshot) {
    long bytes = snapshot.bytes();
    long files = snapshot.fileCount();
    if (bytes <= MOST_BYTES && files <= MOST_FILES) {
      return Optional.empty();
    }
    var sums = sums(snapshot.files());
    sums.sort(
        bytes > MOST_BYTES
            ? (a, b) -> Long.compare(b.bytes, a.bytes)
            : (a, b) -> Long.compare(b.files, a.files));
    var biggest = sums.stream().limit(SHOWN).map(Sum::toString).toList();
    return Optional.of(
        Problem.of(
                ErrorCode.LARGE_SNAPSHOT,
                "the code folder "
                    + root
                    + " is large: "
                    + amount(bytes, files)
                    + "; the biggest in it: "
                    + String.join(", ", biggest))
            .fix("name what the code does not need in " + root.resolve(".amlignore"))
            .warning());
  }

  private static List<Sum> sums(List<FileEntry> files) {
    var sums = new LinkedHashMap<String, Sum>();
    for (var file : files) {
      int slash = file.path().indexOf('/');
      var name = slash < 0 ? file.path() : file.path().substring(0, slash + 1);
      var sum = sums.computeIfAbsent(name, Sum::new);
      sum.bytes += file.size();
      sum.files++;
    }
    return new ArrayList<>(sums.values());
  }

  private static String amount(long bytes, long files) {
    return String.format(
        Locale.ROOT, "%.1f MB in %,d file%s", bytes / 1e6, files, files == 1 ? "" : "s");
  }
}
