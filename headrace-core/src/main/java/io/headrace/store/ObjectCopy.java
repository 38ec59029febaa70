package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.spi.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies the objects of one store that another lacks. Each is read through its digest, so that
 * damage is found and never copied. Others may use both stores meanwhile; an object that is taken
 * away before its turn is passed over.
 */
public final class ObjectCopy {
  /** So many digests in hand at once; a store may have millions. */
  private static final int CHUNK = 20_000;

  /**
   * What was done.
   *
   * @param copied objects that the other store did not have
   * @param bytes of those
   * @param present objects that it had
   * @param damaged those whose bytes are not what their digest says, and that it lacks still
   */
  public record Report(long copied, long bytes, long present, List<Digest> damaged) {
    public Report {
      damaged = List.copyOf(damaged);
    }
  }

  private final ObjectStore from;
  private final ObjectStore to;
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentLinkedQueue<Digest> damaged = new ConcurrentLinkedQueue<>();
  private long present;

  private ObjectCopy(ObjectStore from, ObjectStore to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Copies all of them.
   *
   * @throws IOException when either store cannot be used; what is copied by then stays
   */
  public static Report of(ObjectStore from, ObjectStore to) throws IOException {
    return new ObjectCopy(from, to).copy();
  }

  private Report copy() throws IOException {
    try (var all = from.list()) {
      var left = all.iterator();
      while (left.hasNext()) {
        var chunk = new ArrayList<Digest>();
        while (left.hasNext() && chunk.size() < CHUNK) {
          chunk.add(left.next());
        }
        var missing = to.missing(chunk);
        present += chunk.size() - missing.size();
        Parallel.each(List.copyOf(missing), Parallel.WRITERS, this::copy);
      }
    }
    return new Report(copied.get(), bytes.get(), present, damaged.stream().sorted().toList());
  }

  private void copy(Digest digest) throws IOException {
    Digest found;
    try (var in = from.open(digest)) {
      found = to.put(in);
    } catch (FileNotFoundException e) {
      return;
    }
    if (found.equals(digest)) {
      copied.incrementAndGet();
      bytes.addAndGet(to.size(digest));
    } else {
      damaged.add(digest);
      if (from.size(found) < 0) {
        to.remove(found); // nobody wanted those bytes
      }
    }
  }
}
