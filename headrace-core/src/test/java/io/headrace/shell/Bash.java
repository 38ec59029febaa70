package io.headrace.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs commands in a folder with the real bash. On its PATH are {@code args}, which notes its
 * arguments, and {@code canary}, which notes that it ran.
 */
final class Bash {
  private static final long LIMIT_SECONDS = 20;

  private final Path folder;
  private final Path work;
  private final Path bin;

  Bash(Path folder) throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no /bin/bash here");
    this.folder = folder;
    this.work = Files.createDirectories(folder.resolve("work"));
    this.bin = Files.createDirectories(folder.resolve("bin"));
    program("args", "{ printf '%s\\0' \"$@\"; printf '\\1'; } >> \"$NOTED\"");
    program("canary", "touch \"$SANG\"");
  }

  private void program(String name, String text) throws IOException {
    var file = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + text + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  /** What a command printed, its {@code args} calls, and whether the canary sang. */
  record Outcome(String out, List<List<String>> calls, boolean sang) {}

  Outcome run(String command) {
    try {
      // Other files for each, as a command may leave processes behind.
      var run = Files.createTempDirectory(folder, "run");
      var noted = run.resolve("noted");
      var sang = run.resolve("sang");
      var out = run.resolve("out");
      var builder =
          new ProcessBuilder("/bin/bash", "-c", command)
              .directory(work.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().clear();
      builder.environment().put("PATH", bin + ":/usr/bin:/bin");
      builder.environment().put("NOTED", noted.toString());
      builder.environment().put("SANG", sang.toString());
      builder.environment().put("HOSTILE", "a[$(canary)]");
      empty(work);
      var process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      var text = Files.readString(out, StandardCharsets.ISO_8859_1);
      return new Outcome(text, calls(noted), Files.exists(sang));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void empty(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private List<List<String>> calls(Path noted) throws IOException {
    var calls = new ArrayList<List<String>>();
    if (!Files.exists(noted)) {
      return calls;
    }
    var call = new ArrayList<String>();
    int from = 0;
    var text = Files.readString(noted);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\0') {
        call.add(text.substring(from, i));
        from = i + 1;
      } else if (text.charAt(i) == '\1') {
        calls.add(List.copyOf(call));
        call.clear();
        from = i + 1;
      }
    }
    return calls;
  }
}
