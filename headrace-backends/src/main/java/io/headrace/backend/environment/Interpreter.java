package io.headrace.backend.environment;

import java.nio.file.Path;
import java.util.List;

/**
 * A Python that was started once and answered.
 *
 * @param executable absolute; links followed, unless it is the Python that is here
 * @param venv whether it can make virtual environments by itself
 * @param paths folders on its sys.path
 */
record Interpreter(Path executable, PythonVersion version, boolean venv, List<Path> paths) {
  Interpreter {
    paths = List.copyOf(paths);
  }

  /** The folder of its programs: {@code python}, {@code pip}. */
  Path folder() {
    Path parent = executable.getParent();
    return parent == null ? executable : parent;
  }
}
