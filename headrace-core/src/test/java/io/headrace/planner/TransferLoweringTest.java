package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.DataType;
import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Import jobs, import nodes and components, data transfer nodes and components. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TransferLoweringTest {
  private static final String JOB =
      """
      type: import
      source: {type: snowflake, connection: azureml:sales, query: select 1}
      output: {path: azureml://datastores/box/paths/x}
      """;

  private static final String PIPELINE =
      """
      type: pipeline
      jobs:
        one:
          type: data_transfer
          task: copy_data
          data_copy_mode: merge_with_overwrite
          inputs:
            first: {type: uri_folder, path: ./a}
            second: {type: uri_folder, path: ./b}
          outputs:
            all: {type: uri_folder}
        two:
          type: data_transfer
          task: export_data
          inputs:
            rows: {type: uri_folder, path: "${{parent.jobs.one.outputs.all}}"}
          sink: {type: database, connection: azureml:warehouse, table_name: rows}
        three:
          type: data_transfer
          task: import_data
          inputs: {zone: "O'Hill"}
          source: {type: database, connection: azureml:sales, query: "select '${{inputs.zone}}'"}
          outputs:
            table: {type: mltable}
      """;

  private static final Map<String, Connection> KNOWN =
      Map.of(
          "sales",
              new Connection.Database("sqlite:/d/sales.db", Optional.empty(), Optional.empty()),
          "warehouse",
              new Connection.Database(
                  "postgresql://host/db", Optional.of("reader"), Optional.of("env:SECRET")),
          "share", new Connection.Folder(Path.of("/srv/share")));

  private static final References REFERENCES =
      new References() {
        @Override
        public Optional<StepInput> data(
            String reference, Optional<DataType> type, StepInput.Mode mode) {
          return Optional.empty();
        }

        @Override
        public Optional<Path> component(String reference) {
          return Optional.empty();
        }

        @Override
        public Optional<Connection> connection(String name) {
          return Optional.ofNullable(KNOWN.get(name));
        }
      };

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void begin() {
    project = new Project(folder);
    project.file("a/x.txt", "").file("b/y.txt", "");
  }

  private Plan plan(String yaml) {
    return project.file("p.yml", yaml).plan("p.yml", REFERENCES);
  }

  private static String told(Step step) {
    var value = Objects.requireNonNull(step.environmentVariables().get("HEADRACE_TRANSFER"));
    return ((Segment.Text) value.getFirst()).text();
  }

  @Test
  void an_import_of_rows_is_told_as_data_and_makes_a_table_each_time() {
    var step = plan(JOB).steps().getFirst();
    assertThat(told(step))
        .isEqualTo(
            "{\"task\":[[\"text\",\"import\"]],\"connection\":[[\"text\",\"sales\"]],"
                + "\"target_database\":[[\"text\",\"sqlite:/d/sales.db\"]],"
                + "\"query\":[[\"text\",\"select 1\"]],\"parameters\":[],"
                + "\"target\":[[\"output\",\"output\"]],\"target_type\":[[\"text\",\"mltable\"]]}");
    assertThat(step.outputs().get("output")).extracting("type").isEqualTo(DataType.MLTABLE);
    assertThat(step.deterministic()).isFalse();
    assertThat(step.environment().condaFile().orElseThrow()).contains("pyarrow", "pg8000");
  }

  @Test
  void an_import_of_files_is_a_copy_of_an_input_whose_content_counts() {
    var yaml =
        JOB.replace("snowflake", "s3")
            .replace("sales", "share")
            .replace("query: select 1", "path: /in/x");
    var step = plan(yaml).steps().getFirst();
    assertThat(step.inputs().get("source_files"))
        .isEqualTo(
            new StepInput.Local(
                Path.of("/srv/share/in/x"), DataType.URI_FOLDER, StepInput.Mode.RO_MOUNT));
    assertThat(step.outputs().get("output")).extracting("type").isEqualTo(DataType.URI_FOLDER);
    assertThat(step.deterministic()).isTrue();
    assertThat(step.environment().name()).contains("azureml:local");
  }

  @Test
  void nodes_copy_export_and_import() {
    var plan = plan(PIPELINE);
    assertThat(told(Project.step(plan, "one")))
        .contains("merge_with_overwrite", "[[[\"input\",\"first\"]],[[\"input\",\"second\"]]]");
    var export = Project.step(plan, "two");
    assertThat(export.after()).hasSize(1);
    assertThat(export.deterministic()).isFalse();
    assertThat(told(export))
        .contains(
            "\"username\":[[\"text\",\"reader\"]]", "\"password\":[[\"text\",\"env:SECRET\"]]");
    assertThat(export.environment().condaFile().orElseThrow()).contains("pg8000");
    assertThat(told(Project.step(plan, "three")))
        .contains("\"query\":[[\"text\",\"select '\"],[\"text\",\"O'Hill\"],[\"text\",\"'\"]]");
  }

  @Test
  void components_say_the_source_or_the_mode() {
    project.file(
        "import.yml",
        """
        $schema: x/importComponent.schema.json
        type: import
        name: rows
        source:
          type: {type: string}
          connection: {type: string}
          query: {type: string}
        output: {type: mltable}
        """);
    project.file(
        "copy.yml",
        """
        $schema: x/dataTransferComponent.schema.json
        type: data_transfer
        name: copies
        task: copy_data
        data_copy_mode: merge_with_overwrite
        inputs: {only: {type: uri_folder}}
        outputs: {all: {type: uri_folder}}
        """);
    var plan =
        plan(
            """
            type: pipeline
            jobs:
              rows:
                type: import
                component: ./import.yml
                inputs: {type: azuresqldb, connection: "azureml:sales:1", query: select 2}
              copies:
                type: data_transfer
                task: copy_data
                component: ./copy.yml
                inputs: {only: "${{parent.jobs.rows.outputs.output}}"}
            """);
    assertThat(told(Project.step(plan, "rows"))).contains("select 2", "sqlite:/d/sales.db");
    assertThat(told(Project.step(plan, "copies"))).contains("merge_with_overwrite");
  }

  @Test
  void parameters_of_a_procedure_are_told_one_by_one() {
    var yaml =
        PIPELINE.replace(
            "query: \"select '${{inputs.zone}}'\"",
            "stored_procedure: top, stored_procedure_params: [{name: n, value: '3', type: Int}]");
    assertThat(told(Project.step(plan(yaml), "three")))
        .contains(
            "\"stored_procedure\":[[\"text\",\"top\"]]",
            "\"parameters\":[{\"name\":[[\"text\",\"n\"]],\"value\":[[\"text\",\"3\"]],"
                + "\"type\":[[\"text\",\"Int\"]]}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "azureml:sales, query | azureml:none, query | 'none' is not known here",
        "azureml:sales, query | azureml:share, query | leads to a folder, and rows are wanted",
        "type: database, connection: azureml:warehouse, table_name: rows | type: file_system, connection: azureml:sales | leads to a database",
        "table_name: rows | stored_procedure: p | rows go into a table only",
        "first: {type: uri_folder, path: ./a} | first: 3 | is a value, and data is copied",
        "all: {type: uri_folder} | all: {type: uri_folder}, more: {type: uri_folder} | one output",
        "${{inputs.zone}} | ${{inputs.zona}} | names an input that is not declared",
        "query: \"select '${{inputs.zone}}'\" | query: \"${{parent.inputs.x}}\" | cannot be used here",
      })
  void what_is_wrong_is_told_with_its_place(String was, String is, String message) {
    var yaml =
        PIPELINE
            .replace(was, is)
            .replace("}, more:", "}\n      more:")
            .replace("inputs: {zone: \"O'Hill\"}", "inputs: {zone: a}");
    assertThat(refused(yaml)).anySatisfy(it -> assertThat(it).contains(message).contains("p.yml:"));
  }

  private List<String> refused(String yaml) {
    try {
      var _ = plan(yaml);
      return List.of();
    } catch (ProblemException e) {
      return e.problems().stream()
          .map(it -> it.where().map(Object::toString).orElse("-") + " " + it.message())
          .toList();
    }
  }

  @Test
  void every_file_of_the_driver_is_named() throws IOException, URISyntaxException {
    var main = TransferLowering.class.getResource("/io/headrace/transfer/__main__.py");
    var root = Objects.requireNonNull(Path.of(Objects.requireNonNull(main).toURI()).getParent());
    try (var files = Files.walk(root)) {
      assertThat(files.filter(it -> it.toString().endsWith(".py")))
          .map(it -> root.relativize(it).toString())
          .containsExactlyInAnyOrderElementsOf(TransferLowering.DRIVER_FILES);
    }
  }
}
