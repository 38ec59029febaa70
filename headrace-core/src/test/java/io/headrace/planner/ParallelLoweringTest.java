package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepInput.Mode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParallelLoweringTest {
  private static final String NODE =
      """
      type: pipeline
      inputs:
        retries: 4
      jobs:
        score:
          type: parallel
          inputs:
            data:
              type: uri_folder
              path: ./data
            label: two words
          outputs:
            rows:
              type: uri_file
          input_data: ${{inputs.data}}
          task:
            type: run_function
            code: ./src
            entry_script: score.py
            program_arguments: --a 'b c' --label ${{inputs.label}} --in=${{inputs.data}}
            environment: azureml:local@latest
            append_row_to: ${{outputs.rows}}
      """;

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void begin() {
    project = new Project(folder);
    project.file("data/a.txt", "").file("src/score.py", "");
  }

  private Step step(String yaml) {
    return project.file("p.yml", yaml).plan("p.yml").steps().getFirst();
  }

  private static String settings(Step step) {
    var value = Objects.requireNonNull(step.environmentVariables().get("HEADRACE_PARALLEL"));
    return ((Segment.Text) value.getFirst()).text();
  }

  @Test
  void the_driver_is_an_input_and_is_told_all_as_data() {
    var step = step(NODE);
    assertThat(step.checkpointed()).isTrue();
    assertThat(step.inputs()).containsOnlyKeys("data", "label", "headrace_driver");
    assertThat(settings(step))
        .isEqualTo(
            "{\"entry_script\":\"score.py\",\"arguments\":[[[\"text\",\"--a\"]],"
                + "[[\"text\",\"b c\"]],[[\"text\",\"--label\"]],[[\"input\",\"label\"]],"
                + "[[\"text\",\"--in=\"],[\"input\",\"data\"]]],\"input\":\"data\","
                + "\"data\":\"files\",\"outputs\":[\"rows\"],\"append_row_to\":\"rows\","
                + "\"partition_keys\":[]}");
  }

  @Test
  void all_settings_reach_the_driver() {
    var text =
        settings(
            step(
                NODE
                    + """
                      mini_batch_size: "7"
                      max_concurrency_per_instance: 3
                      error_threshold: 5
                      mini_batch_error_threshold: -1
                      logging_level: DEBUG
                      resources:
                        instance_count: 4
                      retry_settings:
                        max_retries: 0
                        timeout: 99
                    """
                        .indent(2)));
    assertThat(text)
        .contains(
            "\"mini_batch_size\":\"7\"",
            "\"error_threshold\":5",
            "\"mini_batch_error_threshold\":-1",
            "\"max_retries\":0",
            "\"timeout\":99",
            "\"workers\":3",
            "\"logging_level\":\"DEBUG\"");
  }

  @ParameterizedTest
  @CsvSource({
    "uri_folder,'',RO_MOUNT,files",
    "mltable,'',TABLE,table",
    "mltable,direct,TABLE,table",
    "mltable,ro_mount,EVAL_MOUNT,files",
    "mltable,eval_mount,EVAL_MOUNT,files",
    "mltable,eval_download,EVAL_MOUNT,files",
  })
  void a_table_is_split_by_rows_unless_it_is_to_be_mounted(
      String type, String mode, Mode expected, String data) {
    var said = "type: " + type + (mode.isEmpty() ? "" : "\n        mode: " + mode);
    var step = step(NODE.replace("type: uri_folder", said));
    assertThat(step.inputs().get("data"))
        .isInstanceOfSatisfying(
            StepInput.Local.class, it -> assertThat(it.mode()).isEqualTo(expected));
    assertThat(settings(step)).contains("\"data\":\"" + data + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input_data: ${{inputs.data}} | input_data: data | input_data must be one of the node's inputs",
        "input_data: ${{inputs.data}} | input_data: ${{inputs.label}} | which is a value, not data",
        "input_data: ${{inputs.data}} | mini_batch_error_threshold: 1 | input_data is missing",
        "input_data: ${{inputs.data}} | input_data: ${{inputs.dato}} | names an input that is not declared",
        "append_row_to: ${{outputs.rows}} | append_row_to: rows | must be one of the node's outputs",
        "entry_script: score.py | model: ./m | entry_script",
        "type: run_function | type: model | cannot be run",
      })
  void what_is_wrong_is_told_with_its_place(String was, String is, String message) {
    assertThat(project.file("p.yml", NODE.replace(was, is)).refused("p.yml"))
        .anySatisfy(it -> assertThat(it).contains(message, "p.yml:"));
  }

  @ParameterizedTest
  @CsvSource({
    "uri_folder,10kb,is not a number of files",
    "uri_folder,0,is not a number of files",
    "mltable,ten,is not a size",
  })
  void a_size_must_fit_what_is_split(String type, String size, String message) {
    var yaml =
        NODE.replace("type: uri_folder", "type: " + type)
            .replace("    input_data:", "    mini_batch_size: \"" + size + "\"\n    input_data:");
    assertThat(project.file("p.yml", yaml).told("p.yml"))
        .anySatisfy(it -> assertThat(it).contains(message, "p.yml:"));
  }

  @Test
  void arguments_are_split_as_by_a_shell() {
    var text = new Segment.Text("a  \"b 'c' \\\" $x\" 'd \\' e\\ f \"\" g''h \\\n i*\t");
    assertThat(ShellWords.of(List.of(text)))
        .extracting(word -> word.isEmpty() ? "" : ((Segment.Text) word.getFirst()).text())
        .containsExactly("a", "b 'c' \" $x", "d \\", "e f", "", "gh", "i*");
  }

  @Test
  void every_file_of_the_driver_is_named() throws IOException, URISyntaxException {
    var main = getClass().getResource("/" + ParallelLowering.DRIVER + "/__main__.py");
    var root = Objects.requireNonNull(Path.of(Objects.requireNonNull(main).toURI()).getParent());
    try (var files = Files.walk(root)) {
      assertThat(
              files
                  .filter(it -> it.toString().endsWith(".py"))
                  .map(it -> root.relativize(it).toString())
                  .sorted())
          .isEqualTo(ParallelLowering.DRIVER_FILES);
    }
  }
}
