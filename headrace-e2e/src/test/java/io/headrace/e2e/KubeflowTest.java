package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

/** Pipelines of our own Python, compiled by the kfp package and run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KubeflowTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One for all: it holds the environment that the components run in. */
  @TempDir static Path workspace;

  @TempDir Path folder;

  private Headrace user() {
    return new Headrace(folder.resolve("project"), workspace, folder.resolve("captured"));
  }

  private static String made(Headrace user, String out, String step, String output)
      throws IOException {
    var run = Pattern.compile("(?m)^  run +(\\S+)").matcher(out);
    assertThat(run.find()).isTrue();
    var made = user.state().resolve("runs").resolve(run.group(1)).resolve(step).resolve("1/out");
    return Files.readString(made.resolve(output).resolve(output));
  }

  @Test
  void
      when_a_pipeline_with_all_that_kfp_can_say_is_run_then_every_value_is_as_it_is_there_and_kept()
          throws IOException {
    try (var user = user()) {
      KubeflowCompiler.of(KubeflowCompiler.NEW).compile("everything.py", user.file("p.yaml"));
      user.write("data.txt", "what was there");
      var counter = user.write("counter", "");
      String[] run = {
        "run", "p.yaml", "--set", "inputs.uri=data.txt", "--set", "inputs.counter=" + counter
      };
      // Builds a virtual environment: far slower than any other command.
      var first = user.start(run).result(10).exits(0);
      var out = first.out();
      assertThat(JSON.readTree(made(user, out, "report", "Output")))
          .isEqualTo(
              JSON.readTree(
                  """
                  {
                    "seen": {
                      "rate": 0.5, "name": "it's $(id)", "flag": true, "items": [3, 1, 2],
                      "config": {"deep": {"a": 1}}, "note": null
                    },
                    "said": "it's $(id) and 3|rows=3|--loud|very|--no-low|it's $(id)  3",
                    "imported": "what was there it's $(id)",
                    "squares": [9, 1, 4],
                    "models": ["model of 3", "model of 1", "model of 2"],
                    "nested": [[11, 21], [12, 22]],
                    "each": ["MODEL OF 3", "MODEL OF 1", "MODEL OF 2"],
                    "taken": "by default",
                    "inner": 131,
                    "quoted": "\\"quoted\\" \\\\ and ${{inputs.x}}"
                  }
                  """));
      assertThat(Files.readString(counter)).as("attempts of the flaky task").isEqualTo("xxx");
      assertThat(made(user, out, "ended", "Output")).isEqualTo("it has SUCCEEDED");
      assertThat(made(user, out, "for-loop-5.2.condition-6.say", "Output")).isEqualTo("big: 6");
      assertThat(first.err()).contains("limits and requests of CPU");
      assertThat(out)
          .contains("28 steps run", "accuracy = 0.75")
          .containsPattern("for-loop-5.1.condition-6.say +skipped");

      assertThat(user.run(run).exits(0).out()).contains("1 step run, 27 reused");
      assertThat(Files.readString(counter)).as("a task that is not to be cached").hasSize(4);

      user.write("data.txt", "what is there now");
      var many = new ArrayList<>(List.of(run));
      many.addAll(List.of("--set", "inputs.rows=11"));
      var again = user.run(many.toArray(String[]::new)).exits(0).out();
      assertThat(JSON.readTree(made(user, again, "report", "Output")).get("taken").stringValue())
          .isEqualTo("many");
      assertThat(made(user, again, "read", "Output")).isEqualTo("what is there now it's $(id)");
    }
  }

  @Test
  void
      when_a_task_fails_then_the_exit_handler_runs_and_is_told_and_what_reads_from_it_does_not_run()
          throws IOException {
    try (var user = user()) {
      KubeflowCompiler.of(KubeflowCompiler.NEW).compile("failing.py", user.file("p.yaml"));
      var out = user.start("run", "p.yaml").result(10).exits(1).out();
      assertThat(out)
          .contains("RuntimeError: on purpose", "step exit-handler-1.fail failed")
          .containsPattern("(?m) exit-handler-1.say +skipped: exit-handler-1.fail did not")
          .containsPattern(
              "(?m) exit-handler-1.condition-branches-2.condition-3 +FAILED: .*say-3 was skipped,"
                  + " since exit-handler-1.fail failed");
      assertThat(made(user, out, "exit-handler-1.say-2", "Output")).isEqualTo("by default");
      assertThat(made(user, out, "ended", "Output"))
          .startsWith("FAILED exit-handler-1: failed: exit-handler-1.fail");
    }
  }

  @Test
  void when_an_older_kfp_has_compiled_the_same_then_it_is_read_as_well() {
    try (var user = user()) {
      var kfp = KubeflowCompiler.of(KubeflowCompiler.OLD);
      kfp.compile("everything.py", user.file("everything.yaml"));
      kfp.compile("failing.py", user.file("failing.yaml"));
      assertThat(user.run("validate", "everything.yaml", "failing.yaml").exits(0).out())
          .contains("failing.yaml: ok");
      assertThat(user.json("plan", "failing.yaml", "-o", "json").get("steps")).hasSize(4);
    }
  }

  @Test
  void when_the_example_is_run_then_its_loop_condition_and_metrics_work_and_it_is_reused() {
    try (var user = user()) {
      var pipeline = Headrace.ROOT.resolve("examples/kubeflow/pipeline.yaml").toString();
      var first = user.start("run", pipeline).result(10).exits(0).out();
      assertThat(first).contains("6 steps run", "the condition was true", "total = 18.0");
      assertThat(user.run("run", pipeline).exits(0).out()).contains("0 steps run, 6 reused");
      assertThat(user.run("run", pipeline, "--set", "inputs.enough=50").exits(0).out())
          .contains("the condition was false", "0 steps run, 5 reused");
    }
  }
}
