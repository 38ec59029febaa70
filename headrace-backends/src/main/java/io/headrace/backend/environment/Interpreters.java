package io.headrace.backend.environment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The Pythons of this machine. Each is started once to see whether it works and what it is; the
 * answer is kept in a file with the executable's size and time, so that later only file attributes
 * are read. Thread-safe.
 *
 * <p>Looked for: HEADRACE_PYTHON (files or folders); PATH; the folders of pyenv, asdf, mise, uv,
 * conda, Homebrew, the framework of macOS, {@code /opt} and {@code /usr/local}. A version manager's
 * shims are passed over: which Python they start depends on the folder they are called in.
 */
final class Interpreters {
  private static final int OLDEST_MINOR = 6;
  private static final int NEWEST_MINOR = 20;

  /** Prints tab-separated fields behind a mark, since a site's own files may print, too. */
  private static final String PROBE =
      """
      import os, sys
      def there(name):
          try:
              __import__(name)
              return '1'
          except Exception:
              return '0'
      base = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
      own = base if sys.argv[1] == 'base' else sys.executable
      able = '1' if there('venv') == '1' and there('ensurepip') == '1' else '0'
      found = [p for p in sys.path if p and os.path.isdir(p)]
      version = '.'.join(str(n) for n in sys.version_info[:3])
      print('headrace-python\\t' + '\\t'.join([version, able, own] + found))
      """;

  private final Surroundings surroundings;
  private final ProbeCache cache;
  private final Map<Path, Optional<Interpreter>> asked = new ConcurrentHashMap<>();

  Interpreters(Path cacheFile, Surroundings surroundings) {
    this.surroundings = surroundings;
    this.cache = new ProbeCache(cacheFile);
  }

  /**
   * A Python for a fresh environment.
   *
   * @param fits whether it is in the wanted range, to the last number
   * @param substitute whether it is not even of the wanted series
   */
  record Choice(Interpreter interpreter, boolean fits, boolean substitute) {}

  /**
   * The best for {@code wanted}: one in its range (that on PATH before newer ones), else one of its
   * series, else the same major version with the nearest minor above, else the nearest below.
   *
   * @param needVenv whether it must be able to make virtual environments by itself
   */
  Optional<Choice> choose(VersionRange wanted, boolean needVenv) {
    List<Interpreter> all = all().stream().filter(python -> !needVenv || python.venv()).toList();
    Optional<PythonVersion> here = here().map(Interpreter::version);
    // The series that is here wins when it fits; then the newer.
    Comparator<Interpreter> best =
        Comparator.comparing((Interpreter python) ->
                here.filter(version -> version.sameMinor(python.version())).isPresent())
            .thenComparing(Interpreter::version);
    Optional<Interpreter> exact =
        all.stream().filter(python -> wanted.contains(python.version())).max(best);
    if (exact.isPresent()) {
      return exact.map(python -> new Choice(python, true, false));
    }
    Optional<Interpreter> series =
        all.stream().filter(python -> wanted.containsSeries(python.version())).max(best);
    if (series.isPresent()) {
      return series.map(python -> new Choice(python, false, false));
    }
    return nearest(all, wanted).map(python -> new Choice(python, false, true));
  }

  private static Optional<Interpreter> nearest(List<Interpreter> all, VersionRange wanted) {
    Optional<PythonVersion> centre = wanted.centre();
    if (centre.isEmpty()) {
      return Optional.empty();
    }
    int minor = centre.get().minor();
    List<Interpreter> sameMajor =
        all.stream().filter(python -> python.version().major() == centre.get().major()).toList();
    Comparator<Interpreter> newerPatch =
        Comparator.comparingInt(python -> python.version().patch());
    return sameMajor.stream()
        .filter(python -> python.version().minor() >= minor)
        .min(
            Comparator.comparingInt((Interpreter python) -> python.version().minor())
                .thenComparing(newerPatch.reversed()))
        .or(() -> sameMajor.stream().max(Comparator.comparing(Interpreter::version)));
  }

