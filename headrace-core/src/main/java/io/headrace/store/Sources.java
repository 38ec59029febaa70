package io.headrace.store;

import io.headrace.name.Digest;
import java.nio.file.Path;
import java.util.List;

/** Knows where on this machine bytes were seen, so that a damaged object can be made whole. */
@FunctionalInterface
public interface Sources {
  /** Knows nothing. */
  Sources NONE = _ -> List.of();

  /** Files that once had these bytes; they may have changed or gone since. */
  List<Path> of(Digest digest);
}
