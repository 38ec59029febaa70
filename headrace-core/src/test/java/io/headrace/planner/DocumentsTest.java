package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentsTest {
  private static final String COMMAND = "command: echo hi\nenvironment: azureml:e:1\n";

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void project() {
    project = new Project(folder);
  }

  private void accepts(String text) {
    project.file("job.yml", text);
    assertThat(project.problems("job.yml")).isEmpty();
  }

  private void refuses(String text, String... beginnings) {
    project.file("job.yml", text);
    var told = project.told("job.yml");
    assertThat(told).hasSize(beginnings.length);
    for (int i = 0; i < beginnings.length; i++) {
      assertThat(told.get(i)).startsWith(beginnings[i]);
    }
  }

  @Nested
  class Given_a_command_job {
    @Test
    void when_it_uses_every_field_then_it_is_accepted() {
      project.file("src/train.py", "");
      accepts(
          """
          $schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
          type: command
          name: a-job_1
          display_name: A job
          experiment_name: trials
          description: |
            Many *words*.
          tags: {team: vision}
          properties: {p: "1"}
          compute: azureml:cpu-cluster
          code: ./src
          command: python train.py --x ${{inputs.x}} --d ${{ inputs.d.path }} --o ${{outputs.o}}
          environment:
            image: library/python:latest
            conda_file: {dependencies: [python=3.12, {pip: [numpy]}]}
            os_type: Linux
          environment_variables: {A: 1, B: true, C: text, D: 0.5}
          inputs:
            x: 3
            d: {type: uri_folder, path: src, mode: download}
          outputs:
            o:
            p: {type: uri_file, mode: UPLOAD, name: asset, version: 1}
          limits: {timeout: "60"}
          resources: {instance_count: 1, shm_size: 2g, docker_args: [--a, --b]}
          distribution: {type: PyTorch, process_count_per_instance: 1}
          identity: {type: userIdentity}
          services: {nb: {type: jupyter_lab, port: 8888}}
          queue_settings: {job_tier: Spot, priority: high}
          parent_job_name: other
          """);
    }

    @Test
    void when_many_things_are_wrong_then_all_are_told_with_their_places() {
      refuses(
          """
          type: command
          comand: echo
          environment: not a reference
          inputs:
            1 bad: 3
          limits:
            timeout: -5
          """,
          "UNKNOWN_FIELD job.yml:2:1 unknown field 'comand'",
          "WRONG_VALUE job.yml:3:14 environment must be",
          "BAD_NAME job.yml:5:3 inputs.1 bad: the name",
          "WRONG_VALUE job.yml:7:12 limits.timeout must be 1 or more, not -5",
          "MISSING_FIELD job.yml:1:1 a command job needs 'command'");
    }

    @Test
    void when_a_key_is_given_twice_then_the_rest_is_checked_all_the_same() {
      refuses(
          """
          type: command
          command: echo ${{inputs.a}} ${{inputs.b}} ${{inputs.c}}
          environment: azureml:e:1
          inputs:
            a: 1
          limits:
            timeout: -5
          inputs:
            b: 2
          limits:
            time: 3
          """,
          "DUPLICATE_KEY job.yml:8:1 the key 'inputs'",
          "DUPLICATE_KEY job.yml:10:1 the key 'limits'",
          "WRONG_VALUE job.yml:7:12 limits.timeout must be 1 or more, not -5",
          "UNKNOWN_FIELD job.yml:11:3 unknown field 'limits.time'",
          "UNDECLARED job.yml:2:10 command: ${{inputs.c}}");
    }

    @Test
    void when_a_file_that_it_names_has_a_key_twice_then_both_files_are_checked() {
      project.file("component.yml", "type: command\ncommand: x\ncommand: y\nnmae: n\n");
      refuses(
          """
          type: pipeline
          jobs:
            one: {type: command, component: ./component.yml, inputz: {}}
          """,
          "UNKNOWN_FIELD job.yml:3:52 ",
          "DUPLICATE_KEY component.yml:3:1 ",
          "UNKNOWN_FIELD component.yml:4:1 ",
          "MISSING_FIELD component.yml:1:1 ");
    }

    @Test
    void when_a_value_cannot_stand_safely_in_a_nodes_command_then_that_is_told_without_planning() {
      refuses(
          """
          type: pipeline
          inputs:
            tool: "rm -rf"
            data: {type: uri_folder, path: "azureml:known_elsewhere:1"}
          jobs:
            one:
              type: command
              command: ${{inputs.tool}} ${{inputs.data}}
              environment: azureml:e:1
              inputs:
                tool: ${{parent.inputs.tool}}
                data: ${{parent.inputs.data}}
          """,
          "UNSAFE_VALUE job.yml:8:14 jobs.one.command: ");
    }

    @Test
    void when_a_name_is_nearly_right_then_the_right_one_is_suggested() {
      project.file(
          "job.yml",
          """
          command: echo ${{inputs.learning_rat}}
          environment: azureml:e:1
          inputs: {learning_rate: 1, epochs: 2}
          """);
      assertThat(project.problems("job.yml"))
          .singleElement()
          .satisfies(
              problem -> assertThat(problem.fix()).contains("did you mean 'learning_rate'?"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "tags: {a: 1}",
          "description: 3",
          "description:",
          "tags:",
          "inputs:",
          "inputs: {x: }",
          "inputs: {x: [1]}",
          "inputs: {x: 2020-01-01}",
          "inputs: {x: .nan}",
          "inputs: {x: {type: integer, value: 3}}",
          "inputs: {x: {path: 3}}",
          "inputs: {x: {path: azureml:a:1, mode: rw_mount}}",
          "inputs: {x: {path: azureml:a:1:2}}",
          "inputs: {yes: 3}",
          "outputs: {x: {mode: ro_mount}}",
          "outputs: {x: hello}",
          "limits: {timeout: true}",
          "limits: {timeout: abc}",
          "limits: {cpu: 1}",
          "resources: {instance_count: 0}",
          "resources: {shm_size: 2x}",
          "resources: {gpu_count: 1}",
          "distribution: {type: horovod}",
          "distribution: {process_count_per_instance: 2}",
          "identity: {type: someone}",
          "services: {s: {port: x}}",
          "queue_settings: {job_tier: gold}",
          "name: 'a b'",
          "code: ./nothing",
          "environment_variables: [a]",
          "environment_variables: {A: [1]}",
          "type: COMMAND",
        })
    void when_one_field_is_wrong_then_it_is_refused(String field) {
      project.file("job.yml", COMMAND + field + "\n");
      assertThat(project.told("job.yml")).isNotEmpty().noneMatch(it -> it.startsWith("warning"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "limits: {timeout: 60.5}",
          "limits: {timeout: ' 60 '}",
          "limits: {}",
          "inputs: {x: {}}",
          "inputs: {x: yes, y: 0x10, z: 1e-3}",
          "inputs: {x: {type: URI_FILE, path: azureml:a@latest}}",
          "inputs: {x: {path: 'abfss://a/b'}}",
          "inputs: {x: {value: 3}}",
          "outputs: {x: {}}",
          "environment_variables: {A: }",
          "environment_variables: {A: {value: 3}}",
          "compute: local",
          "code: git+https://example.org/repo",
          "services: {s: {type: whatever}}",
          "queue_settings: {job_tier: 'null'}",
          "distribution: {type: mpi}",
          "status: Completed",
          "identity: {type: managed, client_id: x}",
        })
    void when_azure_takes_an_odd_field_then_so_do_we(String field) {
      accepts(COMMAND + field + "\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "echo ${{inputs.x | is not closed",
          "echo $[[ ${{inputs.x}} | is not closed",
          "echo ${{input.x}} | is not a known expression",
          "echo ${{parent.inputs.x}} | cannot be used here",
          "echo ${{search_space.x}} | means something in a sweep job only",
          "echo ${{outputs.x}} | is not declared",
        })
    void when_an_expression_is_wrong_then_it_is_told(String command, String message) {
      project.file(
          "job.yml", "command: '" + command + "'\nenvironment: azureml:e:1\ninputs: {x: 1}\n");
      assertThat(project.told("job.yml"))
          .singleElement()
          .asString()
          .contains("job.yml:1:10", message);
    }

    @Test
    void when_its_data_is_a_folder_called_a_file_then_it_is_refused() {
      project.file("data/a.csv", "1");
      refuses(
          COMMAND + "inputs: {x: {type: uri_file, path: data}}\n",
          "WRONG_VALUE job.yml:3:36 inputs.x.path: 'data' is a folder, not a file");
    }

    @Test
    void when_a_path_is_missing_then_a_near_name_is_suggested() {
      project.file("data.csv", "1");
      project.file("job.yml", COMMAND + "inputs: {x: {type: uri_file, path: ./dta.csv}}\n");
      assertThat(project.problems("job.yml").getFirst().fix().orElseThrow())
          .startsWith("did you mean 'data.csv'?");
    }
  }

  @Nested
  class Given_a_file_that_is_no_document {
    @ParameterizedTest
    @ValueSource(strings = {"", "- a\n- b\n", "just text", "a: 'open", "a:\n\t- b", "a: 1\na: 2\n"})
    void when_validated_then_the_file_is_named_and_nothing_is_thrown(String text) {
      project.file("job.yml", text);
      assertThat(project.told("job.yml")).isNotEmpty().allMatch(it -> it.contains("job.yml"));
    }

    @Test
    void when_it_does_not_exist_then_that_is_told() {
      assertThat(project.told("none.yml")).singleElement().asString().contains("none.yml");
    }

    @Test
    void when_its_type_is_misspelt_then_the_right_one_is_suggested() {
      project.file("job.yml", "type: pipline\n");
      assertThat(project.problems("job.yml").getFirst().fix()).contains("did you mean 'pipeline'?");
    }
  }

  @Nested
  class Given_a_component {
    private static final String HEAD =
        "$schema: https://x/commandComponent.schema.json\nname: c\ntype: command\n" + COMMAND;

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{type: integer, default: 3.7}",
          "{type: integer, default: '7'}",
          "{type: number, default: 1e-3}",
          "{type: boolean, default: yes}",
          "{type: boolean, default: 'TRUE'}",
          "{type: string, default: 3}",
          "{type: string, enum: [a, b], default: a}",
          "{type: integer, min: 1, max: 3, default: 2, optional: true}",
          "{type: path, mode: rw_mount}",
        })
    void when_a_declared_default_can_be_read_then_it_is_accepted(String declaration) {
      project.file("job.yml", HEAD + "inputs: {x: " + declaration + "}\n");
      assertThat(project.told("job.yml")).allMatch(it -> it.startsWith("warning"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{type: integer, default: abc} | must be a whole number",
          "{type: number, default: abc} | must be a number",
          "{type: boolean, default: 1} | must be true or false",
          "{type: integer, min: 1, max: 3, default: 5} | is above max 3",
          "{type: integer, min: 1, default: 0} | is below min 1",
          "{type: string, enum: [a, b], default: c} | is not one of a, b",
          "{type: number, min: 3, max: 1} | min 3.0 is above max 1.0",
          "{type: uri_file, default: a} | unknown field 'inputs.x.default'",
          "{type: String} | did",
          "{description: a} | needs 'type'",
        })
    void when_a_declaration_is_wrong_then_it_is_refused(String declaration, String message) {
      project.file("job.yml", HEAD + "inputs: {x: " + declaration + "}\n");
      var problems = project.problems("job.yml");
      assertThat(problems).hasSize(1);
      assertThat(problems.getFirst().toString()).contains(message);
    }

    @Test
    void when_an_optional_input_is_used_outside_a_group_then_it_is_refused() {
      refuses(
          """
          name: c
          type: command
          version: 1
          command: echo ${{inputs.x}} $[[ --y ${{inputs.x}} ]]
          environment: azureml:e:1
          inputs: {x: {type: string, optional: true}}
          """,
          "BAD_EXPRESSION job.yml:4:10 command: the optional input 'x' is used outside");
    }

    @Test
    void when_its_name_has_a_hyphen_then_it_is_refused_only_as_a_document() {
      project.file("c.yml", HEAD.replace("name: c", "name: a-b"));
      assertThat(project.told("c.yml"))
          .singleElement()
          .asString()
          .startsWith("WRONG_VALUE c.yml:2");
      accepts("type: pipeline\njobs:\n  a: {component: ./c.yml}\n");
    }
  }

  @Nested
  class Given_a_pipeline {
    private static final String NODE = "    command: echo\n    environment: azureml:e:1\n";

    private String pipeline(String nodes) {
      return "type: pipeline\ninputs: {x: 1}\ndescription: text\njobs:\n" + nodes;
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "${{parent.inputs.y}} | names an input that the pipeline does not have",
          "${{parent.jobs.c.outputs.o}} | names a node that does not exist",
          "${{parent.jobs.a.outputs.no}} | node 'a' has no output 'no'",
          "${{parent.job.a.outputs.o}} | is not a known expression",
          "${{inputs.x}} | lacks 'parent.'",
          "${{parent.outputs.o}} | cannot be bound to an output of the pipeline",
          "${{parent.inputs.x | is not closed",
          "a${{parent.jobs.a.outputs.o}}b | text around",
        })
    void when_a_binding_is_wrong_then_it_is_refused(String binding, String message) {
      project.file(
          "job.yml",
          pipeline(
              "  a:\n"
                  + NODE
                  + "    outputs: {o: }\n  b:\n"
                  + NODE
                  + "    inputs:\n      i: '"
                  + binding
                  + "'\n"));
      assertThat(project.told("job.yml"))
          .singleElement()
          .asString()
          .contains("job.yml:13:10", "jobs.b.inputs.i", message);
    }

    @Test
    void when_nodes_wait_for_each_other_then_the_way_round_is_shown() {
      project.file(
          "job.yml",
          pipeline(
              """
                a:
                  command: echo
                  environment: azureml:e:1
                  inputs: {i: "${{parent.jobs.c.outputs.o}}"}
                  outputs: {o: }
                b:
                  command: echo
                  environment: azureml:e:1
                  inputs: {i: "${{parent.jobs.a.outputs.o}}"}
                  outputs: {o: }
                c:
                  command: echo
                  environment: azureml:e:1
                  inputs: {i: "${{parent.jobs.b.outputs.o}}"}
                  outputs: {o: }
              """));
      assertThat(project.told("job.yml"))
          .singleElement()
          .asString()
          .startsWith("CYCLE job.yml:8:")
          .contains("jobs.a.inputs.i", "a -> b -> c -> a");
    }

    @Test
    void when_two_nodes_make_the_same_output_then_it_is_refused() {
      project.file(
          "job.yml",
          pipeline(
                  "  a:\n"
                      + NODE
                      + "    outputs: {o: '${{parent.outputs.o}}'}\n  b:\n"
                      + NODE
                      + "    outputs: {o: '${{parent.outputs.o}}'}\n")
              .replace("description: text", "outputs: {o: }"));
      assertThat(project.told("job.yml"))
          .singleElement()
          .asString()
          .startsWith("CONFLICT job.yml:12")
          .contains("already made by a.o");
    }

    @Test
    void when_no_node_makes_an_output_of_the_pipeline_then_it_is_warned_of() {
      project.file("job.yml", "outputs: {o: }\n" + pipeline("  a:\n" + NODE));
      assertThat(project.told("job.yml"))
          .containsExactly("warning UNDECLARED job.yml:1:11 outputs.o: no node makes it");
    }

    @Test
    void when_thousands_of_names_are_wrong_then_they_are_told_in_a_moment() {
      var nodes = new StringBuilder();
      for (int i = 0; i < 3_000; i++) {
        nodes.append("  node_with_a_name_%d:\n".formatted(i)).append(NODE);
        nodes.append(
            "    inputs: {i: '${{parent.jobs.node_with_x_name_%d.outputs.o}}'}\n".formatted(i));
      }
      project.file("job.yml", pipeline(nodes.toString()));
      assertTimeout(
          Duration.ofSeconds(20), () -> assertThat(project.problems("job.yml")).hasSize(3_000));
    }

    @Test
    void
        when_a_field_is_unknown_then_it_is_refused_or_warned_of_where_it_has_a_meaning_elsewhere() {
      project.file(
          "job.yml", pipeline("  a:\n" + NODE + "    mini_batch_size: '1'\n    comand: x\n"));
      assertThat(project.told("job.yml"))
          .satisfiesExactly(
              first -> assertThat(first).startsWith("warning UNKNOWN_FIELD job.yml:8:5"),
              second -> assertThat(second).startsWith("UNKNOWN_FIELD job.yml:9:5"));
    }

    @Test
    void when_nothing_is_below_jobs_then_it_is_refused() {
      project.file("job.yml", "type: pipeline\njobs: {}\n");
      assertThat(project.told("job.yml")).singleElement().asString().startsWith("MISSING_FIELD");
    }
  }

  @Nested
  class Given_components_in_files {
    private static final String TRAIN =
        """
        name: train
        type: command
        command: train ${{inputs.data}} ${{inputs.rate}}
        environment: azureml:e:1
        inputs:
          data: {type: uri_folder}
          rate: {type: number, default: 0.1, max: 1}
        outputs: {model: {type: mlflow_model}}
        """;

    @Test
    void when_a_node_gives_what_is_not_declared_or_leaves_out_what_is_needed_then_both_are_told() {
      project.file("train.yml", TRAIN);
      refuses(
          """
          type: pipeline
          jobs:
            a:
              component: ./train.yml
              inputs: {dta: azureml:a:1, rate: 5}
              outputs: {modl: }
          """,
          "UNDECLARED job.yml:5:19 jobs.a.inputs.dta: the component has no input 'dta'",
          "WRONG_VALUE job.yml:5:38 jobs.a.inputs.rate: '5' is above max 1",
          "MISSING_FIELD job.yml:3:3 jobs.a.inputs.data is required",
          "UNDECLARED job.yml:6:15 jobs.a.outputs.modl: the component has no output");
    }

    @Test
    void when_a_component_has_an_error_then_it_is_told_once_at_its_own_place() {
      project.file("parts/train.yml", TRAIN + "colour: red\n");
      refuses(
          """
          type: pipeline
          jobs:
            a: {component: parts/train.yml, inputs: {data: azureml:a:1}}
            b: {component: parts/train.yml, inputs: {data: azureml:a:1}}
          """,
          "UNKNOWN_FIELD parts/train.yml:9:1 unknown field 'colour'");
    }

    @Test
    void when_a_pipeline_component_holds_itself_then_the_way_round_is_shown() {
      project.file(
          "p.yml", "type: pipeline\nname: p\njobs:\n  q: {type: pipeline, component: ./q.yml}\n");
      project.file(
          "q.yml", "type: pipeline\nname: q\njobs:\n  p: {type: pipeline, component: ./p.yml}\n");
      refuses(
          "type: pipeline\njobs:\n  a: {type: pipeline, component: ./p.yml}\n",
          "CYCLE q.yml:4:34 a component that holds itself: p.yml -> q.yml -> p.yml");
    }

    @Test
    void when_the_file_is_missing_or_of_another_type_then_that_is_told() {
      project.file("train.yml", TRAIN);
      refuses(
          """
          type: pipeline
          jobs:
            a: {component: ./tran.yml}
            b: {type: pipeline, component: ./train.yml}
          """,
          "MISSING_PATH job.yml:3:18",
          "WRONG_VALUE job.yml:4:34 component: './train.yml' is of type command, not pipeline");
    }

    @Test
    void when_paths_in_it_are_relative_then_they_start_from_its_own_folder() {
      project.file("parts/src/a.py", "");
      project.file("parts/c.yml", "name: c\ntype: command\ncode: ./src\n" + COMMAND);
      accepts("type: pipeline\njobs:\n  a: {component: parts/c.yml}\n");
    }
  }

  @Nested
  class Given_an_environment_document {
    @Test
    void when_it_says_nothing_of_software_then_it_is_refused() {
      project.file("job.yml", "$schema: https://x/environment.schema.json\nname: e\n");
      assertThat(project.told("job.yml")).singleElement().asString().startsWith("MISSING_FIELD");
    }

    @Test
    void when_it_has_an_image_then_it_is_accepted() {
      accepts("name: e\nversion: 1\nimage: library/python\n");
    }
  }
}
