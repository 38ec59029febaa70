package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.headrace.plan.Plan;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MutationTest {
  private static final String JOB =
      """
      $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
      type: pipeline
      name: run
      tags: {a: b}
      inputs:
        raw: {type: uri_folder, path: ., mode: download}
        rate: 0.5
      outputs:
        model: {type: mlflow_model, mode: upload}
      settings: {continue_on_step_failure: false, default_compute: azureml:c}
      jobs:
        first:
          type: command
          component: ./c.yml
          inputs:
            data: ${{parent.inputs.raw}}
            rate: ${{parent.inputs.rate}}
          outputs: {model: "${{parent.outputs.model}}"}
          environment_variables: {A: 1}
          limits: {timeout: 60}
        second:
          command: cat ${{inputs.m}} $[[${{inputs.n}}]]
          environment: {image: i, conda_file: {dependencies: [a]}}
          inputs:
            m: {type: mlflow_model, path: "${{parent.jobs.first.outputs.model}}"}
            n: a${{parent.inputs.rate}}b
          distribution: {type: pytorch, process_count_per_instance: 1}
        third:
          type: pipeline
          component:
            type: pipeline
            inputs: {i: {type: uri_folder}}
            outputs: {o: {type: uri_folder}}
            jobs:
              inner:
                command: x
                environment: azureml:e@latest
                inputs: {i: "${{parent.inputs.i}}"}
                outputs: {o: "${{parent.outputs.o}}"}
          inputs: {i: "${{parent.inputs.raw}}"}
      """;

  private static final String COMPONENT =
      """
      name: c
      type: command
      command: train ${{inputs.data}} ${{inputs.rate}} ${{outputs.model}} $[[${{inputs.opt}}]]
      environment: {image: i}
      inputs:
        data: {type: uri_folder}
        rate: {type: number, min: 0, max: 1, default: 0.1}
        opt: {type: string, optional: true}
      outputs: {model: {type: mlflow_model}}
      """;

  /** What is put in place of a word. */
  private static final List<String> ODDITIES =
      List.of(
          "",
          "~",
          "[]",
          "{}",
          "[1, {a: b}]",
          "true",
          "-1",
          "1e400",
          ".nan",
          "2020-01-01",
          "'${{'",
          "'${{}}'",
          "'${{parent.jobs.first.outputs.model}}'",
          "'${{parent.inputs.raw}}'",
          "'$[[${{x}}]]'",
          "\"\\0\"",
          "'..'",
          "azureml:",
          "'\u00fc\u2028'",
          "pipeline",
          "command",
          "sweep",
          "&a [*a]",
          "9999999999999999999999");

  @TempDir Path folder;

  @Test
  void whatever_the_files_hold_only_problems_are_told_and_every_plan_is_in_order() {
    var random = new Random(2_026);
    int planned = 0;
    for (int round = 0; round < 1_500; round++) {
      boolean inComponent = random.nextInt(4) == 0;
      String job = inComponent ? JOB : mutated(JOB, random);
      String component = inComponent ? mutated(COMPONENT, random) : COMPONENT;
      var project = new Project(folder).file("job.yml", job).file("c.yml", component);
      try {
        var problems = project.problems("job.yml");
        assertThat(problems).allMatch(problem -> problem.where().isPresent());
        inOrder(project.plan("job.yml"));
        planned++;
      } catch (ProblemException e) {
        assertThat(e.problems()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        fail("round " + round + "\n" + job + "\n---\n" + component, e);
      }
    }
    assertThat(planned).as("some mutations do no harm").isBetween(20, 1_450);
  }

  private static void inOrder(Plan plan) {
    var seen = new HashSet<Object>();
    for (var step : plan.steps()) {
      assertThat(seen).containsAll(step.after());
      seen.add(step.id());
    }
  }

  private static String mutated(String text, Random random) {
    var lines = new ArrayList<>(text.lines().toList());
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(lines.size());
      switch (random.nextInt(5)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
        case 2 -> lines.set(at, indented(lines.get(at), random));
        case 3 -> lines.set(at, lines.get(at).replaceFirst(":.*", ": " + oddity(random)));
        default -> lines.set(at, withoutLetter(lines.get(at), random));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String oddity(Random random) {
    return ODDITIES
        .get(random.nextInt(ODDITIES.size()))
        .replace("$", "\\$")
        .replace("\\0", "\\\\0");
  }

  private static String indented(String line, Random random) {
    return random.nextBoolean() ? "  " + line : line.replaceFirst("^ {2}", "");
  }

  private static String withoutLetter(String line, Random random) {
    if (line.isEmpty()) {
      return line;
    }
    int at = random.nextInt(line.length());
    return line.substring(0, at) + line.substring(at + 1);
  }
}
