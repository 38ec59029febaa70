package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.name.StepId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.plan.ValueType;
import io.headrace.problem.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PlannerTest {
  private static final String ENVIRONMENT = "environment: azureml:e:1";

  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void project() {
    project = new Project(folder).file("data/a.csv", "1").file("src/a.py", "");
  }

  private static StepInput literal(String value) {
    return new StepInput.Literal(value);
  }

  private static StepInput from(String step, String output, DataType type) {
    return new StepInput.FromStep(new StepId(step), output, type, StepInput.Mode.RO_MOUNT);
  }

  private static List<String> ids(Plan plan) {
    return plan.steps().stream().map(step -> step.id().value()).toList();
  }

  @Nested
  class Given_a_command_job {
    @Test
    void when_planned_then_it_is_one_step_with_all_that_it_needs() {
      project.file("env/conda.yml", "dependencies: [python=3.12]\n");
      project.file("env/env.yml", "name: mine\nversion: 2\nimage: img\nconda_file: ./conda.yml\n");
      project.file(
          "job.yml",
          """
          name: run-1
          display_name: Shown
          description: words
          tags: {a: b}
          command: python a.py ${{inputs.n}} ${{inputs.d.path}} ${{outputs.o}}
          code: src
          environment: file:./env/env.yml
          environment_variables: {A: "${{inputs.n}}x", B: 0.5, C: true}
          inputs: {n: 0x10, d: {type: uri_folder, path: ./data, mode: download}}
          outputs: {o: {type: uri_file, mode: upload, name: kept, version: 3, path: "azureml://x"}}
          limits: {timeout: 90}
          compute: azureml:cpu
          """);
      var plan = project.plan("job.yml");
      assertThat(plan.name()).contains("run-1");
      assertThat(plan.displayName()).isEqualTo("Shown");
      assertThat(plan.experiment()).isEqualTo("here");
      assertThat(plan.description()).isEqualTo("words");
      assertThat(plan.tags()).containsEntry("a", "b");
      assertThat(plan.singleStep()).isTrue();
      assertThat(plan.parameters()).containsExactly(java.util.Map.entry("n", "16"));
      var step = plan.steps().getFirst();
      assertThat(Project.shown(step.command())).isEqualTo("python a.py <16> <in:d> <out:o>");
      assertThat(step.code())
          .isEqualTo(new Code.Local(folder.resolve("src").toAbsolutePath(), List.of()));
      assertThat(step.environment().name()).contains("mine:2");
      assertThat(step.environment().image()).contains("img");
      assertThat(step.environment().condaFile()).contains("dependencies: [python=3.12]\n");
      assertThat(step.inputs())
          .containsEntry("n", literal("16"))
          .containsEntry(
              "d",
              new StepInput.Local(
                  folder.resolve("data").toAbsolutePath(),
                  DataType.URI_FOLDER,
                  StepInput.Mode.DOWNLOAD));
      assertThat(step.outputs().get("o"))
          .isEqualTo(
              new StepOutput(
                  DataType.URI_FILE,
                  StepOutput.Mode.UPLOAD,
                  Optional.of(new StepOutput.AssetRef("kept", Optional.of("3"))),
                  Optional.of("azureml://x")));
      assertThat(step.timeout()).contains(Duration.ofSeconds(90));
      assertThat(step.compute()).isEqualTo("azureml:cpu");
      assertThat(Project.variable(step, "A")).isEqualTo("<16>x");
      assertThat(Project.variable(step, "B")).isEqualTo("0.5");
      assertThat(Project.variable(step, "C")).isEqualTo("True");
      assertThat(plan.outputs()).containsEntry("o", new Plan.StepRef(step.id(), "o"));
    }

    @ParameterizedTest
    @CsvSource({
      "3,3",
      "0.5,0.5",
      "1.0,1.0",
      "1.0e-5,1e-05",
      "1e-3,1e-3",
      "1.0e+16,1e+16",
      "012,10",
      "1:30,90",
      "1_000,1000",
      "true,True",
      "no,False",
      "'\"yes\"',yes",
      "'\"3\"',3",
      "hello,hello",
    })
    void when_an_input_is_a_literal_then_the_command_sees_what_azure_sends(
        String written, String seen) {
      project.file(
          "job.yml",
          "command: echo ${{inputs.x}}\n" + ENVIRONMENT + "\ninputs: {x: " + written + "}\n");
      assertThat(project.step("job.yml", "main").inputs()).containsEntry("x", literal(seen));
    }

    @Test
    void when_data_has_no_type_then_a_file_is_a_file() {
      project.file("job.yml", "command: x\n" + ENVIRONMENT + "\ninputs: {x: {path: data/a.csv}}\n");
      assertThat(project.step("job.yml", "main").inputs().get("x"))
          .isInstanceOfSatisfying(
              StepInput.Local.class,
              local -> assertThat(local.type()).isEqualTo(DataType.URI_FILE));
    }

    @Test
    void when_data_is_on_the_web_then_it_is_left_to_be_fetched() {
      project.file(
          "job.yml",
          "command: x\n"
              + ENVIRONMENT
              + "\ninputs: {x: {type: uri_file, path: 'https://example.org/a.csv'}}\n");
      assertThat(project.step("job.yml", "main").inputs().get("x"))
          .isEqualTo(
              new StepInput.Remote(
                  "https://example.org/a.csv", DataType.URI_FILE, StepInput.Mode.RO_MOUNT));
    }

    @Test
    void when_data_is_registered_elsewhere_then_planning_says_how_to_give_it() {
      project.file(
          "job.yml",
          "command: x\n"
              + ENVIRONMENT
              + "\ninputs: {x: {type: uri_folder, path: 'azureml:d:1'}}\n");
      assertThat(project.problems("job.yml")).isEmpty();
      assertThatThrownBy(() -> project.plan("job.yml"))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("HR-1013")
          .hasMessageContaining("job.yml:3:38")
          .hasMessageContaining("--set inputs.x.path=./DIR");
      assertThat(project.step("job.yml", "main", "inputs.x.path=./data").inputs().get("x"))
          .isInstanceOf(StepInput.Local.class);
    }

    @Test
    void when_it_wants_several_processes_then_it_validates_but_is_not_planned() {
      project.file("job.yml", "command: x\n" + ENVIRONMENT + "\nresources: {instance_count: 2}\n");
      assertThat(project.problems("job.yml")).isEmpty();
      assertThat(project.refused("job.yml"))
          .singleElement()
          .asString()
          .startsWith("NOT_SUPPORTED job.yml:3");
      assertThat(project.refused("job.yml", "resources.instance_count=1")).isEmpty();
    }

    @Test
    void when_its_code_is_a_git_path_then_it_says_to_clone_and_shows_no_password() {
      project.file(
          "job.yml",
          "command: x\n"
              + ENVIRONMENT
              + "\ncode: git+https://someone:secret@example.org/team/repo.git@main:src\n");
      assertThat(project.problems("job.yml")).isEmpty();
      assertThat(project.refused("job.yml"))
          .singleElement()
          .asString()
          .startsWith(
              "NOT_SUPPORTED job.yml:3:7 code: 'git+https://example.org/team/repo.git@main:src'")
          .doesNotContain("secret");
    }

    @Test
    void when_a_value_cannot_stand_safely_in_the_command_then_it_is_refused_at_the_command() {
      project.file(
          "job.yml",
          """
          command: ${{inputs.x}} --now
          environment: azureml:e:1
          inputs: {x: "rm"}
          """);
      assertThat(project.refused("job.yml"))
          .singleElement()
          .asString()
          .startsWith("UNSAFE_VALUE job.yml:1:10 command: ");
      assertThat(project.told("job.yml")).isEqualTo(project.refused("job.yml"));
    }
  }

  @Nested
  class Given_a_pipeline_of_inline_nodes {
    @Test
    void when_nodes_are_bound_then_types_modes_and_order_follow() {
      project.file(
          "job.yml",
          """
          type: pipeline
          inputs:
            raw: {type: uri_folder, path: data, mode: download}
            rate: 0.5
          outputs:
            report: {type: uri_file, mode: upload, name: kept}
          settings: {continue_on_step_failure: false, force_rerun: true, default_compute: azureml:c}
          jobs:
            last:
              command: cat ${{inputs.r}} ${{inputs.m}}
              environment: azureml:e:1
              inputs:
                r: ${{parent.jobs.first.outputs.report}}
                m: {type: mlflow_model, path: "${{parent.jobs.first.outputs.model}}", mode: direct}
            first:
              command: x ${{inputs.raw}} ${{inputs.text}} ${{outputs.report}}
              environment: azureml:e:1
              compute: azureml:other
              limits: {timeout: 5}
              display_name: The first
              inputs:
                raw: ${{ parent.inputs.raw }}
                text: rate-${{parent.inputs.rate}}.txt
              outputs:
                report: ${{parent.outputs.report}}
                model:
          """);
      var plan = project.plan("job.yml");
      assertThat(ids(plan)).containsExactly("first", "last");
      assertThat(plan.continueOnStepFailure()).isFalse();
      assertThat(plan.forceRerun()).isTrue();
      assertThat(plan.displayName()).isEqualTo("job");
      var first = Project.step(plan, "first");
      assertThat(Project.shown(first.command()))
          .isEqualTo("x <in:raw> <rate-0.5.txt> <out:report>");
      assertThat(first.displayName()).isEqualTo("The first");
      assertThat(first.compute()).isEqualTo("azureml:other");
      assertThat(first.inputs().get("raw"))
          .isEqualTo(
              new StepInput.Local(
                  folder.resolve("data").toAbsolutePath(),
                  DataType.URI_FOLDER,
                  StepInput.Mode.DOWNLOAD));
      assertThat(Project.output(first, "report").type()).isEqualTo(DataType.URI_FILE);
      assertThat(Project.output(first, "report").registerAs()).isPresent();
      var last = Project.step(plan, "last");
      assertThat(last.compute()).isEqualTo("azureml:c");
      assertThat(last.after()).containsExactly(new StepId("first"));
      assertThat(last.inputs())
          .containsEntry("r", from("first", "report", DataType.URI_FILE))
          .containsEntry(
              "m",
              new StepInput.FromStep(
                  new StepId("first"), "model", DataType.MLFLOW_MODEL, StepInput.Mode.DIRECT));
      assertThat(plan.outputs())
          .containsEntry("report", new Plan.StepRef(new StepId("first"), "report"));
    }

    @Test
    void when_nodes_do_not_depend_on_each_other_then_they_stay_as_written() {
      var text = new StringBuilder("type: pipeline\njobs:\n");
      for (String name : List.of("z", "b", "m", "a")) {
        text.append("  ").append(name).append(": {command: x, environment: 'azureml:e:1'}\n");
      }
      project.file("job.yml", text.toString());
      assertThat(ids(project.plan("job.yml"))).containsExactly("z", "b", "m", "a");
    }
  }

  @Nested
  class Given_components {
    @BeforeEach
    void components() {
      project.file(
          "parts/train.yml",
          """
          name: train
          type: command
          is_deterministic: false
          code: ../src
          additional_includes: [../data]
          command: >-
            train ${{inputs.data}} --epochs ${{inputs.epochs}}
            $[[--note ${{inputs.note}}]] $[[--seed ${{inputs.seed}} --twice ${{inputs.note}}]]
            --to ${{outputs.model}}
          environment: {image: img}
          environment_variables: {A: one, B: "${{inputs.epochs}}"}
          inputs:
            data: {type: uri_folder, mode: download}
            epochs: {type: integer, default: 10.0}
            note: {type: string, optional: true}
            seed: {type: integer, optional: true}
          outputs: {model: {type: mlflow_model}}
          """);
      project.file(
          "parts/both.yml",
          """
          name: both
          type: pipeline
          inputs:
            data: {type: uri_folder}
            epochs: {type: integer, default: 7}
            seed: {type: integer, optional: true}
          outputs: {best: {type: mlflow_model}}
          jobs:
            inner:
              component: ./train.yml
              inputs:
                data: ${{parent.inputs.data}}
                epochs: ${{parent.inputs.epochs}}
                seed: ${{parent.inputs.seed}}
              outputs:
                model: ${{parent.outputs.best}}
          """);
    }

    @Test
    void when_inputs_are_left_out_then_defaults_and_optional_groups_apply() {
      project.file(
          "job.yml",
          """
          type: pipeline
          jobs:
            a:
              component: parts/train.yml
              inputs: {data: ./data, note: hi}
              environment: azureml:other@latest
              environment_variables: {A: two, C: 3}
          """);
      var step = project.step("job.yml", "a");
      assertThat(Project.shown(step.command()))
          .isEqualTo("train <in:data> --epochs <10> --note <hi>  --to <out:model>");
      assertThat(step.inputs()).doesNotContainKey("seed").containsEntry("epochs", literal("10"));
      assertThat(step.deterministic()).isFalse();
      assertThat(step.environment().name()).contains("azureml:other@latest");
      assertThat(step.code())
          .isEqualTo(
              new Code.Local(
                  folder.resolve("src").toAbsolutePath(),
                  List.of(folder.resolve("data").toAbsolutePath())));
      var variables = new ArrayList<String>();
      step.environmentVariables()
          .forEach((name, value) -> variables.add(name + "=" + Project.shown(value)));
      assertThat(variables).containsExactly("A=two", "B=<10>", "C=3");
    }

    @Test
    void when_pipelines_nest_then_steps_are_flat_and_bindings_go_through() {
      project.file(
          "job.yml",
          """
          type: pipeline
          inputs: {d: {type: uri_folder, path: data}}
          outputs: {final: {name: kept}}
          jobs:
            outer:
              type: pipeline
              component: parts/both.yml
              inputs: {data: "${{parent.inputs.d}}", seed: 5}
              outputs: {best: "${{parent.outputs.final}}"}
            use:
              command: cat ${{inputs.m}}
              environment: azureml:e:1
              inputs: {m: "${{parent.jobs.outer.outputs.best}}"}
          """);
      var plan = project.plan("job.yml");
      assertThat(ids(plan)).containsExactly("outer.inner", "use");
      var inner = Project.step(plan, "outer.inner");
      assertThat(Project.shown(inner.command()))
          .isEqualTo("train <in:data> --epochs <7>   --to <out:model>");
      assertThat(Project.output(inner, "model").registerAs())
          .contains(new StepOutput.AssetRef("kept", Optional.empty()));
      assertThat(Project.step(plan, "use").inputs())
          .containsEntry("m", from("outer.inner", "model", DataType.MLFLOW_MODEL));
      assertThat(plan.outputs())
          .containsEntry("final", new Plan.StepRef(new StepId("outer.inner"), "model"));
    }

    private void values(String made, String wanted) {
      project.file(
          "parts/make.yml",
          "name: make\ntype: command\ncommand: make ${{outputs.v}}\nenvironment: {image: img}\n"
              + "outputs: {v: {type: "
              + made
              + "}}\n");
      project.file(
          "parts/use.yml",
          "name: use\ntype: command\ncommand: use ${{inputs.v}}\nenvironment: {image: img}\n"
              + "inputs: {v: {type: "
              + wanted
              + "}}\n");
      project.file(
          "parts/inner.yml",
          "name: inner\ntype: pipeline\ninputs: {v: {type: "
              + wanted
              + "}}\njobs: {use: {component: ./use.yml, inputs: {v: '${{parent.inputs.v}}'}}}\n");
      project.file(
          "job.yml",
          """
          type: pipeline
          jobs:
            make: {component: parts/make.yml}
            outer: {type: pipeline, component: parts/inner.yml, inputs: {v: "${{parent.jobs.make.outputs.v}}"}}
            plain:
              command: see ${{inputs.v}} ${{inputs.f}}
              environment: azureml:e:1
              inputs:
                v: ${{parent.jobs.make.outputs.v}}
                f: {type: uri_file, path: "${{parent.jobs.make.outputs.v}}"}
          """);
    }

    @Test
    void when_a_parameter_is_bound_to_a_parameter_output_then_it_is_the_value_and_not_the_file() {
      values("integer", "number");
      var plan = project.plan("job.yml");
      var made = new StepId("make");
      assertThat(Project.output(Project.step(plan, "make"), "v").value())
          .contains(ValueType.INTEGER);
      var outer = Project.step(plan, "outer.use");
      assertThat(outer.inputs())
          .containsEntry("v", new StepInput.MadeValue(made, "v", ValueType.INTEGER));
      assertThat(outer.after()).containsExactly(made);
      assertThat(outer.command())
          .contains(new Segment.Value("v", Slot.of(StepInput.MadeValue.slot("v"))));
      assertThat(Project.step(plan, "plain").inputs())
          .containsEntry("v", new StepInput.MadeValue(made, "v", ValueType.INTEGER))
          .containsEntry("f", from("make", "v", DataType.URI_FILE));
    }

    @ParameterizedTest
    @CsvSource({"string,integer", "number,integer", "boolean,number", "integer,boolean"})
    void when_the_types_of_two_bound_parameters_do_not_fit_then_both_are_named(
        String made, String wanted) {
      values(made, wanted);
      assertThat(project.refused("job.yml"))
          .anyMatch(it ->
              it.contains("WRONG_TYPE job.yml:4")
                  && it.contains("must be of type " + wanted)
                  && it.contains("an output of type " + made));
    }

    @Test
    void when_a_pipeline_job_is_all_in_a_component_then_it_is_planned_like_one() {
      project.file(
          "job.yml", "type: pipeline\ncomponent: parts/both.yml\ninputs: {data: {path: data}}\n");
      var plan = project.plan("job.yml");
      assertThat(ids(plan)).containsExactly("inner");
      assertThat(plan.outputs()).containsKey("best");
    }

    @Test
    void when_an_unset_optional_input_reaches_one_that_is_needed_then_it_is_refused() {
      project.file(
          "parts/needs.yml",
          """
          name: needs
          type: pipeline
          inputs: {d: {type: uri_folder, optional: true}}
          jobs:
            inner: {component: ./train.yml, inputs: {data: "${{parent.inputs.d}}"}}
          """);
      project.file(
          "job.yml", "type: pipeline\njobs:\n  a: {type: pipeline, component: parts/needs.yml}\n");
      assertThat(project.refused("job.yml"))
          .singleElement()
          .asString()
          .startsWith("MISSING_FIELD parts/needs.yml:5")
          .contains("jobs.inner.inputs.data");
    }

    @Test
    void when_a_component_is_registered_elsewhere_then_references_are_asked() {
      project.file(
          "job.yml",
          "type: pipeline\njobs:\n  a: {component: 'azureml:train:1', inputs: {data: data}}\n");
      assertThat(project.problems("job.yml")).isEmpty();
      assertThat(project.refused("job.yml"))
          .singleElement()
          .asString()
          .startsWith("UNRESOLVED job.yml:3");
      var known =
          new References() {
            @Override
            public Optional<StepInput> data(
                String reference, Optional<DataType> type, StepInput.Mode mode) {
              return Optional.empty();
            }

            @Override
            public Optional<Path> component(String reference) {
              return Optional.of(folder.resolve("parts/train.yml"));
            }
          };
      assertThat(ids(project.plan("job.yml", known))).containsExactly("a");
    }

    @Test
    void when_components_hold_each_other_twice_at_every_level_then_the_plan_stays_bounded() {
      project.file(
          "p0.yml", "type: pipeline\njobs:\n  a: {command: x, environment: 'azureml:e:1'}\n");
      for (int i = 1; i <= 30; i++) {
        project.file(
            "p" + i + ".yml",
            "type: pipeline\njobs:\n"
                + "  a: {type: pipeline, component: ./p%d.yml}\n".formatted(i - 1)
                + "  b: {type: pipeline, component: ./p%d.yml}\n".formatted(i - 1));
      }
      assertThat(project.refused("p30.yml")).singleElement().asString().startsWith("YAML_LIMIT");
    }
  }

  @Test
  void given_a_sweep_node_when_a_choice_is_an_input_of_the_pipeline_then_it_is_that_value() {
    project.file(
        "job.yml",
        """
        type: pipeline
        inputs: {model: "a forest"}
        jobs:
          find:
            type: sweep
            trial:
              type: command
              command: x ${{inputs.kind}}
              environment: {image: img}
              inputs: {kind: {type: string}}
            sampling_algorithm: grid
            search_space: {kind: {type: choice, values: ["${{parent.inputs.model}}", plain]}}
            objective: {goal: minimize, primary_metric: loss}
            limits: {max_total_trials: 2}
        """);
    var sweep = (Group.Sweep) project.plan("job.yml").groups().getFirst();
    assertThat(sweep.space().parameters())
        .containsEntry(
            "kind",
            new Hyperparameter.Choice(
                List.of(
                    new Hyperparameter.Option.Single("a forest"),
                    new Hyperparameter.Option.Single("plain"))));
  }

  @Nested
  class Given_a_loop_over_what_the_pipeline_is_given {
    @BeforeEach
    void loop() {
      project.file(
          "part.yml",
          "name: part\ntype: command\ncommand: x ${{inputs.n}} ${{inputs.rate}} ${{inputs.fixed}}\n"
              + "environment: {image: img}\ninputs: {n: {type: integer}, fixed: {type: string},"
              + " rate: {type: number, default: 0.5}}\n");
      project.file(
          "job.yml",
          """
          type: pipeline
          inputs: {list: '[{"n": 1}, {"n": 2, "rate": 3, "fixed": "not this"}]'}
          jobs:
            each: {type: parallel_for, body: "${{parent.jobs.part}}", items: "${{parent.inputs.list}}"}
            part: {component: part.yml, inputs: {fixed: this}}
          """);
    }

    @Test
    void when_planned_then_items_give_what_the_node_left_open_and_defaults_the_rest() {
      var each = (Group.ForEach) project.plan("job.yml").groups().getFirst();
      var items = ((Group.Items.Known) each.items()).items();
      assertThat(items.get(0))
          .containsEntry("n", literal("1"))
          .containsEntry("rate", literal("0.5"));
      assertThat(items.get(1)).containsEntry("n", literal("2")).containsEntry("rate", literal("3"));
      assertThat(each.body().steps().getFirst().inputs()).containsEntry("fixed", literal("this"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[{}]|lacks 'n' in item 0",
          "7|is neither an array nor an object",
          "x|is not JSON"
        })
    void when_the_items_are_none_then_it_says_why(String items, String why) {
      assertThat(project.refused("job.yml", "inputs.list='" + items + "'"))
          .anyMatch(it -> it.startsWith("WRONG_VALUE job.yml:4:") && it.contains(why));
    }
  }

  @Nested
  class Given_a_loop_over_data {
    private void loop(String items) {
      project.file("a.txt", "a");
      project.file(
          "part.yml",
          """
          name: part
          type: command
          command: x ${{inputs.data}}
          environment: {image: img}
          inputs: {data: {type: uri_file, mode: download}}
          """);
      project.file(
          "job.yml",
          """
          type: pipeline
          jobs:
            make: {command: x, environment: {image: img}, outputs: {o: {type: uri_file}}}
            each: {type: parallel_for, body: "${{parent.jobs.part}}", items: [%s]}
            part: {component: part.yml}
          """
              .formatted(items));
    }

    @Test
    void when_planned_then_items_hold_it_and_the_body_reads_it_in_its_own_mode() {
      loop("{data: {path: a.txt}}, {data: \"${{parent.jobs.make.outputs.o}}\"}");
      var each = (Group.ForEach) project.plan("job.yml").groups().getFirst();
      assertThat(each.body().steps().getFirst().inputs())
          .containsEntry(
              "data", new StepInput.OfItem("data", DataType.URI_FILE, StepInput.Mode.DOWNLOAD));
      assertThat(((Group.Items.Known) each.items()).items().get(1))
          .containsEntry(
              "data",
              new StepInput.FromStep(
                  new StepId("make"), "o", DataType.URI_FILE, StepInput.Mode.DOWNLOAD));
      assertThat(each.after()).containsExactly(new StepId("make"));
    }

    @Test
    void when_items_give_it_in_different_ways_then_it_says_where() {
      loop("{data: {path: a.txt}}, {data: {type: mltable, path: .}}");
      assertThat(project.refused("job.yml"))
          .anyMatch(it -> it.startsWith("WRONG_TYPE job.yml:4:") && it.contains("another type"));
      loop("{data: {path: a.txt}}, {data: 7}");
      assertThat(project.refused("job.yml"))
          .anyMatch(it -> it.startsWith("WRONG_TYPE job.yml:4:") && it.contains("must be data"));
    }
  }

  @Nested
  class Given_a_pipeline_with_ends {
    private void pipeline(String first, String last, String inputOfWork) {
      project.file(
          "job.yml",
          """
          type: pipeline
          settings: {on_init: %s, on_finalize: %s}
          jobs:
            tidy: {command: x, environment: "azureml:e:1"}
            work: {command: 'x ${{inputs.i}}', environment: "azureml:e:1", inputs: {i: '%s'}}
            prepare: {command: x, environment: "azureml:e:1", outputs: {o: {}}}
          """
              .formatted(first, last, inputOfWork));
    }

    @Test
    void when_planned_then_the_ends_are_told_and_stand_first_and_last() {
      pipeline("prepare", "tidy", "1");
      var plan = project.plan("job.yml");
      assertThat(ids(plan)).containsExactly("prepare", "work", "tidy");
      assertThat(plan.ends())
          .isEqualTo(new Plan.Ends(Set.of(new StepId("prepare")), Set.of(new StepId("tidy"))));
    }

    @Test
    void when_an_end_is_no_node_or_the_same_or_exchanges_data_then_it_is_refused() {
      pipeline("prepar", "tidy", "1");
      assertThat(project.told("job.yml"))
          .containsExactly(
              "UNDECLARED job.yml:2:21 settings.on_init: there is no node called 'prepar'");
      pipeline("tidy", "tidy", "1");
      assertThat(project.told("job.yml"))
          .containsExactly(
              "CONFLICT job.yml:2:40 settings.on_finalize names the same node as settings.on_init");
      pipeline("prepare", "tidy", "${{parent.jobs.prepare.outputs.o}}");
      assertThat(project.told("job.yml"))
          .containsExactly(
              "CONFLICT job.yml:5:3 settings.on_init: node 'work' reads from 'prepare', but what runs"
                  + " before all others has no part in their data");
    }
  }

  @Nested
  class Given_a_large_pipeline {
    @Test
    void when_a_join_reads_ten_thousand_steps_then_each_is_before_it() {
      var text = new StringBuilder("type: pipeline\njobs:\n  join:\n    command: x\n");
      text.append("    ").append(ENVIRONMENT).append("\n    inputs:\n");
      int count = 10_000;
      for (int i = 0; i < count; i++) {
        text.append("      i%d: ${{parent.jobs.s%d.outputs.o}}\n".formatted(i, i));
      }
      for (int i = 0; i < count; i++) {
        text.append(
            "  s%d: {command: x, environment: 'azureml:e:1', outputs: {o: }}\n".formatted(i));
      }
      project.file("job.yml", text.toString());
      var plan = project.plan("job.yml");
      assertThat(plan.steps()).hasSize(count + 1);
      assertThat(plan.steps().getLast().id()).isEqualTo(new StepId("join"));
      assertThat(plan.steps().getLast().after()).hasSize(count);
    }

    @Test
    void when_steps_form_one_long_chain_then_they_are_planned_in_order() {
      int count = 5_000;
      var text = new StringBuilder("type: pipeline\njobs:\n");
      for (int i = count - 1; i >= 0; i--) {
        text.append("  s%d: {command: x, environment: 'azureml:e:1', outputs: {o: }".formatted(i));
        text.append(
            i == 0 ? "}\n" : ", inputs: {i: '${{parent.jobs.s%d.outputs.o}}'}}\n".formatted(i - 1));
      }
      project.file("job.yml", text.toString());
      assertThat(project.plan("job.yml").steps())
          .extracting(Step::id)
          .startsWith(new StepId("s0"), new StepId("s1"))
          .endsWith(new StepId("s" + (count - 1)));
    }
  }
}
