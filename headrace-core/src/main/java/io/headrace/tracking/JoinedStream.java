package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Objects one after the other, each opened when it is its turn. */
final class JoinedStream extends InputStream {
  private final ObjectStore objects;
  private final List<Digest> digests;
  private int next;
  private InputStream present = InputStream.nullInputStream();

  JoinedStream(ObjectStore objects, List<Digest> digests) {
    this.objects = objects;
    this.digests = digests;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = present.read(bytes, offset, length);
    while (read < 0 && next < digests.size()) {
      present.close();
      present = objects.open(digests.get(next));
      next++;
      read = present.read(bytes, offset, length);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    present.close();
  }
}
