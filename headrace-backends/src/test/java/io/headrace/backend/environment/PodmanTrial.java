package io.headrace.backend.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.plan.EnvironmentSpec;
import io.headrace.spi.PreparedEnvironment;
import io.headrace.spi.PreparedEnvironment.How;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real container engine, with an image made here. Not part of the tests that always run, since
 * few machines have an engine that may build: {@code ./mvnw -pl headrace-backends -am test
 * -Dtest=PodmanTrial -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PodmanTrial {
  private static final String CONDA = "dependencies: [python=3.8, {pip: [pyjokes]}]\n";

  @TempDir Path folder;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void when_a_conda_file_is_laid_over_an_image_then_it_runs() throws Exception {
    Map<String, String> own = new HashMap<>(System.getenv());
    Optional<Path> engine =
        new ContainerEngine(folder, new Surroundings(own), InstantSource.system()).find();
    assumeTrue(engine.isPresent(), "neither podman nor docker answers on this machine");
    String base = "localhost/headrace-test-base:" + ProcessHandle.current().pid();
    importShell(engine.get(), base);
    try {
      Environments environments =
          new Environments(
              folder.resolve("environments"),
              new EnvironmentSettings(
                  ProviderChoice.CONTAINER, false, List.of(), own, InstantSource.system()));
      PreparedEnvironment environment =
          environments.prepare(
              new EnvironmentSpec(
                  Optional.empty(), Optional.of(base), Optional.of(CONDA), Optional.empty()),
              told::add);
      String image = ((How.Container) environment.how()).image();

      assertThat(run(engine.get().toString(), "run", "--rm", image, "/bin/sh", "-c", "asked"))
          .contains("pyjokes");
      run(engine.get().toString(), "rmi", "-f", image);
    } finally {
      run(engine.get().toString(), "rmi", "-f", base);
    }
  }

  /** An image of a shell, a few programs, and a conda that notes what it is asked for. */
  private void importShell(Path engine, String name) throws Exception {
    Path tree = folder.resolve("tree");
    Set<String> files =
        new LinkedHashSet<>(List.of("/bin/sh", "/bin/cat", "/bin/mkdir", "/bin/chmod"));
    for (String program : List.copyOf(files)) {
      for (String word : run("ldd", program).split("\\s+", -1)) {
        if (word.startsWith("/")) {
          files.add(word);
        }
      }
    }
    for (String file : files) {
      Path target = tree.resolve(file.substring(1));
      Files.createDirectories(target.getParent());
      Files.copy(Path.of(file).toRealPath(), target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    for (String empty : List.of("tmp", "proc", "sys", "dev", "etc")) {
      Files.createDirectories(tree.resolve(empty));
    }
    script(
        tree.resolve("bin/conda"),
        """
        mkdir -p "$4/bin"
        { echo '#!/bin/sh'; echo 'cat /headrace/conda.yml'; } > "$4/bin/asked"
        chmod 755 "$4/bin/asked"
        """);
    Path tar = folder.resolve("tree.tar");
    run("tar", "-C", tree.toString(), "-cf", tar.toString(), ".");
    run(engine.toString(), "import", tar.toString(), name);
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + out).isZero();
    return out;
  }
}
