package io.headrace.backend.file;

import io.headrace.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A buffer and a SHA-256 computation, used again and again. For one thread at a time. */
final class Scratch implements AutoCloseable {
  private static final int SIZE = 128 * 1024;
  private static final ConcurrentLinkedQueue<Scratch> IDLE = new ConcurrentLinkedQueue<>();

  final byte[] buffer = new byte[SIZE];
  final MessageDigest sha256 = Digest.sha256();

  private Scratch() {}

  static Scratch take() {
    var idle = IDLE.poll();
    return idle == null ? new Scratch() : idle;
  }

  /** Reads until the buffer is full or the stream ends; how much came. */
  int fill(InputStream bytes) throws IOException {
    return bytes.readNBytes(buffer, 0, SIZE);
  }

  /** Whether so many bytes in the buffer mean that the stream has ended. */
  static boolean isAll(int length) {
    return length < SIZE;
  }

  Digest digestOf(int length) {
    sha256.update(buffer, 0, length);
    return Digest.of(sha256.digest());
  }

  @Override
  public void close() {
    sha256.reset();
    IDLE.add(this);
  }
}
