package io.headrace.registry;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Looks into a file for code that would run when somebody loads it. Never loads anything. A place
 * for scanners of others; ours is {@link PickleScanner}.
 */
public interface ModelScanner {
  /**
   * What there is to know of a file, a line each, for people; nothing when it may be loaded without
   * a second thought, or is of no kind that this scanner knows.
   *
   * @param path of the file within the model
   * @param bytes read as far as need be, and left open
   */
  List<String> scan(String path, InputStream bytes) throws IOException;
}
