package io.headrace.plan;

import io.headrace.name.Digest;
import java.nio.file.Path;
import java.util.List;

/** The files that a step finds in its working folder. */
public sealed interface Code {
  /** None: the working folder starts empty. */
  record None() implements Code {}

  /**
   * A folder (or one file) of this machine.
   *
   * @param path absolute; existed when planned
   * @param additionalIncludes absolute; copied into the root under their base names; an entry whose
   *     name ends in {@code .zip} and that does not exist names the folder to zip
   */
  record Local(Path path, List<Path> additionalIncludes) implements Code {
    public Local {
      additionalIncludes = List.copyOf(additionalIncludes);
    }
  }

  /** A snapshot in the object store: the digest of a folder manifest. */
  record Stored(Digest manifest) implements Code {}
}
