package io.headrace.backend.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.name.Digest;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store promises when the disk, the power or the process fails. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrokenDiskTest {
  private static final int LARGE = 300_000;

  @TempDir Path folder;

  private static byte[] random(int length, long seed) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Digest digest(byte[] bytes) {
    return Digest.of(Digest.sha256().digest(bytes));
  }

  /** All ways to store, of small and large bytes; each acknowledged digest is told. */
  private static void storeAll(FileObjectStore store, Path work, Set<Digest> acknowledged)
      throws IOException {
    Files.createDirectories(work);
    for (int length : List.of(10, LARGE)) {
      acknowledged.add(store.put(new ByteArrayInputStream(random(length, 1))));
      acknowledged.add(store.put(Files.write(work.resolve("put" + length), random(length, 2))));
      acknowledged.add(store.adopt(Files.write(work.resolve("ad" + length), random(length, 3))));
      acknowledged.add(store.adopt(Files.write(work.resolve("dup" + length), random(length, 1))));
    }
  }

  /** Every object that is visible is whole, and what was acknowledged is visible. */
  private static void assertSound(Path objects, Set<Digest> acknowledged) throws IOException {
    var store = new FileObjectStore(objects);
    try (var all = store.list()) {
      for (var digest : all.toList()) {
        assertThat(store.intact(digest)).isTrue();
      }
    }
    assertThat(store.missing(acknowledged)).isEmpty();
  }

  private static List<Path> leftovers(Path objects) throws IOException {
    try (var files = Files.walk(objects.resolve("tmp"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".lock"))
          .toList();
    }
  }

  /** A disk on which one operation, counted from 0, fails, and from then on perhaps all. */
  private static final class FailingDisk extends Disk {
    private final int failing;
    private final boolean forEver;
    private int count;

    FailingDisk(int failing, boolean forEver) {
      this.failing = failing;
      this.forEver = forEver;
    }

    int count() {
      return count;
    }

    @Override
    void before(Operation operation, Path path) throws IOException {
      int now = count++;
      boolean fails = now == failing || (forEver && now > failing);
      if (fails && operation != Operation.DELETE) {
        throw new FileSystemException(path.toString(), null, "No space left on device");
      }
    }
  }

  @Nested
  class Given_a_disk_that_fails_at_one_operation {
    @Test
    void then_for_every_operation_nothing_half_is_visible_and_the_next_try_works()
        throws IOException {
      var counting = new FailingDisk(Integer.MAX_VALUE, false);
      storeAll(
          new FileObjectStore(folder.resolve("count"), counting),
          folder.resolve("work"),
          new HashSet<>());
      assertThat(counting.count()).isGreaterThan(40);
      for (int failing = 0; failing < counting.count(); failing++) {
        for (var forEver : List.of(true, false)) {
          check(failing, forEver);
        }
      }
    }

    private void check(int failing, boolean forEver) throws IOException {
      var objects = folder.resolve("o" + failing + forEver);
      var work = folder.resolve("w" + failing + forEver);
      var acknowledged = new HashSet<Digest>();
      var thrown =
          catchThrowable(() ->
              storeAll(
                  new FileObjectStore(objects, new FailingDisk(failing, forEver)),
                  work,
                  acknowledged));
      if (thrown != null) {
        assertThat(thrown)
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("No space left on device")
            .hasMessageContaining("bytes free");
        assertThat(((ProblemException) thrown).problems().getFirst().code())
            .isEqualTo(ErrorCode.DISK);
      }
      assertSound(objects, acknowledged);
      assertThat(leftovers(objects)).isEmpty();
      storeAll(new FileObjectStore(objects), work, acknowledged);
      assertSound(objects, acknowledged);
    }
  }

  /**
   * Takes notes of what a power cut would leave: bytes that were synced, names whose folder was
   * synced since.
   */
  private static final class PowerDisk extends Disk {
    private final Set<Path> syncedFiles = new HashSet<>();
    private final Map<Path, Path> links = new HashMap<>();
    private final Set<Path> durableNames = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    @Override
    void link(Path name, Path existing) throws IOException {
      if (!syncedFiles.contains(existing) && !durableNames.contains(existing)) {
        faults.add("linked before its bytes were synced: " + name);
      }
      super.link(name, existing);
      links.put(name, existing);
      syncedFiles.add(name);
    }

    @Override
    void move(Path from, Path to) throws IOException {
      if (!syncedFiles.contains(from)) {
        faults.add("moved before its bytes were synced: " + to);
      }
      super.move(from, to);
      links.put(to, from);
    }

    @Override
    void write(java.nio.channels.FileChannel channel, Path file, byte[] bytes, int length)
        throws IOException {
      super.write(channel, file, bytes, length);
      syncedFiles.remove(file);
    }

    @Override
    void seal(Path file, boolean executable) throws IOException {
      super.seal(file, executable);
      syncedFiles.remove(file);
    }

    @Override
    void sync(java.nio.channels.FileChannel channel, Path file) throws IOException {
      super.sync(channel, file);
      syncedFiles.add(file);
    }

    @Override
    void sync(Path file) throws IOException {
      super.sync(file);
      syncedFiles.add(file);
    }

    @Override
    void makeFolder(Path made) throws IOException {
      super.makeFolder(made);
      links.put(made, made);
    }

    @Override
    void syncFolder(Path synced) throws IOException {
      super.syncFolder(synced);
      for (var name : links.keySet()) {
        if (synced.equals(name.getParent())) {
          durableNames.add(name);
        }
      }
    }

    boolean survives(Path objects, Digest digest) {
      var shard = objects.resolve(digest.hex().substring(0, 2));
      return durableNames.contains(shard)
          && durableNames.contains(shard.resolve(digest.hex().substring(2)));
    }
  }

  @Nested
  class Given_a_power_cut {
    @Test
    void when_anything_is_acknowledged_then_bytes_name_and_folder_have_reached_the_disk()
        throws IOException {
      var disk = new PowerDisk();
      var objects = folder.resolve("objects");
      var store = new FileObjectStore(objects, disk);
      var acknowledged =
          new HashSet<Digest>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(Digest digest) {
              assertThat(disk.survives(objects, digest)).isTrue();
              return super.add(digest);
            }
          };
      storeAll(store, folder.resolve("work"), acknowledged);
      assertThat(disk.faults).isEmpty();
      assertThat(acknowledged).hasSize(6);
    }
  }

  /** Runs in a process of its own: stores until the wanted operation, then stops as by kill -9. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws IOException {
      var objects = Path.of(arguments[0]);
      int stopAt = Integer.parseInt(arguments[2]);
      var disk =
          new Disk() {
            private int count;

            @Override
            void before(Operation operation, Path path) {
              if (count++ == stopAt) {
                Runtime.getRuntime().halt(137);
              }
            }
          };
      var told =
          new HashSet<Digest>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean add(Digest digest) {
              System.out.println(digest.hex());
              System.out.flush();
              return super.add(digest);
            }
          };
      storeAll(new FileObjectStore(objects, disk), Path.of(arguments[1]), told);
    }
  }

  @Nested
  class Given_a_process_that_is_killed {
    @Test
    void then_at_every_operation_what_it_acknowledged_is_there_and_what_it_left_is_swept()
        throws Exception {
      int killed = 0;
      for (int stopAt = 0; stopAt < 90; stopAt += 3) {
        var objects = folder.resolve("k" + stopAt);
        var victim = start(objects, stopAt);
        var acknowledged =
            victim.inputReader(UTF_8).lines().map(Digest::new).collect(Collectors.toSet());
        assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
        killed += victim.exitValue() == 137 ? 1 : 0;
        assertSound(objects, acknowledged);
        assertThat(leftovers(objects)).isEmpty();
      }
      assertThat(killed).isGreaterThan(10);
    }

    private Process start(Path objects, int stopAt) throws IOException {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              Victim.class.getName(),
              objects.toString(),
              folder.resolve("work" + stopAt).toString(),
              Integer.toString(stopAt))
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    }
  }

  /** Runs in a process of its own: puts and adopts the same bytes as its twin. */
  static final class Twin {
    private Twin() {}

    public static void main(String[] arguments) throws IOException {
      var store = new FileObjectStore(Path.of(arguments[0]));
      var work = Files.createDirectories(Path.of(arguments[1]));
      for (int i = 0; i < 200; i++) {
        var bytes = random(i % 10 == 0 ? LARGE : 10 + i, i);
        var file = Files.write(work.resolve("f" + i), bytes);
        var put = store.put(new ByteArrayInputStream(bytes));
        var adopted = store.adopt(file);
        if (!put.equals(adopted) || !store.missing(List.of(put)).isEmpty()) {
          throw new AssertionError("object " + put + " is not as it was put");
        }
      }
    }
  }

  @Nested
  class Given_two_processes {
    @Test
    void when_both_store_the_same_bytes_at_once_then_each_object_is_there_once_and_whole()
        throws Exception {
      var objects = folder.resolve("shared");
      var twins = List.of(start(objects, "one"), start(objects, "two"));
      for (var twin : twins) {
        assertThat(twin.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(twin.exitValue()).isZero();
      }
      var expected = new HashSet<Digest>();
      for (int i = 0; i < 200; i++) {
        expected.add(digest(random(i % 10 == 0 ? LARGE : 10 + i, i)));
      }
      assertSound(objects, expected);
      try (var all = new FileObjectStore(objects).list()) {
        assertThat(all.collect(Collectors.toSet())).isEqualTo(expected);
      }
      assertThat(leftovers(objects)).isEmpty();
    }

    private Process start(Path objects, String name) throws IOException {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              Twin.class.getName(),
              objects.toString(),
              folder.resolve(name).toString())
          .inheritIO()
          .start();
    }
  }

  @Nested
  class Given_another_file_system {
    @Test
    void when_adopted_from_there_or_given_to_there_then_bytes_are_copied() throws IOException {
      try (var other = Tmpfs.mount(folder.resolve("other"), "4m")) {
        var store = new FileObjectStore(folder.resolve("objects"));
        var file = Files.write(other.folder().resolve("out"), random(LARGE, 5));
        var digest = store.adopt(file);
        assertThat(store.intact(digest)).isTrue();
        var target = other.folder().resolve("given");
        store.give(digest, target, false);
        assertThat(target).hasBinaryContent(random(LARGE, 5));
        assertThat(Files.getPosixFilePermissions(target).toString()).doesNotContain("WRITE");
        assertThat(Files.getLastModifiedTime(target)).isEqualTo(FileObjectStore.SEALED);
      }
    }
  }

  @Nested
  class Given_a_small_disk {
    @Test
    void when_it_is_full_then_the_problem_tells_the_free_bytes_and_it_goes_on_when_there_is_space()
        throws IOException {
      try (var small = Tmpfs.mount(folder.resolve("small"), "2m")) {
        var objects = small.folder().resolve("objects");
        var store = new FileObjectStore(objects);
        var kept = store.put(new ByteArrayInputStream(random(LARGE, 6)));
        var filler = Files.write(small.folder().resolve("filler"), new byte[1_000_000]);
        var large = random(2_000_000, 7);
        assertThatThrownBy(() -> store.put(new ByteArrayInputStream(large)))
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("HR-2006")
            .hasMessageContaining(objects.toString())
            .hasMessageContaining("bytes free");
        assertThat(leftovers(objects)).isEmpty();
        assertThat(store.intact(kept)).isTrue();
        Files.delete(filler);
        var fits = random(1_000_000, 8);
        assertThat(store.put(new ByteArrayInputStream(fits))).isEqualTo(digest(fits));
        assertSound(objects, Set.of(kept, digest(fits)));
      }
    }

    @Test
    void when_it_is_read_only_then_objects_can_be_read_and_a_write_says_why() throws Exception {
      try (var small = Tmpfs.mount(folder.resolve("small"), "2m")) {
        var objects = small.folder().resolve("objects");
        Digest kept;
        try (var store = new FileObjectStore(objects)) {
          kept = store.put(new ByteArrayInputStream("kept".getBytes(UTF_8)));
        }
        small.makeReadOnly();
        var store = new FileObjectStore(objects);
        assertThat(store.missing(Set.of(kept))).isEmpty();
        assertThat(store.intact(kept)).isTrue();
        assertThatThrownBy(() -> store.put(new ByteArrayInputStream(new byte[10])))
            .isInstanceOf(ProblemException.class)
            .hasMessageContaining("Read-only file system");
      }
    }
  }

  /** A small file system of its own; the test is skipped where it may not be made. */
  private record Tmpfs(Path folder) implements AutoCloseable {
    static Tmpfs mount(Path folder, String size) throws IOException {
      Files.createDirectories(folder);
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) == 0,
          "a tmpfs can only be mounted by root");
      return new Tmpfs(folder);
    }

    void makeReadOnly() throws IOException {
      assertThat(run("mount", "-o", "remount,ro", folder.toString())).isZero();
    }

    private static int run(String... command) throws IOException {
      try {
        return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return -1;
      }
    }

    @Override
    public void close() {
      try {
        run("umount", "-l", folder.toString());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
