package io.headrace.backend.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EnvironmentMapTest {
  @TempDir Path folder;

  private EnvironmentMap map(String text) throws IOException {
    Path file = folder.resolve("environments.yml");
    Files.writeString(file, text);
    return EnvironmentMap.read(List.of(file));
  }

  private static List<String> pip(Definition definition) {
    return definition.conda().orElseThrow().pip();
  }

  @Nested
  class Given_our_own_list_of_curated_names {
    private final EnvironmentMap curated = EnvironmentMap.read(List.of());

    @ParameterizedTest
    @ValueSource(
        strings = {
          "azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest",
          "azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest",
          "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu:44",
          "azureml:AzureML-sklearn-1.5@latest",
          "azureml://registries/azureml/environments/sklearn-1.5/labels/latest",
          "azureml://registries/azureml/environments/sklearn-1.5/versions/12",
          "azureml:AzureML-lightgbm-3.3@latest",
          "azureml://registries/azureml/environments/tensorflow-2.16-cuda12/labels/latest",
          "azureml:AzureML-tensorflow-2.16-cuda12@latest",
          "azureml://registries/azureml/environments/acpt-pytorch-2.8-cuda12.6/labels/latest",
          "azureml:AzureML-acpt-pytorch-2.8-cuda12.6:1",
          "azureml:AzureML-ACPT-pytorch-1.13-py38-cuda11.7-gpu@latest",
          "azureml:AzureML-pytorch-1.10-ubuntu18.04-py38-cuda11-gpu@latest",
          "azureml://registries/azureml/environments/model-evaluation/versions/24",
          "azureml://registries/azureml/environments/responsibleai-tabular/versions/28",
          "azureml:AzureML-minimal-ubuntu18.04-py37-cpu-inference:1"
        })
    void when_a_name_is_asked_for_then_it_has_packages_and_the_mlflow_client(String name) {
      assertThat(pip(curated.find(name))).contains("mlflow-skinny<3");
    }

    @Test
    void when_a_name_tells_its_python_then_that_is_taken() {
      Definition definition =
          curated.find("azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest");

      assertThat(definition.conda().orElseThrow().python()).hasToString("==3.8.*");
    }

    @Test
    void when_a_name_is_of_the_other_version_then_it_has_that_versions_packages() {
      assertThat(pip(curated.find("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu@latest")).getFirst())
          .startsWith("scikit-learn==0.24.2");
      assertThat(pip(curated.find("sklearn-1.5")))
          .contains("scikit-learn~=1.5.0; python_version >= \"3.9\" and python_version < \"3.14\"");
    }

    @Test
    void when_the_registry_is_anothers_then_the_name_is_not_azures() {
      assertThatThrownBy(
              () -> curated.find("azureml://registries/ours/environments/sklearn-1.5/versions/1"))
          .hasMessageContaining("not known");
    }

    @Test
    void when_each_entry_is_read_then_all_are_sound() throws IOException {
      String text =
          new String(
              EnvironmentMap.class.getResourceAsStream("curated-environments.yml").readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> line.startsWith("  ") && !line.startsWith("   "))
          .map(line -> line.substring(0, line.indexOf(':')).strip().replace("*", ""))
          .forEach(name -> assertThat(pip(curated.find(name))).isNotEmpty());
    }

    @Test
    void when_here_or_local_is_asked_for_then_it_is_the_python_that_is_here() {
      assertThat(curated.find("azureml:local@latest").here()).isTrue();
      assertThat(curated.find("azureml:here:1").here()).isTrue();
    }

    @Test
    void when_a_name_is_misspelt_then_near_names_and_a_remedy_are_given() {
      assertThatThrownBy(() -> curated.find("azureml:AzureML-sklaern-1.0@latest"))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e ->
                  assertThat(e.problems().getFirst().code())
                      .isEqualTo(ErrorCode.ENVIRONMENT_UNKNOWN))
          .hasMessageContaining("sklearn-1.0")
          .hasMessageContaining("environments.yml")
          .hasMessageContaining("conda_file:");
    }
  }

  @Nested
  class Given_a_file_of_the_users {
    @Test
    void when_it_has_a_curated_name_then_it_wins() throws IOException {
      EnvironmentMap map =
          map(
              """
              environments:
                AzureML-sklearn-1.5:
                  conda_file:
                    dependencies: [python=3.12, {pip: [polars]}]
              """);

      assertThat(pip(map.find("azureml:AzureML-sklearn-1.5@latest"))).containsExactly("polars");
      assertThat(pip(map.find("sklearn-1.5"))).contains("mlflow-skinny<3");
    }

    @Test
    void when_one_version_is_given_then_it_goes_before_the_name_and_the_pattern()
        throws IOException {
      EnvironmentMap map =
          map(
              """
              environments:
                team*: {image: any}
                team: {image: newest}
                team:3: {image: third}
              """);

      assertThat(map.find("azureml:team:3").image()).contains("third");
      assertThat(map.find("azureml:team:4").image()).contains("newest");
      assertThat(map.find("azureml:team-b").image()).contains("any");
    }

    @Test
    void when_a_name_stands_for_another_then_that_is_taken() throws IOException {
      EnvironmentMap map = map("environments:\n  ours: sklearn-1.5\n  plain: here\n");

      assertThat(pip(map.find("azureml:ours:7"))).contains("mlflow-skinny<3");
      assertThat(map.find("plain").here()).isTrue();
    }

    @Test
    void when_names_stand_for_each_other_in_a_circle_then_it_is_told() throws IOException {
      EnvironmentMap map = map("environments:\n  a: b\n  b: a\n");

      assertThatThrownBy(() -> map.find("a")).hasMessageContaining("circle");
    }

    @Test
    void when_it_names_an_environment_file_of_azures_form_then_that_is_read() throws IOException {
      Files.createDirectories(folder.resolve("env"));
      Files.writeString(folder.resolve("env/conda.yml"), "dependencies: [numpy=1.21]\n");
      Files.writeString(
          folder.resolve("env/environment.yml"),
          "$schema: x\nname: ours\nimage: ubuntu\nconda_file: conda.yml\ndescription: d\n");
      Definition definition =
          map("environments:\n  ours: ./env/environment.yml\n").find("azureml:ours@latest");

      assertThat(definition.image()).contains("ubuntu");
      assertThat(definition.conda().orElseThrow().packages()).containsExactly("numpy=1.21");
    }

    @Test
    void when_it_names_a_file_that_is_not_there_then_the_path_is_told() throws IOException {
      EnvironmentMap map = map("environments:\n  ours: ./nowhere.yml\n");

      assertThatThrownBy(() -> map.find("ours")).hasMessageContaining("nowhere.yml");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "sklearn: x",
          "environments: [a]",
          "environments:\n  a: {}",
          "environments:\n  a: {imagine: x}",
          "environments:\n  a: {build: {}}",
          "environments:\n  a: {image: x, image: y}",
          "environments:\n  a: {conda_file: {dependencies: 3}}",
          "\"unclosed",
          "- list"
        })
    void when_it_is_wrong_then_a_problem_tells_so(String text) {
      assertThatThrownBy(() -> map(text).find("a")).isInstanceOf(ProblemException.class);
    }
  }

  @Test
  void when_a_pattern_is_hostile_then_matching_stays_quick() {
    assertThat(EnvironmentMap.matches("*a".repeat(100) + "b", "a".repeat(255))).isFalse();
    assertThat(EnvironmentMap.matches("a*c*", "abcd")).isTrue();
    assertThat(EnvironmentMap.matches("", "")).isTrue();
  }
}