  /** Every Python that works, in the order of the search, each executable once. */
  List<Interpreter> all() {
    Set<Path> executables = new LinkedHashSet<>();
    for (Path candidate : candidates()) {
      real(candidate).ifPresent(executables::add);
    }
    List<Interpreter> found = new ArrayList<>();
    Set<Path> seen = new LinkedHashSet<>();
    for (Path executable : executables) {
      Optional<Interpreter> python = asked.computeIfAbsent(executable, this::base);
      if (python.isPresent() && seen.add(python.get().executable())) {
        found.add(python.get());
      }
    }
    cache.save();
    return found;
  }

  private Optional<Interpreter> base(Path executable) {
    String key = "base " + executable;
    return cache
        .get(key, executable, "")
        .orElseGet(() -> {
          Answer answer = ask(List.of(executable.toString(), "-I", "-c", PROBE, "base"), clean());
          cache.put(key, executable, "", answer);
          return answer.python();
        });
  }

  private Map<String, String> clean() {
    Map<String, String> variables = new TreeMap<>(surroundings.variables());
    Surroundings.MISLEADING.forEach(variables::remove);
    return variables;
  }

  /**
   * The Python that a command would get: the first {@code python3} or {@code python} on PATH,
   * whichever folder comes first, or HEADRACE_PYTHON when that is one file. A virtual environment
   * is one, too: links are not followed.
   */
  Optional<Interpreter> here() {
    Optional<Path> given =
        surroundings.get("HEADRACE_PYTHON").map(Path::of).filter(Files::isRegularFile);
    Optional<Path> program = given.or(this::onPath);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    Path file = program.get();
    // What a shim starts, and what is on sys.path, hangs on more than the file.
    String more = dependsOn();
    String key = "here " + file;
    return cache
        .get(key, file, more)
        .orElseGet(() -> {
          Answer answer =
              ask(List.of(file.toString(), "-c", PROBE, "here"), surroundings.variables());
          cache.put(key, file, more, answer);
          cache.save();
          return answer.python();
        });
  }

  Optional<Path> onPath() {
    for (Path folder : surroundings.path()) {
      for (String name : List.of("python3", "python")) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private String dependsOn() {
    StringBuilder text = new StringBuilder();
    for (String name :
        List.of("PYENV_VERSION", "PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE", "VIRTUAL_ENV")) {
      text.append(surroundings.get(name).orElse("")).append('|');
    }
    text.append(ProbeCache.stamp(pyenvRoot().resolve("version"))).append('|');
    Path folder = Path.of("").toAbsolutePath();
    for (Path at = folder; at != null; at = at.getParent()) {
      Path chosen = at.resolve(".python-version");
      if (Files.exists(chosen)) {
        return text.append(chosen).append(ProbeCache.stamp(chosen)).toString();
      }
    }
    return text.toString();
  }

  /**
   * What came of starting one.
   *
   * @param sure whether it would answer so again; not when it took too long
   */
  record Answer(Optional<Interpreter> python, boolean sure) {}

  private static Answer ask(List<String> command, Map<String, String> variables) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectErrorStream(true).environment().clear();
      builder.environment().putAll(variables);
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          return new Answer(Optional.empty(), false);
        }
        String text =
            new String(process.getInputStream().readNBytes(1 << 20), StandardCharsets.UTF_8);
        return new Answer(
            text.lines().map(Interpreters::answer).flatMap(Optional::stream).findFirst(), true);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      // It is there and cannot be started: as good as not there.
      return new Answer(Optional.empty(), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(Optional.empty(), false);
    }
  }

