package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps and control flow, as a user runs them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GroupsTest {
  @TempDir Path folder;

  /** How soon a bad trial is stopped depends on the machine: here no trial is. */
  private static final String NONE_STOPPED = "early_termination.delay_evaluation=100";

  private static String example(String file) {
    return Headrace.ROOT.resolve("examples").resolve(file).toString();
  }

  private static String read(Headrace user, String run, String path) throws IOException {
    return Files.readString(user.state().resolve("runs").resolve(run).resolve(path));
  }

  private static String runOf(String out) {
    var found = Pattern.compile("(?m)^  run +(\\S+)").matcher(out);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void when_control_flow_is_run_then_loops_and_branches_take_their_way_and_again_all_is_reused()
      throws IOException {
    try (var user = new Headrace(folder)) {
      var out = user.run("run", example("control-flow/pipeline.yml")).exits(0).out();
      var run = runOf(out);
      assertThat(read(user, run, "gather/1/out/lines/lines"))
          .isEqualTo("one: 1\ntwo: 4\nthree 'threes': 9\n");
      assertThat(read(user, run, "even/1/out/text/text")).isEqualTo("16 is even\n");
      assertThat(out).contains("4 rounds", "3 items", "the condition was true");
      assertThat(out).containsPattern("odd +skipped");
      assertThat(user.run("run", example("control-flow/pipeline.yml")).exits(0).out())
          .contains("0 steps run, 11 reused");
    }
  }

  @Test
  void when_an_item_fails_then_the_run_fails_and_says_which_step() throws IOException {
    try (var user = new Headrace(folder)) {
      user.write(
          "p.yml",
          """
          type: pipeline
          settings: {default_compute: azureml:local}
          jobs:
            each:
              type: parallel_for
              body: ${{parent.jobs.work}}
              items: [{n: 0}, {n: 1}]
            work:
              type: command
              command: exit ${{inputs.n}}
              environment: azureml:local
              inputs: {n: 0}
          """);
      assertThat(user.run("run", "p.yml").exits(1).out())
          .contains("FAILED", "step each.1.work failed");
    }
  }

  @Test
  void when_items_give_data_then_each_step_reads_its_own_and_only_changed_items_run_again()
      throws IOException {
    try (var user = new Headrace(folder)) {
      user.write("a.txt", "alpha\n");
      user.write("b.txt", "beta\n");
      user.run(
              "data",
              "create",
              "--name",
              "second",
              "--version",
              "1",
              "--path",
              "b.txt",
              "--type",
              "uri_file")
          .exits(0);
      user.write(
          "count.yml",
          """
          name: count
          type: command
          command: >-
            cat ${{inputs.text}} > ${{outputs.said}} && echo ${{inputs.times}} >> ${{outputs.said}}
          environment: azureml:local
          inputs: {text: {type: uri_file}, times: {type: integer}}
          outputs: {said: {type: uri_file}}
          """);
      user.write(
          "inner.yml",
          """
          name: inner
          type: pipeline
          inputs: {text: {type: uri_file}, times: {type: integer}}
          outputs: {said: {type: uri_file}}
          jobs:
            count:
              component: count.yml
              inputs: {text: "${{parent.inputs.text}}", times: "${{parent.inputs.times}}"}
              outputs: {said: "${{parent.outputs.said}}"}
          """);
      user.write(
          "p.yml",
          """
          type: pipeline
          settings: {default_compute: azureml:local}
          jobs:
            make:
              type: command
              command: echo gamma > ${{outputs.text}}
              environment: azureml:local
              outputs: {text: {type: uri_file}}
            each:
              type: parallel_for
              body: ${{parent.jobs.work}}
              items:
                - {text: {type: uri_file, path: a.txt}, times: 1}
                - {text: {type: uri_file, path: azureml:second@latest}, times: 2}
                - {text: {type: uri_file, path: "${{parent.jobs.make.outputs.text}}"}, times: 3}
            work: {type: pipeline, component: inner.yml}
            gather:
              type: command
              command: cat ${{inputs.all}}/*/* > ${{outputs.all}}
              environment: azureml:local
              inputs: {all: "${{parent.jobs.work.outputs.said}}"}
              outputs: {all: {type: uri_file}}
          """);
      var run = runOf(user.run("run", "p.yml").exits(0).out());
      assertThat(read(user, run, "gather/1/out/all/all"))
          .isEqualTo("alpha\n1\nbeta\n2\ngamma\n3\n");

      var child =
          user.run("job", "list", "-p", run, "--query", "[?step=='gather'].name", "-o", "tsv")
              .exits(0)
              .out()
              .strip();
      assertThat(
              user.run(
                      "job",
                      "show",
                      "-n",
                      child,
                      "--query",
                      "[status, parent_job_name]",
                      "-o",
                      "tsv")
                  .exits(0)
                  .out())
          .contains("Completed", run);

      user.write("a.txt", "other\n");
      var again = user.run("run", "p.yml").exits(0).out();
      assertThat(again).contains("2 steps run, 3 reused");
      assertThat(read(user, runOf(again), "gather/1/out/all/all")).startsWith("other\n1\nbeta\n");
    }
  }

  @Test
  void when_a_sweep_is_killed_then_it_goes_on_with_the_same_trials_and_the_best_ones_model_is_its()
      throws IOException {
    try (var user = new Headrace(folder)) {
      // Builds the environment, which takes far longer than any other command.
      user.start(
              "run",
              example("sweep/sweep.yml"),
              "--set",
              "limits.max_total_trials=1",
              "limits.max_concurrent_trials=1",
              NONE_STOPPED)
          .result(10)
          .exits(0);
      var first = user.start("run", example("sweep/sweep.yml"), "--set", NONE_STOPPED);
      Await.until(first::out, () -> first.out().contains("sweep.1      done"));
      first.kill();
      var last = user.start("resume").result(5).exits(0).out();
      assertThat(last).contains("Completed").containsPattern("best of 6: trial \\d, loss = ");

      var trials = new ArrayList<String>();
      var shown = user.run("run", "show", runOf(last)).exits(0).out();
      var rates = Pattern.compile("param +rate +(\\S+)").matcher(shown);
      while (rates.find()) {
        trials.add(rates.group(1));
      }
      assertThat(trials).hasSize(6);
      assertThat(new HashSet<>(trials)).hasSize(6);

      var again = user.run("run", example("sweep/sweep.yml"), "--set", NONE_STOPPED).exits(0).out();
      assertThat(again).contains("0 steps run, 6 reused");
      assertThat(best(again)).isEqualTo(best(last));
    }
  }

  private static List<String> best(String out) {
    var found = Pattern.compile("best of 6: (.*)").matcher(out);
    assertThat(found.find()).isTrue();
    return List.of(found.group(1));
  }
}
