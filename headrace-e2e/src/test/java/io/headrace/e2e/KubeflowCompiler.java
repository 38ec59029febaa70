package io.headrace.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code kfp} package of one version, in a virtual environment of its own. Made on first use
 * and kept in this module's {@code target}; where it cannot be made, the test fails.
 */
record KubeflowCompiler(Path python) {
  /** The newest when this was written, and one that many pipelines were compiled by. */
  static final String NEW = "2.17.3";

  static final String OLD = "2.7.0";

  private static final Path SOURCES =
      Headrace.ROOT.resolve("headrace-e2e/src/test/resources/kubeflow");

  static KubeflowCompiler of(String version) {
    var folder = Headrace.ROOT.resolve("headrace-e2e/target/kfp-" + version);
    var python = folder.resolve("bin/python");
    var ready = folder.resolve(".ready");
    try {
      if (!Files.exists(ready)) {
        Files.createDirectories(folder.getParent());
        run(List.of("python3", "-m", "venv", "--clear", folder.toString()));
        // An old version forbids Pythons that came after it; compiling works with them as well.
        run(
            List.of(
                python.toString(),
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--ignore-requires-python",
                "kfp==" + version,
                "setuptools<82"));
        Files.createFile(ready);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new KubeflowCompiler(python);
  }

  /** Compiles one of our sources to a file. */
  void compile(String source, Path to) {
    run(List.of(python.toString(), SOURCES.resolve(source).toString(), to.toString()));
  }

  private static void run(List<String> command) {
    try {
      var out = Files.createTempFile("kfp", ".log");
      try {
        var process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new AssertionError(String.join(" ", command) + "\n" + Files.readString(out));
        }
      } finally {
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
