package io.headrace.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts what passes. For one thread. */
final class CountingStream extends FilterOutputStream {
  private long written;

  CountingStream(OutputStream to) {
    super(to);
  }

  long written() {
    return written;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    written++;
  }

  @Override
  public void write(byte[] bytes, int start, int length) throws IOException {
    out.write(bytes, start, length);
    written += length;
  }
}
