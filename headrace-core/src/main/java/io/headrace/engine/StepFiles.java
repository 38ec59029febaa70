package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.DataType;
import io.headrace.run.OutputData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the engine asks of the bytes' room while steps run. */
public interface StepFiles {
  /** Writable copies of a snapshot's files. */
  void giveCode(Digest manifest, Path folder) throws IOException;

  /** A read-only file or folder at {@code target}, which does not exist. */
  void give(Digest digest, boolean folder, Path target) throws IOException;

  /** What of a given file or folder is no longer as given: relative paths. */
  List<String> changed(Digest digest, boolean folder, Path target) throws IOException;

  /** Takes over what a step made. */
  OutputData take(Path path, DataType type) throws IOException;

  /** Takes a folder of artifacts over; nothing when it holds no file. */
  Optional<Digest> takeArtifacts(Path folder) throws IOException;

  /** Whether all objects of an output are still here. */
  boolean whole(OutputData data);

  /** Removes a folder and all in it; does nothing when it is not there. */
  void remove(Path folder) throws IOException;
}
