package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in steps: each has its own clear message, and nothing else suffers. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FaultTest {
  @TempDir Path folder;
  private Headrace user;

  @BeforeEach
  void arrive() {
    user = new Headrace(folder.resolve("it's a \"place\" with $odd names"));
  }

  @AfterEach
  void leave() {
    user.close();
  }

  private Headrace.Result job(String command) {
    user.write("job.yml", Pipelines.job(command));
    return user.run("run", "job.yml");
  }

  @Nested
  class Given_a_step_that_goes_wrong {
    @Test
    void when_it_takes_too_long_then_all_of_it_is_ended_and_the_limit_named() {
      user.write(
          "job.yml",
          Pipelines.job("sleep 600 & (setsid sleep 600 &) ; sleep 600; echo > ${{outputs.out}}")
              + "limits:\n  timeout: 1\n");
      assertThat(user.run("run", "job.yml").exits(1).out())
          .contains("FAILED", "longer than its limit of 1 s");
      FirstDayTest.assertNothingRuns(user);
    }

    @Test
    void when_a_signal_kills_it_then_the_signal_is_named() {
      assertThat(job("kill -9 $$").exits(1).out()).contains("FAILED", "SIGKILL");
    }

    @Test
    void when_its_command_is_not_there_then_that_is_said() {
      assertThat(job("no-such-program --here").exits(1).out())
          .contains("127", "no-such-program", "not found");
    }

    @Test
    void when_its_interpreter_has_vanished_then_that_is_said() {
      user.write("code/run.sh", "#!/no/such/interpreter\necho hi\n").toFile().setExecutable(true);
      user.write("job.yml", Pipelines.job("./run.sh") + "code: ./code\n");
      assertThat(user.run("run", "job.yml").exits(1).out()).contains("127", "./run.sh");
    }

    @Test
    void when_it_makes_no_output_then_the_output_is_named_and_nothing_is_reused() {
      var result = job("true");
      assertThat(result.exits(1).out()).contains("FAILED", "nothing at", "out");
      assertThat(user.run("run", "job.yml").exits(1).out()).contains("FAILED");
    }

    @Test
    void when_it_writes_a_huge_line_and_control_characters_then_the_end_is_shown_harmlessly() {
      var result =
          job("head -c 3000000 /dev/zero | tr '\\0' x; echo; printf '\\033[2Jlast\\n'; exit 1");
      assertThat(result.exits(1).out()).contains("last").doesNotContain("\u001b");
      assertThat(result.out().length()).isLessThan(10_000);
    }

    @Test
    void when_it_changes_its_input_then_it_fails_clearly_and_the_store_stays_whole()
        throws IOException {
      user.write("data.txt", "precious\n");
      user.write(
          "job.yml",
          Pipelines.job(
                  "chmod u+w ${{inputs.data}}; echo spoilt > ${{inputs.data}}; echo 1 > ${{outputs.out}}")
              + "inputs:\n  data:\n    type: uri_file\n    path: ./data.txt\n");
      assertThat(user.run("run", "job.yml").exits(1).out()).contains("FAILED", "data", "changed");
      assertThat(Files.readString(user.file("data.txt"))).isEqualTo("precious\n");
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    }
  }

  @Nested
  class Given_a_machine_that_is_not_up_to_it {
    private void jobWithPackage() {
      user.write(
          "job.yml",
          Pipelines.job("echo 1 > ${{outputs.out}}")
              .replace(
                  "environment: azureml:local@latest",
                  """
                  environment:
                    conda_file:
                      dependencies:
                        - pip:
                            - absent-thing\
                  """));
    }

    @Test
    void when_no_package_can_be_fetched_then_the_machine_is_to_blame_and_the_exit_code_is_3() {
      jobWithPackage();
      user.with("HEADRACE_ENVIRONMENTS", "venv")
          .with("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
          .with("PIP_RETRIES", "1");
      var run = user.run("run", "job.yml").exits(3);
      assertThat(run.out()).contains("FAILED", "not reached", "fault", "this machine");
      var name = user.json("run", "list", "-o", "json").get(0).get("name").asString();
      assertThat(user.run("job", "stream", "-n", name).exits(3).out()).contains("this machine");
    }
  }

  @Nested
  class Given_hostile_values {
    @Test
    void when_a_parameter_looks_like_commands_then_none_of_it_runs() throws IOException {
      var trap = user.file("trap");
      user.write(
          "job.yml",
          Pipelines.job("printf '%s' ${{inputs.value}} > ${{outputs.out}}")
              + "inputs:\n  value: x\n");
      for (var value :
          new String[] {
            "$(touch '" + trap + "'); rm -rf /nowhere",
            "`touch " + trap + "`",
            "a'; touch trap; '",
            "a\"; touch trap; \"",
            "a && touch trap",
            "a | touch trap > trap"
          }) {
        var run = user.json("run", "job.yml", "-o", "json", "--set", "inputs.value=" + value);
        user.run("job", "download", "-n", run.get("name").asString(), "-p", "got").exits(0);
        assertThat(trap).as(value).doesNotExist();
      }
      try (var files = Files.walk(user.state())) {
        assertThat(files.filter(it -> it.endsWith("trap"))).isEmpty();
      }
    }

    @Test
    void when_places_have_blanks_and_quotes_then_all_works() throws IOException {
      user.write("in put/it's.txt", "content\n");
      user.write(
          "job.yml",
          Pipelines.job("cat ${{inputs.data}} > ${{outputs.out}}")
              + "inputs:\n  data:\n    type: uri_file\n    path: \"./in put/it's.txt\"\n");
      var run = user.json("run", "job.yml", "-o", "json");
      assertThat(
              run.get("steps").iterator().next().get("outputs").get("out").get("digest").asString())
          .isEqualTo(Objects.sha256("content\n"));
    }
  }

  @Nested
  class Given_Ctrl_C {
    @Test
    void when_pressed_then_the_steps_end_and_it_says_how_to_resume() {
      user.write(
          "p.yml",
          Pipelines.head("p")
              + Pipelines.step("one", "touch '" + begun() + "'; sleep 600; echo 1 > $OUT"));
      var running = user.start("run", "p.yml");
      Await.until("it begins", () -> Files.exists(user.file("begun")));
      var result = running.interrupt().result();
      assertThat(result.code()).as("%s", result).isNotZero();
      assertThat(result.said()).contains("cancelled", "headrace resume");
      FirstDayTest.assertNothingRuns(user);
      assertThat(user.json("run", "list", "-o", "json").get(0).get("status").asString())
          .isEqualTo("Canceled");
    }

    private String begun() {
      return user.file("begun").toString().replace("'", "'\\''");
    }
  }

  @Nested
  class Given_a_step_that_calls_the_tracking_server {
    @Test
    void when_it_logs_a_metric_then_run_show_has_it() {
      user.write(
          "code/log.py",
          """
          import json, os, time, urllib.request
          body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": "accuracy", "value": 0.75,
                  "timestamp": int(time.time() * 1000), "step": 0}
          request = urllib.request.Request(
              os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric",
              data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
          if "MLFLOW_TRACKING_TOKEN" in os.environ:
              request.add_header("Authorization", "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"])
          urllib.request.urlopen(request, timeout=60).read()
          """);
      user.write(
          "p.yml",
          Pipelines.head("tracked")
              + Pipelines.step("train", "python3 log.py && echo 1 > $OUT")
              + "    code: ./code\n");
      var result = user.run("run", "p.yml").exits(0);
      assertThat(result.out()).contains("metric", "accuracy = 0.75");
      var name = user.json("run", "list", "-o", "json").get(0).get("name").asString();
      assertThat(user.run("run", "show", name).exits(0).out()).contains("accuracy", "0.75");
    }
  }
}
