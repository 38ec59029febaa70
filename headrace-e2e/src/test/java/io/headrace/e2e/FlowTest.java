package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes from step to step, what runs before and after all, and what runs beside. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FlowTest {
  @TempDir Path folder;

  private static String example(String file) {
    return Headrace.ROOT.resolve("examples/control-flow").resolve(file).toString();
  }

  private static String read(Headrace user, String out, String path) throws IOException {
    var found = Pattern.compile("(?m)^  run +(\\S+)").matcher(out);
    assertThat(found.find()).isTrue();
    return Files.readString(user.state().resolve("runs").resolve(found.group(1)).resolve(path));
  }

  @Test
  void when_a_step_finds_values_then_others_get_them_as_data_and_the_same_again_is_reused()
      throws IOException {
    try (var user = new Headrace(folder)) {
      var out = user.run("run", example("values.yml")).exits(0).out();
      assertThat(read(user, out, "report/1/out/report/report"))
          .isEqualTo("first of 6: it's; (long: true)\n");
      assertThat(
              user.run("run", example("values.yml"), "--set", "inputs.text=it's; one two three x y")
                  .exits(0)
                  .out())
          .contains("1 step run, 1 reused");
    }
  }

  @Test
  void
      when_a_pipeline_has_ends_then_the_last_runs_whatever_happened_and_the_rest_only_when_ready() {
    try (var user = new Headrace(folder)) {
      assertThat(user.run("run", example("ends.yml")).exits(0).out())
          .containsSubsequence("prepare      done", "work         done", "tidy         done");
      assertThat(
              user.run("run", example("ends.yml"), "--no-reuse", "--set", "inputs.exit=3")
                  .exits(1)
                  .out())
          .containsSubsequence("work         FAILED", "tidy         done", "FAILED");
      assertThat(
              user.run("run", example("ends.yml"), "--set", "jobs.prepare.command=exit 3")
                  .exits(1)
                  .out())
          .containsSubsequence(
              "prepare      FAILED", "work         skipped", "tidy         reused");
    }
  }

  @Test
  void when_a_run_with_a_last_step_is_cancelled_then_that_step_still_runs() {
    try (var user = new Headrace(folder)) {
      var run =
          user.start(
              "run", example("ends.yml"), "-n", "long", "--set", "jobs.work.command=sleep 600");
      Await.until(run::out, () -> run.out().contains("work         running"));
      assertThat(user.run("job", "cancel", "-n", "long").exits(0).out()).contains("Canceled");
      assertThat(run.result(1).exits(1).out())
          .containsSubsequence("work         cancelled", "tidy         done", "Cancelled");
    }
  }

  @Test
  void when_a_job_has_services_then_they_are_reached_while_it_runs_and_gone_after()
      throws IOException {
    int port = freePort();
    try (var user = new Headrace(folder)) {
      // A TensorBoard that serves files: the real one takes a minute to install.
      var board =
          user.write("bin/tensorboard", "exec python3 -m http.server --bind 127.0.0.1 $6\n");
      Files.writeString(board, "#!/bin/bash\n" + Files.readString(board));
      assertThat(board.toFile().setExecutable(true)).isTrue();
      user.with("PATH", board.getParent() + File.pathSeparator + System.getenv("PATH"));
      var job = Headrace.ROOT.resolve("examples/services/job.yml").toString();
      var run =
          user.start(
              "run",
              job,
              "-n",
              "open",
              "--set",
              "inputs.port=" + port,
              "services.web.port=" + port,
              "inputs.seconds=600");
      Await.until(run::out, () -> isRunning(user, "web") && isRunning(user, "board"));
      assertThat(run.out()).contains("service web at http://127.0.0.1:" + port);
      int boards =
          user.json("job", "show-services", "-n", "open").path("board").path("port").asInt();
      run.kill();
      assertThat(answers(port)).isTrue();
      assertThat(answers(boards)).isTrue();
      assertThat(user.run("job", "cancel", "-n", "open").exits(0).out()).contains("Canceled");
      assertThat(answers(port)).isFalse();
      assertThat(answers(boards)).isFalse();
      assertThat(user.json("job", "show-services", "-n", "open")).isEmpty();
    }
  }

  private static boolean isRunning(Headrace user, String service) {
    var shown = user.run("job", "show-services", "-n", "open"); // fails until there is such a run
    return shown.code() == 0
        && shown.json().path(service).path("status").asString("").equals("Running");
  }

  private static boolean answers(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void when_what_a_step_wrote_is_no_value_of_its_type_then_that_step_fails_and_says_so() {
    try (var user = new Headrace(folder)) {
      user.write(
          "p.yml",
          """
          type: pipeline
          settings: {default_compute: azureml:local}
          jobs:
            make:
              component:
                type: command
                command: echo 7.5 > ${{outputs.n}}
                environment: azureml:local
                outputs: {n: {type: integer}}
          """);
      assertThat(user.run("run", "p.yml").exits(1).out())
          .contains("output n is declared as integer, but its file holds '7.5'");
    }
  }
}
