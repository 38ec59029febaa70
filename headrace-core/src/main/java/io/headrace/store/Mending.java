package io.headrace.store;

import io.headrace.name.Digest;
import io.headrace.spi.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;

/** Makes an object whole again, or at least takes a damaged one away. */
record Mending(ObjectStore store, Sources sources) {
  /** Whether the object is here and whole afterwards. */
  boolean mend(Digest digest) throws IOException {
    try {
      if (!store.dropIfDamaged(digest)) {
        return true;
      }
    } catch (FileNotFoundException e) {
      // gone already
    }
    for (var source : sources.of(digest)) {
      if (has(source, digest) && store.put(source).equals(digest)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(java.nio.file.Path source, Digest digest) {
    try {
      return Contents.hash(source).digest().equals(digest);
    } catch (IOException e) {
      return false; // gone or unreadable: perhaps another has the bytes
    }
  }
}