  /** Reads the probe's line. */
  static Optional<Interpreter> answer(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length < 4 || !fields[0].equals("headrace-python")) {
      return Optional.empty();
    }
    List<Path> paths = new ArrayList<>();
    for (int at = 4; at < fields.length; at++) {
      paths.add(Path.of(fields[at]));
    }
    boolean venv = fields[2].equals("1");
    Path executable = Path.of(fields[3]);
    return PythonVersion.parse(fields[1])
        .filter(version -> version.major() == 3)
        .map(version -> new Interpreter(executable, version, venv, paths));
  }

  /** The file itself, links followed; empty when it is not there or cannot be run. */
  private static Optional<Path> real(Path file) {
    try {
      Path real = file.toRealPath();
      return Files.isRegularFile(real) && Files.isExecutable(real)
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Set<Path> candidates() {
    Set<Path> folders = new LinkedHashSet<>();
    Set<Path> files = new LinkedHashSet<>();
    for (String given :
        surroundings.get("HEADRACE_PYTHON").orElse("").split(File.pathSeparator, -1)) {
      if (!given.isEmpty()) {
        Path path = Path.of(given).toAbsolutePath();
        (Files.isDirectory(path) ? folders : files).add(path);
      }
    }
    for (Path folder : surroundings.path()) {
      if (!folder.endsWith("shims")) {
        folders.add(folder);
      }
    }
    folders.add(Path.of("/usr/local/bin"));
    folders.add(Path.of("/usr/bin"));
    folders.forEach(folder -> addPrograms(folder, files));
    for (Path root : installations()) {
      addIfThere(root.resolve("bin").resolve("python3"), files);
    }
    return files;
  }

  private static void addPrograms(Path folder, Set<Path> files) {
    if (Files.isDirectory(folder)) {
      addIfThere(folder.resolve("python3"), files);
      for (int minor = OLDEST_MINOR; minor <= NEWEST_MINOR; minor++) {
        addIfThere(folder.resolve("python3." + minor), files);
      }
      addIfThere(folder.resolve("python"), files);
    }
  }

  /** Asks first: an exception for each of hundreds that are not there would cost milliseconds. */
  private static void addIfThere(Path file, Set<Path> files) {
    if (Files.exists(file)) {
      files.add(file);
    }
  }

  private Path pyenvRoot() {
    return surroundings
        .get("PYENV_ROOT")
        .map(Path::of)
        .orElse(surroundings.home().resolve(".pyenv"));
  }

  /** Folders that hold a {@code bin} with a Python. */
  private List<Path> installations() {
    Path home = surroundings.home();
    List<Path> roots = new ArrayList<>();
    roots.addAll(children(pyenvRoot().resolve("versions")));
    roots.addAll(children(home.resolve(".asdf/installs/python")));
    roots.addAll(children(home.resolve(".local/share/mise/installs/python")));
    roots.addAll(
        children(
            surroundings
                .get("UV_PYTHON_INSTALL_DIR")
                .map(Path::of)
                .orElse(home.resolve(".local/share/uv/python"))));
    for (String conda : List.of("miniconda3", "anaconda3", "miniforge3", "mambaforge", "conda")) {
      for (Path parent : List.of(home, Path.of("/opt"))) {
        roots.add(parent.resolve(conda));
        roots.addAll(children(parent.resolve(conda).resolve("envs")));
      }
    }
    roots.addAll(children(home.resolve(".conda/envs")));
    roots.addAll(children(home.resolve("micromamba/envs")));
    for (String opt :
        List.of("/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt")) {
      for (Path formula : children(Path.of(opt))) {
        if (formula.getFileName().toString().startsWith("python")) {
          roots.add(formula);
        }
      }
    }
    roots.addAll(children(Path.of("/Library/Frameworks/Python.framework/Versions")));
    roots.addAll(children(Path.of("/opt/python")));
    roots.addAll(children(Path.of("/opt")).stream().filter(Interpreters::isPythonFolder).toList());
    return roots;
  }

  private static boolean isPythonFolder(Path folder) {
    return folder.getFileName().toString().startsWith("python");
  }

  /** In sorted order; none when the folder cannot be read. */
  private static List<Path> children(Path folder) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        entries.forEach(found::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        return List.of();
      }
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }
}
