package io.headrace.engine;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees to it that one engine works on a run at a time. The lock is the operating system's, on an
 * open file: it goes with the process that held it, however that ended, so it never needs removing
 * by hand. What the file says is only for people and for {@link Holder#boot}.
 */
final class RunLock implements AutoCloseable {
  /**
   * Who holds or held a run.
   *
   * @param boot names the start of the machine: after another one, no process of before can be
   *     alive and no unsynced byte of before can be trusted
   */
  record Holder(String host, long pid, Instant since, String boot) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static Holder self(Instant now) {
      return new Holder(hostName(), ProcessHandle.current().pid(), now, bootId());
    }

    private static String hostName() {
      var name = System.getenv("HOSTNAME");
      if (name != null && !name.isBlank()) {
        return name;
      }
      try {
        var file = Path.of("/etc/hostname");
        return Files.isReadable(file)
            ? Files.readString(file).strip()
            : InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        return "localhost";
      }
    }

    private static String bootId() {
      try {
        return Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "unknown";
      } catch (IOException e) {
        return "unknown";
      }
    }

    String text() {
      return host + "\n" + pid + "\n" + since + "\n" + boot + "\n";
    }

    static Optional<Holder> parse(String text) {
      var lines = text.lines().toList();
      if (lines.size() < 4) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Holder(
                lines.get(0),
                Long.parseLong(lines.get(1)),
                Instant.parse(lines.get(2)),
                lines.get(3)));
      } catch (NumberFormatException | java.time.DateTimeException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * The runs that this process has locked. The system's locks belong to the process, and closing
   * any channel on the file would drop them, so a locked file is not opened a second time.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private static final int TRIES = 20;

  private final Path file;
  private final FileChannel channel;
  private final Optional<Holder> before;

  private RunLock(Path file, FileChannel channel, Optional<Holder> before) {
    this.file = file;
    this.channel = channel;
    this.before = before;
  }

  /**
   * Takes a run's lock.
   *
   * @param folder the run's, which exists; absolute
   * @throws io.headrace.problem.ProblemException RUN_BUSY, naming the holder, when another engine
   *     has it
   */
  static RunLock take(Path folder, String run, Instant now)
      throws IOException, InterruptedException {
    var file = folder.resolve("lock");
    if (!OURS.add(file)) {
      throw busy(run, holder(folder));
    }
    FileChannel channel = null;
    boolean kept = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var before = holder(folder);
      kept = lock(channel);
      if (!kept) {
        throw busy(run, holder(folder));
      }
      Files.writeString(folder.resolve("owner"), Holder.self(now).text());
      return new RunLock(file, channel, before);
    } finally {
      if (!kept) {
        OURS.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Whoever asks {@link #isHeld} has the lock for a moment: an honest taker tries again. */
  private static boolean lock(FileChannel channel) throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      if (channel.tryLock() != null) {
        return true;
      }
      Thread.sleep(5);
    }
    return false;
  }

  /** Whether some living engine has the lock of the run in {@code folder} now. */
  static boolean isHeld(Path folder) throws IOException {
    var file = folder.resolve("lock");
    if (OURS.contains(file)) {
      return true;
    }
    if (!Files.exists(file)) {
      return false;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.tryLock() == null;
    }
  }

  /** Who had or has the run; whether they still live is another question. */
  static Optional<Holder> holder(Path folder) throws IOException {
    var file = folder.resolve("owner");
    return Files.exists(file) ? Holder.parse(Files.readString(file)) : Optional.empty();
  }

  private static RuntimeException busy(String run, Optional<Holder> holder) {
    var who =
        holder.map(it -> " (host %s, pid %d, since %s)".formatted(it.host(), it.pid(), it.since()));
    return Problem.of(
            ErrorCode.RUN_BUSY,
            "run " + run + " is being worked on by another headrace" + who.orElse(""))
        .fix(
            "follow it with `headrace job stream "
                + run
                + "`, or end it with `headrace job cancel "
                + run
                + "`")
        .asException();
  }

  /**
   * Whether the machine has been started anew since the last holder: then no process of before is
   * alive, and no byte that was not synced can be trusted.
   */
  boolean rebooted() {
    return before.isPresent() && !before.get().boot().equals(Holder.self(Instant.EPOCH).boot());
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      OURS.remove(file);
    }
  }
}
