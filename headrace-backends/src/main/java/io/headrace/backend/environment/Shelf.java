package io.headrace.backend.environment;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The built environments of a workspace.
 *
 * <pre>
 * environments/
 *   0123456789abcdef.ready       the marker: which folder, what is in it, the lock; written last
 *   0123456789abcdef-5f3a9c01/   what was built; env/ is the environment, lock.txt the lock
 *   logs/0123456789abcdef.log    what the last build printed
 *   locks/0123456789abcdef.lock  held while someone builds
 * </pre>
 *
 * <p>A virtual environment cannot be moved, so each build has a folder of its own, under its final
 * name, that counts only once the marker names it. A build that was killed, and an installer that
 * outlived it, can write into their own folder only; the next build takes it away.
 *
 * <p>Thread-safe, and safe between processes.
 */
final class Shelf {
  private static final int NAME_DIGITS = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path root;
  private final InstantSource clock;

  Shelf(Path root, InstantSource clock) {
    this.root = root;
    this.clock = clock;
  }

  /**
   * Something built.
   *
   * @param folder its own; absolute
   * @param description for people
   * @param facts what else the builder wants to know of it later, by name; single lines
   * @param lock the resolved versions
   */
  record Item(Path folder, String description, TreeMap<String, String> facts, String lock) {}

  /** Makes an item in a folder that exists and is empty, and will not be moved. */
  interface Builder {
    Item build(Path folder, Path log) throws IOException, InterruptedException;
  }

  /** Whether an item that was built can still be used. */
  interface Check {
    boolean isUsable(Item item) throws InterruptedException;
  }

  /** What is there, without waiting and without starting anything: one file is read. */
  Optional<Item> find(Digest identity) {
    Path marker = marker(identity);
    try {
      if (!Files.exists(marker)) {
        return Optional.empty();
      }
      return parse(identity, Files.readString(marker));
    } catch (IOException | UncheckedIOException e) {
      throw disk(marker, "cannot be read", e);
    }
  }

  /**
   * Gives what is there and usable, or builds it; one builder at a time for an identity.
   *
   * @param waiting told who is building, when someone else is
   */
  Item findOrBuild(Digest identity, Check check, Builder builder, Consumer<String> waiting)
      throws InterruptedException {
    Path lock = root.resolve("locks").resolve(name(identity) + ".lock");
    try {
      Files.createDirectories(root);
      BuildLock held = BuildLock.take(lock, clock, waiting);
      try {
        Optional<Item> there = find(identity);
        if (there.isPresent() && check.isUsable(there.get())) {
          return there.get();
        }
        Files.deleteIfExists(marker(identity));
        removeAbandoned(identity);
        return build(identity, builder);
      } finally {
        held.close();
      }
    } catch (IOException e) {
      throw disk(root, "cannot be written", e);
    }
  }

  private Item build(Digest identity, Builder builder) throws IOException, InterruptedException {
    byte[] random = new byte[4];
    RANDOM.nextBytes(random);
    Path folder = root.resolve(name(identity) + "-" + HexFormat.of().formatHex(random));
    Path log = root.resolve("logs").resolve(name(identity) + ".log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    Files.createDirectory(folder);
    boolean whole = false;
    try {
      Item item = builder.build(folder, log);
      DurableFile.write(folder.resolve("lock.txt"), item.lock());
      syncAll(folder);
      DurableFile.write(marker(identity), text(identity, item));
      whole = true;
      return item;
    } finally {
      if (!whole) {
        remove(folder);
      }
    }
  }

  /**
   * The marker must not reach the disk before what it vouches for. There are tens of thousands of
   * files: one call that syncs the file system is faster than one for each, and where there is no
   * such program, the kernel's own half-minute must do.
   */
  private static void syncAll(Path folder) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("sync", "-f", folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.waitFor(5, TimeUnit.MINUTES);
    } catch (IOException e) {
      return; // No such program here.
    }
  }

  private void removeAbandoned(Digest identity) throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(root, name(identity) + "-*")) {
      for (Path folder : old) {
        remove(folder);
      }
    }
  }

  /** Takes away a folder as far as it goes; what cannot be removed is left for the next time. */
  private static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return; // An orphan may still be writing there; no marker will ever name the folder.
    }
  }

  private Path marker(Digest identity) {
    return root.resolve(name(identity) + ".ready");
  }

  private static String name(Digest identity) {
    return identity.hex().substring(0, NAME_DIGITS);
  }

  private static String text(Digest identity, Item item) {
    StringBuilder text = new StringBuilder("headrace-environment 1\n");
    text.append("identity ").append(identity).append('\n');
    text.append("folder ").append(item.folder().getFileName()).append('\n');
    text.append("description ").append(item.description()).append('\n');
    item.facts().forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    return text.append('\n').append(item.lock()).toString();
  }

  /** Empty when the marker is of another identity with the same first digits, or not ours. */
  private Optional<Item> parse(Digest identity, String text) {
    int end = text.indexOf("\n\n");
    if (end < 0) {
      return Optional.empty();
    }
    TreeMap<String, String> facts = new TreeMap<>();
    for (String line : VersionRange.split(text.substring(0, end), '\n')) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        facts.put(line.substring(0, blank), line.substring(blank + 1));
      }
    }
    String folder = facts.remove("folder");
    String description = facts.remove("description");
    boolean ours =
        "1".equals(facts.remove("headrace-environment"))
            && identity.hex().equals(facts.remove("identity"));
    if (!ours || folder == null || description == null) {
      return Optional.empty();
    }
    return Optional.of(new Item(root.resolve(folder), description, facts, text.substring(end + 2)));
  }

  private static io.headrace.problem.ProblemException disk(Path path, String what, Exception e) {
    String free = "unknown";
    try {
      free = Files.getFileStore(path.getRoot()).getUsableSpace() / (1 << 20) + " MiB";
      free = Files.getFileStore(path).getUsableSpace() / (1 << 20) + " MiB";
    } catch (IOException | RuntimeException none) {
      e.addSuppressed(none);
    }
    return Problem.of(
            ErrorCode.DISK, path + " " + what + ": " + e.getMessage() + " (free: " + free + ")")
        .fix("make room, or check the folder's permissions; then run again")
        .asException(e);
  }
}
