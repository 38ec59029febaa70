package io.headrace.backend.environment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One builder at a time for an environment, among threads and processes. The operating system holds
 * the lock and lets go of it when its holder dies, however it dies: the file itself means nothing
 * and stays.
 */
final class BuildLock implements AutoCloseable {
  /**
   * Far behind the text, so that the text can be read on systems where a lock also bars reading.
   */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * The operating system's lock belongs to the process, and closing any descriptor of the file lets
   * go of it, so only one thread of this process may have the file open.
   */
  private static final ConcurrentHashMap<Path, ReentrantLock> IN_THIS_PROCESS =
      new ConcurrentHashMap<>();

  private final ReentrantLock mine;
  private final FileChannel channel;

  private BuildLock(ReentrantLock mine, FileChannel channel) {
    this.mine = mine;
    this.channel = channel;
  }

  /**
   * Waits until it is ours.
   *
   * @param waiting told who holds it, when it is held
   */
  static BuildLock take(Path file, InstantSource clock, Consumer<String> waiting)
      throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    ReentrantLock mine =
        IN_THIS_PROCESS.computeIfAbsent(
            file.toAbsolutePath().normalize(), key -> new ReentrantLock());
    mine.lockInterruptibly();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        waiting.accept(text(channel));
        channel.lock(LOCKED_BYTE, 1, false);
      }
      write(channel, holder(clock));
      return new BuildLock(mine, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      mine.unlock();
      if (Thread.interrupted()) {
        InterruptedException interrupted = new InterruptedException("waiting for " + file);
        interrupted.initCause(e);
        throw interrupted;
      }
      throw e;
    }
  }

  private static String holder(InstantSource clock) {
    return "process "
        + ProcessHandle.current().pid()
        + " on "
        + hostName()
        + " since "
        + clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  /** Without asking the network. */
  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      String name = System.getenv("HOSTNAME");
      return name == null ? "this machine" : name;
    }
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1024);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "another process" : text;
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.truncate(0);
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      mine.unlock();
    }
  }
}
