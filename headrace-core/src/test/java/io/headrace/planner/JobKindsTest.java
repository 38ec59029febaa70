package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.job.ComponentSource;
import io.headrace.job.DocumentLoader;
import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Objective;
import io.headrace.plan.Sampling;
import io.headrace.problem.Problems;
import io.headrace.spec.Component;
import io.headrace.spec.DataTransfer;
import io.headrace.spec.ExternalSource;
import io.headrace.spec.Job;
import io.headrace.spec.LoopItems;
import io.headrace.spec.Node;
import io.headrace.spec.Spark;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of job and of node beside commands and pipelines. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobKindsTest {
  private static final String SWEEP =
      """
      type: sweep
      trial:
        command: train --rate ${{search_space.rate}} --kind ${{search_space.kind}}
        environment: azureml:e:1
      sampling_algorithm: {type: random, seed: 7, rule: sobol}
      search_space:
        rate: {type: loguniform, min_value: -5, max_value: 0.5}
        kind:
          type: choice
          values: [a, 2, {depth: {type: randint, upper: 9}, name: deep}]
      objective: {goal: Maximize, primary_metric: auc}
      early_termination: {type: medianStopping, evaluation_interval: 2, delay_evaluation: 5}
      limits: {max_total_trials: 20, max_concurrent_trials: 4, timeout: 60, trial_timeout: "7"}
      """;

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void open() {
    project = new Project(folder);
  }

  private Job read(String text) {
    project.file("job.yml", text);
    var problems = new Problems();
    var document =
        new DocumentLoader(folder, ComponentSource.NONE, problems)
            .load(folder.resolve("job.yml"), List.of());
    assertThat(problems.all()).isEmpty();
    return (Job) document.orElseThrow();
  }

  private Node node(String text) {
    var job = (Job.PipelineJob) read("type: pipeline\njobs:\n" + text.indent(2));
    return job.nodes().getLast();
  }

  @Test
  void a_sweep_is_read_with_all_it_says() {
    var sweep = ((Job.SweepJob) read(SWEEP)).sweep();
    assertThat(sweep.sampling())
        .isEqualTo(new Sampling.Random(OptionalLong.of(7), true, OptionalDouble.empty()));
    assertThat(sweep.space().parameters().get("rate"))
        .isEqualTo(new Hyperparameter.Uniform(-5, 0.5, true));
    assertThat(sweep.space().parameters().get("kind"))
        .isInstanceOfSatisfying(
            Hyperparameter.Choice.class,
            choice -> {
              assertThat(choice.options()).hasSize(3);
              assertThat(choice.options().get(1)).isEqualTo(new Hyperparameter.Option.Single("2"));
              assertThat(choice.options().get(2))
                  .isInstanceOfSatisfying(
                      Hyperparameter.Option.Nested.class,
                      nested ->
                          assertThat(nested.space().parameters())
                              .containsEntry("depth", new Hyperparameter.RandInt(9))
                              .containsKey("name"));
            });
    assertThat(sweep.objective()).isEqualTo(new Objective(Objective.Goal.MAXIMIZE, "auc"));
    assertThat(sweep.earlyTermination()).contains(new EarlyTermination.MedianStopping(2, 5));
    assertThat(sweep.limits().trialTimeout()).contains(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          min_value: -5, max_value: 0.5 | min_value: 2, max_value: 1   | min_value 2.0 is above
          [a, 2, {depth: {type: randint, upper: 9}, name: deep}] | []  | at least one value
          rule: sobol                   | rule: sbol                   | did you mean 'sobol'
          max_total_trials: 20          | max_total_trials: 3          | 4 is more than max_total
          max_total_trials: 20          | max_total_trials: 1001       | must be 1 to 1000
          search_space.rate}}           | search_space.rte}}           | did you mean 'rate'
          type: medianStopping          | type: bandit, slack_factor: 1, slack_amount: 2 | cannot both
          {type: random, seed: 7, rule: sobol} | grid                  | grid needs a search space
          {type: random, seed: 7, rule: sobol} | bayesian              | bayesian takes choice
          """)
  void what_is_wrong_with_a_sweep_is_told(String was, String becomes, String told) {
    project.file("job.yml", SWEEP.replace(was, becomes));
    assertThat(project.problems("job.yml"))
        .anySatisfy(it -> assertThat(it.toString()).contains(told).contains("job.yml:"));
  }

  @Test
  void a_spark_job_is_read_by_sparks_own_names() {
    var job =
        (Job.SparkJob)
            read(
                """
                type: spark
                code: .
                entry: {file: main.py}
                py_files: [a.py, b.zip]
                conf: {driver_cores: 1, spark.executor.memory: 2g, dynamic_allocation_enabled: true}
                args: --in ${{inputs.i}}
                inputs: {i: 1}
                resources: {instance_type: standard_e4s_v3, runtime_version: 3.4}
                """);
    assertThat(job.spark().entry())
        .hasValueSatisfying(it -> assertThat(it).isInstanceOf(Spark.Entry.PythonFile.class));
    assertThat(job.spark().conf()).hasSize(3).containsKey("spark.driver.cores");
    assertThat(job.spark().conf().get("spark.dynamicAllocation.enabled")).hasToString("true");
    assertThat(job.spark().pyFiles()).hasToString("[a.py, b.zip]");
  }

  @Test
  void an_import_is_read() {
    var job =
        (Job.ImportJob)
            read(
                """
                type: import
                source: {type: snowflake, connection: azureml:my_snow, query: select 1}
                output: {type: mltable, path: azureml://datastores/x/paths/y}
                """);
    assertThat(job.source())
        .hasValueSatisfying(it -> assertThat(it).isInstanceOf(ExternalSource.Database.class));
    assertThat(job.outputs()).containsOnlyKeys("output");
  }

  @Test
  void a_parallel_node_says_what_it_says_over_its_component() {
    project.file(
        "c.yml",
        """
        name: c
        type: parallel
        inputs: {i: {type: uri_folder}}
        outputs: {o: {type: uri_file}}
        input_data: ${{inputs.i}}
        mini_batch_size: "5"
        error_threshold: 3
        task:
          type: run_function
          entry_script: s.py
          append_row_to: ${{outputs.o}}
          environment: azureml:e:1
        """);
    var node =
        (Node.ParallelNode)
            node(
                """
                p:
                  type: parallel
                  component: ./c.yml
                  mini_batch_size: "7"
                  retry_settings: {max_retries: 1}
                  inputs: {i: {type: uri_folder, path: .}}
                """);
    var component = (Component.ParallelComponent) Ports.component(node).orElseThrow();
    var merged = node.parallel().over(component.parallel());
    assertThat(merged.miniBatchSize()).hasToString("Optional[7]");
    assertThat(merged.errorThreshold()).hasToString("Optional[3]");
    assertThat(merged.task().flatMap(it -> it.entryScript())).hasToString("Optional[s.py]");
  }

  @Test
  void data_transfers_are_read_by_their_tasks() {
    var copy =
        (Node.DataTransferNode)
            node(
                """
                d:
                  type: data_transfer
                  task: copy_data
                  data_copy_mode: fail_if_conflict
                  inputs: {a: {type: uri_folder, path: .}}
                  outputs: {o: {type: uri_folder}}
                """);
    assertThat(copy.transfer())
        .isInstanceOfSatisfying(
            DataTransfer.Copy.class,
            it -> assertThat(it.mode()).contains(DataTransfer.Mode.FAIL_IF_CONFLICT));
    var importing =
        (Node.DataTransferNode)
            node(
                """
                d:
                  type: data_transfer
                  task: import_data
                  source: {type: file_system, connection: azureml:s3, path: a/b}
                  outputs: {sink: {type: uri_folder}}
                """);
    assertThat(importing.transfer()).isInstanceOf(DataTransfer.Import.class);
  }

  @Test
  void control_flow_is_read() {
    String work = "a:\n  command: x\n  environment: azureml:e:1\n  outputs: {o: }\n";
    var branch =
        (Node.IfElseNode)
            node(work + "c: {type: if_else, condition: false, true_block: '${{parent.jobs.a}}'}");
    assertThat(branch.trueBlock()).singleElement().extracting("node").isEqualTo("a");
    var loop =
        (Node.DoWhileNode)
            node(
                work
                    + "d: {type: do_while, body: '${{parent.jobs.a}}', condition: o, mapping: {o:"
                    + " i}, limits: {max_iteration_count: 3}}");
    assertThat(loop.maxIterations()).isEqualTo(3);
    var each =
        (Node.ParallelForNode)
            node(
                work
                    + "e: {type: parallel_for, body: '${{parent.jobs.a}}', items: '[{\"x\": 1},"
                    + " {\"x\": 2}]'}");
    assertThat(each.items())
        .isInstanceOfSatisfying(LoopItems.Listed.class, it -> assertThat(it.items()).hasSize(2));
    assertThat(Optional.of(each.maxConcurrency())).isPresent();
  }
}
