package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * MLflow's own client against our server, as {@code client.py} and {@code registry.py} tell. Its
 * virtual environment is made once, in {@code target/} or in the folder that HEADRACE_TEST_VENV
 * names.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PythonClientTest {
  private static final List<String> PACKAGES =
      List.of("mlflow==" + MlflowApi.VERSION, "scikit-learn", "matplotlib");

  @TempDir Path workspace;

  @Test
  void given_mlflows_own_client_then_all_that_a_step_does_works() throws Exception {
    assertThat(run("client.py")).contains("\"passed\": \"together\"");
  }

  @Test
  void given_mlflows_own_client_then_models_and_prompts_are_registered_and_loaded()
      throws Exception {
    assertThat(run("registry.py")).contains("\"passed\": \"webhooks\"");
  }

  private String run(String script) throws IOException, InterruptedException {
    Path python = python();
    try (ServerFixture server = ServerFixture.open(workspace)) {
      ProcessBuilder step =
          new ProcessBuilder(python.toString(), folder().resolve(script).toString())
              .directory(workspace.toFile())
              .redirectErrorStream(true);
      step.environment().put("MLFLOW_TRACKING_URI", server.server.uri());
      step.environment().put("MLFLOW_TRACKING_TOKEN", ServerFixture.TOKEN);
      step.environment().put("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0");
      if (script.equals("client.py")) {
        step.environment().put("MLFLOW_RUN_ID", server.run());
      }
      Process process = step.start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(server.logged).isEmpty();
      return output;
    }
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  private static Path root() {
    return Path.of(System.getProperty("headrace.root", "..")).toAbsolutePath().normalize();
  }

  private static Path folder() {
    return root().resolve("headrace-server/src/test/python");
  }

  /** The environment's interpreter; several builds may ask at once. */
  private static Path python() throws IOException, InterruptedException {
    Path folder =
        Optional.ofNullable(System.getenv("HEADRACE_TEST_VENV"))
            .map(Path::of)
            .orElse(root().resolve("target/mlflow-venv"));
    Path python = folder.resolve("bin/python");
    Path ready = folder.resolve("headrace-ready-" + String.join("-", PACKAGES).replace("=", ""));
    Files.createDirectories(folder);
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve("headrace.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      if (!Files.exists(ready)) {
        Optional<String> problem = make(folder);
        boolean mayNotSkip = System.getenv("CI") != null;
        if (mayNotSkip) {
          assertThat(problem).isEmpty();
        }
        assumeThat(problem).as("Python with MLflow's client").isEmpty();
        Files.createFile(ready);
      }
    }
    return python;
  }

  /** What went wrong, if something did. */
  private static Optional<String> make(Path folder) throws IOException, InterruptedException {
    if (System.getenv("PATH") == null || noPython()) {
      return Optional.of("there is no python3 on the PATH");
    }
    Optional<String> problem = run(List.of("python3", "-m", "venv", folder.toString()));
    if (problem.isPresent()) {
      return problem;
    }
    java.util.ArrayList<String> install =
        new java.util.ArrayList<>(
            List.of(
                folder.resolve("bin/python").toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check"));
    install.addAll(PACKAGES);
    return run(install);
  }

  private static boolean noPython() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(folder, "python3"))) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> run(List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? Optional.empty() : Optional.of(output);
  }
}
