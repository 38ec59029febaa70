package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.StepInput;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SetTest {
  @TempDir Path folder;
  private Project project;

  @BeforeEach
  void project() {
    project =
        new Project(folder)
            .file(
                "job.yml",
                """
                command: echo ${{inputs.x}}
                environment: azureml:e:1
                inputs: {x: 1}
                resources: {docker_args: [a, b]}
                """);
  }

  private String x(String... sets) {
    return project.step("job.yml", "main", sets).inputs().get("x") instanceof StepInput.Literal it
        ? it.value()
        : "not a literal";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inputs.x=2 | 2",
        "inputs.x=0.10 | 0.1",
        "inputs.x=\"0.10\" | 0.10",
        "inputs.x=true | True",
        "inputs.x=a: b | a: b",
        "inputs.x=a # b | a # b",
        "inputs.x=a=b | a=b",
        "inputs.x={\"value\": 5} | 5",
        "inputs={\"x\": 7} | 7",
        "inputs.x.value=3 | not here",
      })
  void when_a_value_is_set_then_it_is_read_as_yaml_reads_it(String set, String seen) {
    if (seen.equals("not here")) {
      assertThat(project.told("job.yml", set))
          .singleElement()
          .asString()
          .startsWith("BAD_ARGUMENT --set inputs.x.value=3 'inputs.x' is the number 1");
    } else {
      assertThat(x(set)).isEqualTo(seen);
    }
  }

  @Test
  void when_mappings_on_the_way_are_missing_then_they_are_made() {
    assertThat(project.step("job.yml", "main", "limits.timeout=7").timeout().orElseThrow())
        .hasSeconds(7);
    assertThat(project.plan("job.yml", "experiment_name=other", "tags.a=b").tags())
        .containsEntry("a", "b");
  }

  @Test
  void when_a_list_is_indexed_then_its_item_is_changed_or_appended() {
    assertThat(project.told("job.yml", "resources.docker_args[1]=c", "resources.docker_args.2=d"))
        .isEmpty();
    assertThat(project.told("job.yml", "resources.docker_args[5]=c"))
        .singleElement()
        .asString()
        .contains("is a list of 2");
  }

  @Test
  void when_a_set_value_is_wrong_then_the_problem_points_at_the_argument() {
    assertThat(project.told("job.yml", "limits.timeout=soon"))
        .containsExactly(
            "WRONG_TYPE --set limits.timeout=soon limits.timeout must be a whole number, not"
                + " 'soon'");
  }

  @ParameterizedTest
  @CsvSource({"x", "=1", "a..b=1", ".a=1", "a.=1", "a[x]=1", "a[1=1"})
  void when_an_argument_is_not_a_path_and_a_value_then_it_is_refused(String set) {
    assertThat(project.told("job.yml", set)).singleElement().asString().startsWith("BAD_ARGUMENT");
  }

  @Test
  void when_any_text_is_set_in_quotes_then_it_is_given_as_it_is() {
    var random = new Random(42);
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append((char) (' ' + random.nextInt(95)));
      }
      if (text.indexOf("${{") >= 0) {
        continue;
      }
      String value = text.toString();
      project.file("job.yml", "command: echo\nenvironment: azureml:e:1\n");
      assertThat(x("inputs.x='" + value.replace("'", "''") + "'")).isEqualTo(value);
    }
  }

  @Test
  void when_any_integer_is_set_then_it_is_given() {
    var random = new Random(7);
    project.file("job.yml", "command: echo\nenvironment: azureml:e:1\n");
    for (int round = 0; round < 200; round++) {
      long value = random.nextLong();
      assertThat(x("inputs.x=" + value)).isEqualTo(Long.toString(value));
    }
  }
}
