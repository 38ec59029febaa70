package io.headrace.mlproject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MLflow projects, and the Azure ML documents that they become. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MlProjectTest {
  @TempDir Path folder;

  private static final String ODD = "a' \"\\\n\t:#{}[]$&|>%@`-\u00e9\u0085\u2028\u00a0\u0001\r0";

  private static final String PROJECT =
      """
      name: my demo
      python_env: python_env.yaml
      entry_points:
        main:
          parameters:
            rate: {type: float, default: 0.1}
            who: {default: "a 'b' c"}
            data: path
            where: uri
          command: 'python t.py --rate {rate} {who} "to {who}" {{x}} --data {data} {where}'
        check:
          command: python check.py
      """;

  private Path write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) {
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      return Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void project() {
    write("MLproject", PROJECT);
    write(
        "python_env.yaml",
        "python: 3.11\nbuild_dependencies: [pip]\ndependencies:\n  - -r more/r.txt\n");
    write("more/r.txt", "# ours\n\npandas>=2\n-r deeper.txt\n");
    write("more/deeper.txt", "tabulate==0.9.0\n");
    write("in.txt", "x");
  }

  private Problem problem(String entryPoint, Map<String, String> values) {
    return catchThrowableOfType(
            ProblemException.class,
            () -> AzureDocuments.of(MlProject.read(folder, entryPoint), values))
        .problems()
        .getFirst();
  }

  private String said(String project) {
    write("MLproject", project);
    var problem = problem("main", Map.of());
    return problem.where().map(it -> it.line() + ":" + it.column() + " ").orElse("")
        + problem.message();
  }

  @Test
  void given_a_project_when_imported_then_each_parameter_is_an_input_and_one_word_of_the_command() {
    project();
    var documents =
        AzureDocuments.of(
            MlProject.read(folder, "main"), Map.of("data", "in.txt", "where", "s3://b/k"));
    assertThat(documents).containsOnlyKeys("main.component.yml", "main.job.yml", "main.conda.yml");
    assertThat(documents.get("main.component.yml"))
        .isEqualTo(
            """
            $schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
            type: command
            name: my_demo_main
            display_name: "my demo main"
            version: "1"
            inputs:
              rate:
                type: number
                default: 0.1
              who:
                type: string
                default: "a 'b' c"
              data:
                type: uri_file
              where:
                type: string
            code: .
            environment:
              image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04
              conda_file: "./main.conda.yml"
            command: "python t.py --rate \\"${{inputs.rate}}\\" \\"${{inputs.who}}\\" \\"to\
             ${{inputs.who}}\\" {x} --data \\"${{inputs.data}}\\" \\"${{inputs.where}}\\""
            """);
    assertThat(documents.get("main.job.yml"))
        .contains("  rate: 0.1\n", "  data:\n    type: uri_file\n    path: \"in.txt\"\n");
    assertThat(documents.get("main.conda.yml"))
        .isEqualTo(
            """
            dependencies:
              - python=3.11
              - pip
              - pip:
                  - "pip"
                  - "pandas>=2"
                  - "tabulate==0.9.0"
            """);
  }

  @Test
  void given_no_MLproject_then_a_script_of_the_folder_is_an_entry_point() {
    write("train.py", "");
    write("main.sh", "");
    assertThat(MlProject.read(folder, "train.py").entryPoint().command())
        .isEqualTo("python train.py");
    assertThat(MlProject.read(folder, "main").entryPoint().command()).isEqualTo("bash main.sh");
    assertThat(problem("other", Map.of()).message()).contains("has no entry point 'other'");
  }

  @Test
  void given_values_then_each_must_have_its_parameter_and_each_parameter_its_value() {
    project();
    assertThat(problem("main", Map.of("data", "in.txt")).message())
        .isEqualTo("parameter 'where' has no default, and no value");
    assertThat(problem("main", Map.of("nope", "1")).message())
        .isEqualTo("entry point 'main' has no parameter 'nope'");
    assertThat(problem("check", Map.of("rate", "1")).message())
        .isEqualTo("entry point 'check' has no parameter 'rate'");
  }

  @Test
  void given_something_that_Azure_ML_has_no_word_for_then_it_is_refused_with_its_place() {
    var entry = "entry_points:\n  main:\n    command: echo\n";
    assertThat(said("names: x\n" + entry)).isEqualTo("1:1 'names' is no field of an MLproject");
    assertThat(said("entry_points:\n  main:\n    command: echo\n    env: x\n"))
        .isEqualTo("4:5 'env' is no field of an entry point");
    assertThat(
            said("entry_points:\n  main:\n    parameters: {a: {typ: path}}\n    command: echo\n"))
        .isEqualTo("3:22 'typ' is no field of a parameter");
    assertThat(said("entry_points:\n  main:\n    parameters: {a: int}\n    command: echo\n"))
        .isEqualTo("3:21 'int' is no type of a parameter");
    assertThat(said("entry_points:\n  main:\n    parameters: {a-b: path}\n    command: echo\n"))
        .isEqualTo("3:18 'a-b' is no name for an input in Azure ML");
    assertThat(said("entry_points:\n  main: {}\n"))
        .isEqualTo("2:9 entry point 'main' has no command");
    assertThat(said("docker_env: {image: i, volumes: [a]}\n" + entry))
        .isEqualTo("1:33 docker_env.volumes has no match in Azure ML's YAML");
    assertThat(said("docker_env: {image: i, environment: [a]}\n" + entry))
        .isEqualTo("1:37 docker_env.environment has no match in Azure ML's YAML");
    assertThat(said("docker_env: {}\n" + entry)).isEqualTo("1:13 docker_env has no image");
    assertThat(said("conda_env: c.yaml\n" + entry))
        .isEqualTo("1:12 conda_env: there is no file 'c.yaml'");
    assertThat(said("conda_env: c.yaml\ndocker_env: {image: i}\n" + entry))
        .isEqualTo(
            "2:13 an MLproject has one environment, and this one has conda_env and docker_env");
    write("e.yaml", "pythn: 3.11\n");
    assertThat(said("python_env: e.yaml\n" + entry))
        .isEqualTo("1:1 'pythn' is no field of a python_env");
    write("e.yaml", "dependencies: [-r r.txt]\n");
    write("r.txt", "-r ./r.txt\n");
    assertThat(said("python_env: e.yaml\n" + entry)).endsWith("r.txt reads itself");
    assertThat(said("entry_points:\n  main:\n    command: echo {nope}\n"))
        .isEqualTo("the command of 'main' names {nope}, which is no parameter");
    write("MLproject", "entry_points:\n  ../x:\n    command: echo\n");
    assertThat(problem("../x", Map.of()).message())
        .isEqualTo("entry point '../x' cannot name a file");
  }

  @Test
  void given_an_image_or_a_conda_file_then_the_component_has_it() {
    write(
        "MLproject", "docker_env: {image: 'python:3.11'}\nentry_points: {main: {command: echo}}\n");
    assertThat(
            AzureDocuments.of(MlProject.read(folder, "main"), Map.of()).get("main.component.yml"))
        .contains("environment:\n  image: \"python:3.11\"\n");
    write("c.yaml", "dependencies: [pip]\n");
    write("MLproject", "conda_env: c.yaml\nentry_points: {main: {command: echo}}\n");
    assertThat(
            AzureDocuments.of(MlProject.read(folder, "main"), Map.of()).get("main.component.yml"))
        .contains("\n  conda_file: \"./c.yaml\"\n");
  }

  @Test
  void given_any_value_when_written_then_the_job_reads_as_that_value() {
    write("MLproject", "entry_points: {main: {parameters: {v: string}, command: 'echo {v}'}}\n");
    var random = new Random(3);
    for (int i = 0; i < 500; i++) {
      var value = new StringBuilder();
      for (int k = random.nextInt(12); k > 0; k--) {
        value.append(ODD.charAt(random.nextInt(ODD.length())));
      }
      var job =
          AzureDocuments.of(MlProject.read(folder, "main"), Map.of("v", value.toString()))
              .get("main.job.yml");
      var tree = YamlReader.read(String.valueOf(job), "job.yml");
      var inputs = ((YamlNode.Mapping) tree).get("inputs").orElseThrow();
      var read = ((YamlNode.Mapping) inputs).get("v").orElseThrow();
      assertThat(((YamlNode.Scalar) read).text()).isEqualTo(value.toString());
    }
  }

  @Test
  void given_any_bytes_when_imported_then_documents_come_out_or_a_problem() throws IOException {
    project();
    var random = new Random(5);
    var values = new LinkedHashMap<>(Map.of("data", "in.txt", "where", "x"));
    int imported = 0;
    for (int i = 0; i < 1_000; i++) {
      var text = new StringBuilder(PROJECT);
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(256));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, "{}[]:,'\"-\n #&*!|>".charAt(random.nextInt(17)));
        }
      }
      write("MLproject", text.toString().getBytes(StandardCharsets.ISO_8859_1));
      try {
        var documents = AzureDocuments.of(MlProject.read(folder, "main"), values);
        documents.forEach((name, it) -> YamlReader.read(it, name));
        imported++;
      } catch (ProblemException e) {
        assertThat(e.problems()).isNotEmpty();
      }
    }
    assertThat(imported).isBetween(50, 950);
  }
}
