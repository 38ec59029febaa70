package io.headrace.engine;

import io.headrace.plan.StepInput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the files that come with Headrace. */
final class Supplies {
  private Supplies() {}

  /** Their bytes, by their paths. */
  static Map<String, byte[]> of(StepInput.Supplied supplied) throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    for (var file : supplied.files()) {
      var name = "/" + supplied.resources() + "/" + file;
      try (var bytes = Supplies.class.getResourceAsStream(name)) {
        if (bytes == null) {
          throw new IllegalStateException("the program lacks " + name);
        }
        files.put(file, bytes.readAllBytes());
      }
    }
    return files;
  }
}
