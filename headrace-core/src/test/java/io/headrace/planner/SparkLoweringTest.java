package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SparkLoweringTest {
  private static final String JOB =
      """
      type: spark
      code: ./src
      entry: {file: main.py}
      py_files: [a.py]
      conf:
        spark.driver.memory: 2g
        executor_cores: 2
      inputs:
        rides: {type: uri_file, path: ./data/rides.csv, mode: direct}
        label: two "words"; $(x)
      outputs:
        zones: {type: uri_folder, mode: direct}
      args: --in ${{inputs.rides}} --label=${{inputs.label}} 'b c'
      resources: {instance_type: standard_e4s_v3, runtime_version: "3.4"}
      """;

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void begin() {
    project = new Project(folder);
    project.file("data/rides.csv", "").file("src/main.py", "");
  }

  private Step step(String yaml) {
    return project.file("job.yml", yaml).plan("job.yml").steps().getFirst();
  }

  private static String told(Step step) {
    var value = Objects.requireNonNull(step.environmentVariables().get("HEADRACE_SPARK"));
    return ((Segment.Text) value.getFirst()).text();
  }

  @Test
  void the_driver_is_an_input_and_is_told_all_as_data() {
    var step = step(JOB);
    assertThat(step.inputs()).containsOnlyKeys("rides", "label", "headrace_driver");
    assertThat(step.command())
        .noneMatch(it -> it instanceof Segment.Value)
        .contains(new Segment.InputPath("headrace_driver"));
    assertThat(told(step))
        .isEqualTo(
            "{\"version\":[[\"text\",\"3.4\"]],\"entry\":{\"file\":[[\"text\",\"main.py\"]]},"
                + "\"py_files\":[[[\"text\",\"a.py\"]]],\"jars\":[],\"files\":[],\"archives\":[],"
                + "\"conf\":{\"spark.driver.memory\":[[\"text\",\"2g\"]],"
                + "\"spark.executor.cores\":[[\"text\",\"2\"]]},"
                + "\"args\":[[[\"text\",\"--in\"]],[[\"input\",\"rides\"]],"
                + "[[\"text\",\"--label=\"],[\"input\",\"label\"]],[[\"text\",\"b c\"]]],"
                + "\"direct\":[[[\"text\",\"zones\"]]]}");
  }

  @Test
  void data_in_direct_mode_is_given_as_files_whose_content_counts() {
    assertThat(step(JOB).inputs().get("rides"))
        .isInstanceOfSatisfying(
            StepInput.Local.class, it -> assertThat(it.mode()).isEqualTo(StepInput.Mode.RO_MOUNT));
  }

  @Test
  void an_address_that_Spark_itself_reads_stays_what_it_is() {
    var step = step(JOB.replace("./data/rides.csv", "abfss://box@store.example/rides.csv"));
    assertThat(step.inputs().get("rides"))
        .isInstanceOfSatisfying(
            StepInput.Remote.class, it -> assertThat(it.mode()).isEqualTo(StepInput.Mode.DIRECT));
  }

  @Test
  void without_an_environment_it_gets_one_with_the_wanted_Spark() {
    assertThat(step(JOB).environment().condaFile().orElseThrow()).contains("pyspark==3.4.*");
    assertThat(step(JOB.replaceAll("resources:.*", "")).environment().condaFile().orElseThrow())
        .contains("pyspark==3.5.*");
  }

  @Test
  void with_an_environment_pyspark_is_added_to_it() {
    var spec = step(JOB + "environment: azureml:team@latest\n").environment();
    assertThat(spec.name()).contains("azureml:team@latest");
    assertThat(spec.packages()).containsExactly("pyspark==3.4.*");
  }

  @Test
  void a_node_says_what_its_component_leaves_open_and_its_values_may_be_bound() {
    project.file(
        "c.yml",
        "$schema: x/sparkComponent.schema.json\nname: c\n"
            + JOB.replaceAll("(?m)^(  rides|  label|resources):.*$", "")
                .replace(
                    "inputs:",
                    "inputs:\n  rides: {type: uri_file, mode: direct}\n  label: {type: string}"));
    project.file(
        "p.yml",
        """
        type: pipeline
        inputs: {cores: 3}
        jobs:
          one:
            type: spark
            component: ./c.yml
            inputs:
              rides: {type: uri_file, path: ./data/rides.csv}
              label: x
            conf: {spark.executor.cores: "${{parent.inputs.cores}}"}
            resources: {instance_type: standard_e4s_v3, runtime_version: "3.3"}
          two:
            type: spark
            code: ./src
            entry: {class_name: org.example.Main}
            jars: [app.jar, lib.jar]
            inputs:
              zones: {type: uri_folder, path: "${{parent.jobs.one.outputs.zones}}", mode: direct}
            args: ${{inputs.zones}}
        """);
    var plan = project.plan("p.yml");
    var one = Project.step(plan, "one");
    assertThat(told(one)).contains("\"spark.executor.cores\":[[\"text\",\"3\"]]", "\"3.3\"");
    assertThat(one.environment().condaFile().orElseThrow()).contains("pyspark==3.3.*");
    var two = Project.step(plan, "two");
    assertThat(told(two))
        .contains("\"class_name\":[[\"text\",\"org.example.Main\"]]", "app.jar", "lib.jar");
    assertThat(two.after()).containsExactly(one.id());
  }

  @Test
  void a_value_with_quotes_stays_one_text() {
    project.file(
        "p.yml",
        """
        type: pipeline
        jobs:
          body:
            type: spark
            code: ./src
            entry: {file: main.py}
            inputs: {n: "1"}
            conf: {spark.example.text: "${{parent.inputs.n}}"}
            args: --n ${{inputs.n}}
        """
            .replace("type: pipeline\n", "type: pipeline\ninputs: {n: 'a \"b\"'}\n"));
    assertThat(told(project.step("p.yml", "body")))
        .contains("[\"input\",\"n\"]", "[\"text\",\"a \\\"b\\\"\"]");
  }

  @Test
  void what_is_filled_in_while_the_run_goes_on_gets_a_variable_of_its_own() {
    var told = new Told("X").text("turn", "n" + Slot.of("item")).variables();
    assertThat(told.get("X"))
        .containsExactly(new Segment.Text("{\"turn\":[[\"variable\",\"X_1\"]]}"));
    assertThat(told.get("X_1")).containsExactly(new Segment.Value("X_1", "n" + Slot.of("item")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "code: ./src | description: x | needs 'code'",
        "entry: {file: main.py} | entry: {class_name: a.B} | jars is missing",
        "executor_cores: 2 | executor_cores: none | conf.spark.executor.cores must be a whole number",
        "executor_cores: 2 | executor_memory: much | conf.spark.executor.memory must be a size",
        "executor_cores: 2 | dynamic_allocation_enabled: x | must be true or false",
        "runtime_version: \"3.4\" | runtime_version: \"2.4\" | there is no Spark '2.4'",
        "py_files: [a.py] | py_files: ['azureml://x/a.py'] | cannot be fetched",
        "--in ${{inputs.rides}} | --in ${{inputs.ride}} | names an input that is not declared",
        "./data/rides.csv | azureml:rides:1 | is not known here",
      })
  void what_is_wrong_is_told_with_its_place(String was, String is, String message) {
    assertThat(project.file("job.yml", JOB.replace(was, is)).refused("job.yml"))
        .anySatisfy(it -> assertThat(it).contains(message, "job.yml:"));
  }

  @Test
  void fewer_at_most_than_at_least_is_told() {
    assertThat(
            project
                .file(
                    "job.yml",
                    JOB.replace(
                        "executor_cores: 2",
                        "dynamic_allocation_min_executors: 4\n"
                            + "  dynamic_allocation_max_executors: 2"))
                .refused("job.yml"))
        .anySatisfy(it -> assertThat(it).contains("must not be above maxExecutors, 2"));
  }

  @Test
  void every_file_of_the_driver_is_named() throws IOException, URISyntaxException {
    var main = SparkLowering.class.getResource("/io/headrace/spark/__main__.py");
    var root = Objects.requireNonNull(Path.of(Objects.requireNonNull(main).toURI()).getParent());
    try (var files = Files.walk(root)) {
      assertThat(files.filter(it -> it.toString().endsWith(".py")))
          .map(it -> root.relativize(it).toString())
          .containsExactlyInAnyOrderElementsOf(SparkLowering.DRIVER_FILES);
    }
  }
}
