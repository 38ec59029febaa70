package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a user meets on the first day, in the order in which they meet it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FirstDayTest {
  private static final String HELLO =
      Headrace.ROOT.resolve("examples/hello/pipeline.yml").toString();

  @TempDir Path folder;
  private Headrace user;

  @BeforeEach
  void arrive() {
    user = new Headrace(folder);
  }

  @AfterEach
  void leave() {
    user.close();
  }

  @Nested
  class Given_the_hello_examples {
    @Test
    void when_the_pipeline_is_run_twice_then_the_second_run_reuses_all() throws IOException {
      var first = user.run("run", HELLO).exits(0);
      assertThat(first.out())
          .contains("greet", "answer", "2 steps run, 0 reused", "headrace run show");
      assertThat(first.err()).isEmpty();

      var second = user.json("run", HELLO, "-o", "json");
      assertThat(second.get("status").asString()).isEqualTo("Completed");
      assertThat(reused(second, "greet")).isTrue();
      assertThat(reused(second, "answer")).isTrue();

      var run = second.get("name").asString();
      user.run("job", "download", "-n", run, "--output-name", "answer", "-p", "got").exits(0);
      assertThat(Files.readString(user.file("got/named-outputs/answer/answer")))
          .isEqualTo("hello world\nhello to you\n");
    }

    @Test
    void when_one_value_has_changed_then_plan_names_exactly_that() {
      var before = user.json("plan", HELLO, "-o", "json").get("steps");
      assertThat(before.get(0).get("action").asString()).isEqualTo("run");
      assertThat(before.get(1).get("action").asString()).isEqualTo("unknown");

      user.run("run", HELLO).exits(0);
      var same = user.json("plan", HELLO, "-o", "json").get("steps");
      assertThat(same.get(0).get("action").asString()).isEqualTo("reuse");
      assertThat(same.get(1).get("action").asString()).isEqualTo("reuse");

      var changed =
          user.json("plan", HELLO, "--set", "inputs.name=you", "-o", "json").get("steps").get(0);
      assertThat(changed.get("action").asString()).isEqualTo("run");
      assertThat(changed.get("differences")).hasSize(1);
      var difference = changed.get("differences").get(0);
      assertThat(difference.get("part").asString()).contains("name");
      assertThat(difference.get("was").asString()).isEqualTo("world");
      assertThat(difference.get("is").asString()).isEqualTo("you");
    }

    @Test
    void when_a_command_job_is_run_then_its_output_and_log_can_be_had() throws IOException {
      var job = Headrace.ROOT.resolve("examples/hello/command.yml").toString();
      var run = user.json("run", job, "-o", "json").get("name").asString();
      user.run("job", "download", "-n", run, "-p", "got").exits(0);
      assertThat(Files.readString(user.file("got/named-outputs/greeting/greeting")))
          .isEqualTo("hello world\n");
      assertThat(Files.readString(user.file("got/artifacts/user_logs/std_log.txt")))
          .isEqualTo("hello world\n");
    }
  }

  @Nested
  class Given_a_wrong_file {
    @Test
    void when_validated_then_every_mistake_has_a_place_and_a_fix() {
      user.write(
          "wrong.yml",
          """
          type: pipeline
          jobs:
            train:
              type: command
              environment: azureml:local@latest
              inputs:
                rate: ${{parent.inputs.rat}}
              command: echo ${{inputs.rte}}
              comand: twice
          """);
      var result = user.run("validate", "wrong.yml").exits(2);
      assertThat(result.err())
          .contains("wrong.yml:7:", "rat", "wrong.yml:8:", "rte", "wrong.yml:9:5", "comand")
          .contains("fix: ");
      user.run("run", "wrong.yml").exits(2);
      user.run("plan", "wrong.yml").exits(2);
    }

    @Test
    void when_there_is_no_such_file_or_option_then_it_says_so_and_exits_2() {
      assertThat(user.run("run", "none.yml").exits(2).err()).contains("none.yml", "fix:");
      assertThat(user.run("run", "--paralel", "2", HELLO).exits(2).err()).contains("--parallel");
      assertThat(user.run("nonsense").exits(2).err()).contains("nonsense");
      assertThat(user.run("run", "show", "no-such-run").exits(2).err()).contains("no-such-run");
    }
  }

  @Nested
  class Given_a_pipeline_of_two_steps {
    private void pipeline(String first, String firstCommand, String second, String secondCommand) {
      user.write(
          "p.yml",
          Pipelines.head("two")
              + Pipelines.step(first, firstCommand)
              + Pipelines.step(second, secondCommand, first));
    }

    @Test
    void when_a_step_is_renamed_then_it_is_reused_under_its_new_name() {
      user.write("p.yml", Pipelines.head("one") + Pipelines.step("old", "echo 1 > $OUT"));
      user.run("run", "p.yml").exits(0);
      user.write("p.yml", Pipelines.head("one") + Pipelines.step("new", "echo 1 > $OUT"));
      assertThat(reused(user.json("run", "p.yml", "-o", "json"), "new")).isTrue();
    }

    @Test
    void when_the_first_makes_the_same_bytes_then_the_second_is_reused() {
      pipeline("first", "echo same > $OUT", "second", "cat ${{inputs.first}} > $OUT");
      user.run("run", "p.yml").exits(0);
      pipeline("first", "printf 'same\\n' > $OUT", "second", "cat ${{inputs.first}} > $OUT");
      var again = user.json("run", "p.yml", "-o", "json");
      assertThat(reused(again, "first")).isFalse();
      assertThat(reused(again, "second")).isTrue();
    }

    @Test
    void when_reuse_is_not_wanted_then_none_is_given() {
      pipeline("first", "echo 1 > $OUT", "second", "cat ${{inputs.first}} > $OUT");
      user.run("run", "p.yml").exits(0);

      var one = user.json("run", "p.yml", "--no-reuse=second", "-o", "json");
      assertThat(reused(one, "first")).isTrue();
      assertThat(reused(one, "second")).isFalse();

      var all = user.json("run", "--no-reuse", "-o", "json", "p.yml");
      assertThat(reused(all, "first")).isFalse();
      assertThat(reused(all, "second")).isFalse();

      var forced = user.json("run", "p.yml", "--set", "settings.force_rerun=true", "-o", "json");
      assertThat(reused(forced, "first")).isFalse();

      assertThat(user.run("run", "p.yml", "--no-reuse=third").exits(2).err())
          .contains("third", "first", "second");
    }

    @Test
    void when_asked_why_then_it_says_what_had_changed() {
      pipeline("first", "echo 1 > $OUT", "second", "cat ${{inputs.first}} > $OUT");
      user.run("run", "p.yml").exits(0);
      pipeline("first", "echo 2 > $OUT", "second", "cat ${{inputs.first}} > $OUT");
      var run = user.json("run", "p.yml", "-o", "json").get("name").asString();
      assertThat(user.run("why", run, "first").exits(0).out())
          .contains("command", "echo 1", "echo 2");
      assertThat(user.run("why", run, "second").exits(0).out()).contains("input first");
      assertThat(user.run("why", run, "third").exits(2).err()).contains("third");
    }

    @Test
    void when_a_component_is_not_deterministic_then_it_always_runs() {
      user.write(
          "component.yml",
          """
          type: command
          name: dice
          version: 1
          is_deterministic: false
          environment: azureml:local@latest
          outputs:
            out:
              type: uri_file
          command: echo 4 > ${{outputs.out}}
          """);
      user.write(
          "p.yml",
          Pipelines.head("dice") + "  dice:\n    type: command\n    component: ./component.yml\n");
      user.run("run", "p.yml").exits(0);
      assertThat(reused(user.json("run", "p.yml", "-o", "json"), "dice")).isFalse();
    }

    @Test
    void when_a_step_fails_then_its_last_lines_are_shown_and_the_exit_code_is_1() {
      pipeline("first", "echo 'the reason'; exit 7", "second", "cat ${{inputs.first}} > $OUT");
      var result = user.run("run", "p.yml").exits(1);
      assertThat(result.out())
          .contains("first", "FAILED", "7", "| the reason", "std_log.txt", "headrace resume");
      var run = user.json("run", "list", "-o", "json").get(0);
      assertThat(run.get("status").asString()).isEqualTo("Failed");
      var shown = user.json("job", "show", "-n", run.get("name").asString());
      assertThat(shown.get("jobs").get("first").get("status").asString()).isEqualTo("Failed");
      assertThat(shown.get("jobs").get("second").get("status").asString()).isEqualTo("NotStarted");
    }
  }

  @Nested
  class Given_a_job_in_the_background {
    @Test
    void when_created_then_it_can_be_followed_shown_and_downloaded() throws IOException {
      var gate = user.file("gate");
      user.write(
          "p.yml",
          Pipelines.head("waits")
              + Pipelines.step(
                  "wait", "until [ -e '" + gate + "' ]; do sleep 0.05; done; echo ok > $OUT"));
      var created = user.json("job", "create", "-f", "p.yml", "--name", "behind");
      assertThat(created.get("name").asString()).isEqualTo("behind");
      assertThat(created.get("status").asString()).isEqualTo("Running");

      var stream = user.start("job", "stream", "-n", "behind");
      Await.until(stream::out, () -> stream.out().contains("wait"));
      Files.createFile(gate);
      var followed = stream.result().exits(0);
      assertThat(followed.out()).contains("RunId: behind", "done", "Status: Completed");

      var shown = user.json("job", "show", "-n", "behind", "-o", "json");
      assertThat(shown.get("status").asString()).isEqualTo("Completed");
      user.run("job", "download", "-n", "behind", "--all", "-p", "got").exits(0);
      assertThat(Files.readString(user.file("got/named-outputs/wait.out/out"))).isEqualTo("ok\n");
      assertThat(user.run("job", "create", "-f", "p.yml", "--name", "behind").exits(2).err())
          .contains("behind");
    }

    @Test
    void when_cancelled_then_no_process_of_it_is_left() {
      user.write(
          "p.yml",
          Pipelines.head("long")
              + Pipelines.step("one", "sleep 600 & sleep 600; echo 1 > $OUT")
              + Pipelines.step("two", "sleep 600; echo 2 > $OUT"));
      user.json("job", "create", "-f", "p.yml", "--name", "long", "-j", "2");
      Await.until("both run", () -> running("long", "one") && running("long", "two"));
      assertThat(user.run("job", "cancel", "-n", "long").exits(0).out()).contains("Canceled");
      assertNothingRuns(user);
      assertThat(user.json("job", "show", "-n", "long").get("status").asString())
          .isEqualTo("Canceled");
    }

    private boolean running(String run, String step) {
      var job = user.json("job", "show", "-n", run).get("jobs").get(step);
      return job.get("status").asString().equals("Running");
    }
  }

  @Nested
  class Given_an_object_with_a_flipped_bit {
    @Test
    void when_checked_then_it_is_named_with_what_needs_it_and_the_next_run_heals()
        throws Exception {
      user.write(
          "p.yml",
          Pipelines.head("two")
              + Pipelines.step("first", "echo precious > $OUT")
              + Pipelines.step(
                  "second", "cat ${{inputs.first}} > $OUT; echo more >> $OUT", "first"));
      var run = user.json("run", "p.yml", "-o", "json");
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");

      var digest = run.get("steps").get("first").get("outputs").get("out").get("digest").asString();
      Objects.flipBit(Objects.file(user, digest));
      var report = user.run("fsck").exits(3);
      assertThat(report.out()).contains(digest, run.get("name").asString(), "first");

      var again = user.json("run", "p.yml", "-o", "json");
      assertThat(again.get("status").asString()).isEqualTo("Completed");
      assertThat(reused(again, "first")).isFalse();
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    }
  }

  @Nested
  class Given_someone_who_wants_to_learn {
    @Test
    void when_help_is_asked_for_then_every_command_has_it() {
      assertThat(user.run("--help").exits(0).out())
          .contains("run", "plan", "validate", "Exit codes", "Begin with");
      for (var command : new String[] {"run", "resume", "plan", "validate", "why", "job", "fsck"}) {
        assertThat(user.run(command, "--help").exits(0).out())
            .as(command)
            .contains("Usage: headrace " + command);
      }
      assertThat(user.run("--version").exits(0).out()).contains("0.1.0");
      assertThat(user.state()).doesNotExist();
    }

    @Test
    void when_bash_takes_the_completion_script_then_it_completes_commands() throws Exception {
      var script = user.write("completion.sh", user.run("completion", "bash").exits(0).out());
      var bash =
          new ProcessBuilder(
                  "bash",
                  "--norc",
                  "-c",
                  "source "
                      + script
                      + "; COMP_WORDS=(headrace va); COMP_CWORD=1; COMP_LINE='headrace va';"
                      + " COMP_POINT=11; fun=$(complete -p headrace | sed 's/.*-F \\([^ ]*\\).*/\\1/');"
                      + " $fun headrace va headrace 2>/dev/null; echo \"${COMPREPLY[@]}\"")
              .redirectErrorStream(true)
              .start();
      var said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(bash.waitFor()).as(said).isZero();
      assertThat(said.strip()).isEqualTo("validate");
    }
  }

  private static boolean reused(JsonNode run, String step) {
    assertThat(run.get("status").asString()).isEqualTo("Completed");
    return run.get("steps").get(step).get("reused").asBoolean();
  }

  static void assertNothingRuns(Headrace user) {
    var place = user.state().toString();
    Await.until(
        () -> Processes.describe(Processes.mentioning(place)),
        () -> Processes.mentioning(place).isEmpty());
  }
}
