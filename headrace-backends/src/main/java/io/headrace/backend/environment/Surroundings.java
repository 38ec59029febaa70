package io.headrace.backend.environment;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process's variables, and what they say about where programs are. */
record Surroundings(Map<String, String> variables) {
  /** They would lead a fresh environment's Python back to another's packages. */
  static final List<String> MISLEADING =
      List.of(
          "PYTHONHOME",
          "PYTHONPATH",
          "PYTHONSTARTUP",
          "PYTHONUSERBASE",
          "VIRTUAL_ENV",
          "VIRTUAL_ENV_PROMPT",
          "CONDA_PREFIX",
          "CONDA_DEFAULT_ENV",
          "CONDA_SHLVL",
          "PYENV_VERSION",
          "__PYVENV_LAUNCHER__",
          "PIP_USER",
          "PIP_TARGET",
          "PIP_PREFIX",
          "PIP_REQUIRE_VIRTUALENV");

  /** Set and not empty. */
  Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  Path home() {
    return Path.of(get("HOME").orElseGet(() -> System.getProperty("user.home")));
  }

  /** PATH, in order; entries that are not absolute are left out. */
  List<Path> path() {
    List<Path> folders = new ArrayList<>();
    for (String entry : get("PATH").orElse("").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty() && entry.indexOf('\0') < 0) {
        Path folder = Path.of(entry);
        if (folder.isAbsolute()) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  /** The first on PATH, then in the other folders. */
  Optional<Path> program(String name, Path... others) {
    List<Path> folders = new ArrayList<>(path());
    folders.addAll(List.of(others));
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
