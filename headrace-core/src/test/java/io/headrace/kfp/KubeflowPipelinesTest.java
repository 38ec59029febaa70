package io.headrace.kfp;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.planner.PlanSettings;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiled pipelines: what is planned of them, and what is said of those that are wrong. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KubeflowPipelinesTest {
  @TempDir Path folder;

  /** Two tasks, of which the second reads from the first. */
  private static final String SMALL =
      """
      components:
        comp-make:
          executorLabel: exec-make
          inputDefinitions:
            parameters:
              n: {parameterType: NUMBER_INTEGER}
              note: {parameterType: STRING, isOptional: true}
          outputDefinitions:
            artifacts:
              data: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}
            parameters:
              Output: {parameterType: STRING}
        comp-tell:
          executorLabel: exec-tell
          inputDefinitions:
            parameters:
              text: {parameterType: STRING}
      deploymentSpec:
        executors:
          exec-make:
            container: {image: busybox, command: [echo, '{{$.inputs.parameters[''n'']}}']}
          exec-tell:
            container: {image: busybox, command: [echo], args: ['{{$.inputs.parameters[''text'']}}']}
      pipelineInfo: {name: small}
      root:
        dag:
          tasks:
            make:
              cachingOptions: {enableCache: true}
              componentRef: {name: comp-make}
              inputs:
                parameters:
                  n: {componentInputParameter: rows}
              taskInfo: {name: make}
            tell:
              cachingOptions: {enableCache: true}
              componentRef: {name: comp-tell}
              dependentTasks: [make]
              inputs:
                parameters:
                  text:
                    taskOutputParameter: {outputParameterKey: Output, producerTask: make}
              taskInfo: {name: tell}
        inputDefinitions:
          parameters:
            rows: {parameterType: NUMBER_INTEGER, defaultValue: 3.0}
      schemaVersion: 2.1.0
      sdkVersion: kfp-2.17.3
      """;

  private Path write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(byte[] bytes) {
    try {
      return Files.write(folder.resolve("p.yaml"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Problem> problems(String text, String... sets) {
    return KubeflowPipelines.validate(write(text), List.of(sets), folder);
  }

  private List<String> said(String text, String... sets) {
    return problems(text, sets).stream()
        .map(it ->
            it.where().map(where -> where.line() + ":" + where.column() + " ").orElse("")
                + it.message())
        .toList();
  }

  private Plan plan(String text, String... sets) {
    return KubeflowPipelines.plan(write(text), List.of(sets), settings()).plan();
  }

  private PlanSettings settings() {
    return PlanSettings.in(folder);
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(it -> it.id().value().equals(id)).findFirst().orElseThrow();
  }

  /** Where a text stands for the first time, as line:column. */
  private static String at(String text, String what) {
    int at = text.indexOf(what);
    int line = (int) text.substring(0, at).chars().filter(it -> it == '\n').count() + 1;
    return line + ":" + (at - text.lastIndexOf('\n', at)) + " ";
  }

  @Nested
  class Given_a_pipeline {
    @Test
    void then_it_is_told_from_other_files() {
      assertThat(KubeflowPipelines.isOne(write(SMALL))).isTrue();
      assertThat(KubeflowPipelines.isOne(write("type: pipeline\njobs: {}\n"))).isFalse();
      assertThat(KubeflowPipelines.isOne(folder.resolve("none.yaml"))).isFalse();
    }

    @Test
    void when_planned_then_a_task_is_a_step_with_its_values_and_what_it_reads_from() {
      var plan = plan(SMALL);
      assertThat(plan.steps()).extracting(it -> it.id().value()).containsExactly("make", "tell");
      assertThat(step(plan, "make").inputs()).containsEntry("n", new StepInput.Literal("3"));
      assertThat(step(plan, "tell").inputs().get("text")).isInstanceOf(StepInput.FromStep.class);
      assertThat(plan.parameters()).containsEntry("rows", "3");
    }

    @Test
    void when_an_input_is_set_then_it_is_checked_against_its_type() {
      assertThat(step(plan(SMALL, "inputs.rows=7"), "make").inputs())
          .containsEntry("n", new StepInput.Literal("7"));
      assertThat(said(SMALL, "inputs.rows=x", "inputs.row=1", "jobs.make=1"))
          .containsExactlyInAnyOrder(
              "--set inputs.rows: 'x' is not a value of type NUMBER_INTEGER",
              "the pipeline has no input 'row'",
              "'--set jobs.make=1' sets no input, and nothing else of a compiled pipeline can be"
                  + " set");
    }

    @Test
    void when_an_input_has_no_value_then_plan_asks_for_it_and_validate_does_not() {
      var text = SMALL.replace(", defaultValue: 3.0", "");
      assertThat(problems(text)).isEmpty();
      try {
        plan(text);
        throw new AssertionError("planned");
      } catch (ProblemException e) {
        assertThat(e.problems().getFirst().message())
            .isEqualTo("the pipeline's input 'rows' has no value");
      }
    }

    @Test
    void when_it_has_settings_for_Kubernetes_then_a_time_limit_counts_and_the_others_are_named() {
      var text =
          SMALL
              + """
              ---
              platforms:
                kubernetes:
                  deploymentSpec:
                    executors:
                      exec-make:
                        activeDeadlineSeconds: '30'
                        secretAsEnv:
                        - secretName: s
                          keyToEnv:
                          - {secretKey: k, envVar: PASSWORD}
              """;
      assertThat(step(plan(text), "make").timeout()).contains(Duration.ofSeconds(30));
      assertThat(step(plan(text), "tell").timeout()).isEmpty();
      assertThat(said(text))
          .containsExactly(
              at(text, "activeDeadlineSeconds")
                  + "the settings of exec-make for Kubernetes have no effect here: secretAsEnv");
      assertThat(problems(text).getFirst().isError()).isFalse();
      assertThat(problems(text).getFirst().toString()).contains("PASSWORD");
    }
  }

  @Nested
  class Given_something_wrong {
    private void is(String was, String is, String atWhat, String message) {
      var text = SMALL.replace(was, is);
      assertThat(text).as("the example has '%s'", was).isNotEqualTo(SMALL);
      assertThat(said(text)).as(is).contains(at(text, atWhat) + message);
    }

    @Test
    void when_a_field_is_not_known_then_it_is_named_with_its_place() {
      is(
          "taskInfo: {name: tell}",
          "taskInf: {name: tell}",
          "taskInf: {",
          "pipeline.root.dag.tasks.tell: the field 'taskInf' is not known to this version");
      is(
          "{enableCache: true}",
          "{enableCach: true}",
          "enableCach:",
          "pipeline.root.dag.tasks.make.cachingOptions: the field 'enableCach' is not known to this"
              + " version");
      is(
          "{image: busybox,",
          "{imag: busybox,",
          "imag:",
          "pipeline.deploymentSpec.executors.exec-make.container: the field 'imag' is not known to"
              + " this version");
    }

    @Test
    void when_a_value_is_of_another_type_then_it_is_named_with_its_place() {
      is(
          "{enableCache: true}",
          "{enableCache: often}",
          "often",
          "pipeline.root.dag.tasks.make.cachingOptions.enableCache must be true or false");
      is(
          "dependentTasks: [make]",
          "dependentTasks: make",
          "make\n        inputs:\n",
          "pipeline.root.dag.tasks.tell.dependentTasks must be a list");
      is(
          "parameterType: NUMBER_INTEGER}",
          "parameterType: NUMBER}",
          "NUMBER}",
          "pipeline.components.comp-make.inputDefinitions.parameters.n.parameterType is not one of"
              + " KFP's types: 'NUMBER'");
      is(
          "schemaVersion: 2.1.0\n",
          "schemaVersion: 1.0\n",
          "1.0\n",
          "a pipeline of schemaVersion '1.0' cannot be read by this version");
    }

    @Test
    void when_a_name_is_not_there_then_it_is_named_with_its_place() {
      is(
          "name: comp-tell}",
          "name: comp-tel}",
          "cachingOptions: {enableCache: true}\n        componentRef: {name: comp-tel}",
          "there is no component called 'comp-tel'");
      is(
          "executorLabel: exec-tell",
          "executorLabel: exec-tel",
          "exec-tel\n",
          "there is no executor called 'exec-tel'");
      is(
          "producerTask: make",
          "producerTask: mak",
          "taskOutputParameter",
          "there is no task called 'mak'");
      is(
          "outputParameterKey: Output",
          "outputParameterKey: Out",
          "taskOutputParameter",
          "there is no output of make called 'Out'");
      is(
          "componentInputParameter: rows",
          "componentInputParameter: row",
          "{componentInputParameter",
          "there is no input of the graph called 'row'");
    }

    @Test
    void when_tasks_wait_for_each_other_then_the_circle_is_shown() {
      is(
          "componentRef: {name: comp-make}",
          "componentRef: {name: comp-make}\n        dependentTasks: [tell]",
          "cachingOptions: {enableCache: true}\n        componentRef: {name: comp-make}",
          "tasks wait for each other: make -> tell");
    }

    @Test
    void when_a_value_is_not_given_then_the_input_is_named() {
      is(
          "            n: {componentInputParameter: rows}\n",
          "",
          "cachingOptions",
          "task make gives no value to the input 'n'");
    }

    @Test
    void when_a_condition_cannot_be_used_then_it_is_shown() {
      is(
          "taskInfo: {name: tell}",
          "triggerPolicy: {condition: size(x) > 2}",
          "cachingOptions: {enableCache: true}\n        componentRef: {name: comp-tell}",
          "task tell: the condition cannot be used: it is not understood from here: size(x) > 2");
      is(
          "taskInfo: {name: tell}",
          "triggerPolicy: {strategy: SOMETIMES}",
          "SOMETIMES",
          "'SOMETIMES' is no strategy of KFP's");
    }

    @Test
    void when_tasks_are_to_share_a_workspace_then_that_is_refused() {
      is(
          "command: [echo]",
          "command: ['{{$.workspace_path}}']",
          "{image: busybox, command: ['{{$.w",
          "a workspace, which all tasks of a pipeline share, is not there on this machine");
    }
  }

  @Test
  void given_a_component_that_uses_itself_then_the_depth_is_said_and_not_reached() {
    var text =
        SMALL.replace(
            "  comp-tell:\n    executorLabel: exec-tell",
            "  comp-tell:\n    dag:\n      tasks:\n        again: {componentRef: {name: comp-tell}}");
    assertThat(said(text)).anyMatch(it -> it.contains("graphs stand more than 50 deep"));
  }

  @Test
  void given_any_bytes_when_planned_then_a_plan_comes_out_or_problems_with_their_places()
      throws IOException {
    var random = new Random(11);
    var seeds = new ArrayList<byte[]>();
    seeds.add(SMALL.getBytes(StandardCharsets.UTF_8));
    seeds.add(Files.readAllBytes(Path.of("../examples/kubeflow/pipeline.yaml")));
    int planned = 0;
    int refused = 0;
    for (int i = 0; i < 600; i++) {
      var seed = seeds.get(i % 3 == 0 ? 1 : 0);
      var file = write(i % 2 == 0 ? lines(seed, random) : bytes(seed, random));
      try {
        KubeflowPipelines.plan(file, List.of(), settings());
        planned++;
      } catch (ProblemException e) {
        refused++;
        assertThat(e.problems()).isNotEmpty();
        for (var problem : e.problems()) {
          assertThat(problem.where()).as("%d: %s", i, problem).isPresent();
        }
      }
    }
    assertThat(planned).isGreaterThan(20);
    assertThat(refused).isGreaterThan(200);
  }

  /** Some bytes changed, left out or put in. */
  private static byte[] bytes(byte[] seed, Random random) {
    var text = new StringBuilder(new String(seed, StandardCharsets.ISO_8859_1));
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        default -> text.insert(at, "{}[]:,'\"-\n #&*!|>%@`{{$.x}}".charAt(random.nextInt(26)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Some lines left out, doubled or exchanged. */
  private static byte[] lines(byte[] seed, Random random) {
    var lines = new ArrayList<>(List.of(new String(seed, StandardCharsets.UTF_8).split("\n", -1)));
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(lines.size());
      int other = random.nextInt(lines.size());
      switch (random.nextInt(3)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(other, lines.get(at));
        default -> lines.set(at, lines.get(other));
      }
    }
    return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
  }
}
