package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A job that reads what another one left: {@code azureml://jobs/JOB/outputs/OUTPUT}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EarlierJobTest {
  @TempDir Path folder;
  private Headrace user;

  @BeforeEach
  void arrive() {
    user = new Headrace(folder);
  }

  @AfterEach
  void leave() {
    user.close();
  }

  /** A pipeline whose step {@code make} leaves a folder, and an artifact. */
  private JsonNode make(String name, String text) {
    user.write(
        "make.yml",
        """
        type: pipeline
        outputs: {model: {type: uri_folder}}
        jobs:
          make:
            type: command
            environment: azureml:local@latest
            outputs:
              model: ${{parent.outputs.model}}
              score: {type: uri_file}
            command: >-
              mkdir -p ${{outputs.model}}/deep/er outputs/plots &&
              echo %s > ${{outputs.model}}/top.txt &&
              echo below > ${{outputs.model}}/deep/er/leaf.txt &&
              echo 0.9 > ${{outputs.score}} &&
              echo drawn > outputs/plots/one.txt
        """
            .formatted(text));
    return user.json("run", "make.yml", "--name", name, "-o", "json");
  }

  /** A job that lists what it was given, with contents. */
  private void use(String path, String type) {
    user.write(
        "use.yml",
        """
        type: command
        environment: azureml:local@latest
        inputs:
          data:
            type: %s
            path: %s
        outputs: {seen: {type: uri_file}}
        command: >-
          (cd "$(dirname ${{inputs.data}})" && cd "${{inputs.data}}" 2> /dev/null &&
          find . -type f | sort | xargs cat || cat "${{inputs.data}}") > ${{outputs.seen}}
        """
            .formatted(type, path));
  }

  private String seen() {
    var run = user.json("run", "use.yml", "-o", "json").get("name").asString();
    user.run("job", "download", "-n", run, "--output-name", "seen", "-p", run).exits(0);
    try {
      return Files.readString(user.file(run + "/named-outputs/seen/seen"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Nested
  class Given_a_pipeline_that_has_ended {
    @Test
    void when_its_outputs_are_named_then_their_bytes_are_read() {
      make("maker", "top");
      var step = user.json("job", "show", "-n", "maker").get("jobs").get("make");
      var child = step.get("name").asString();
      use("azureml://jobs/maker/outputs/model", "uri_folder");
      assertThat(seen()).isEqualTo("below\ntop\n");
      use("azureml:azureml://jobs/maker/outputs/model/paths/deep/", "uri_folder");
      assertThat(seen()).isEqualTo("below\n");
      use("azureml://jobs/maker/outputs/model/paths/deep/er/leaf.txt", "uri_file");
      assertThat(seen()).isEqualTo("below\n");
      use("azureml://jobs/maker/outputs/make.score", "uri_file");
      assertThat(seen()).isEqualTo("0.9\n");
      use("azureml://jobs/" + child + "/outputs/score", "uri_file");
      assertThat(seen()).isEqualTo("0.9\n");
      use("azureml://jobs/" + child + "/outputs/artifacts/paths/outputs/plots", "uri_folder");
      assertThat(seen()).isEqualTo("drawn\n");
      use("runs:/" + child + "/outputs/plots/one.txt", "uri_file");
      assertThat(seen()).isEqualTo("drawn\n");
    }

    @Test
    void when_another_job_left_the_same_bytes_then_the_step_that_reads_them_is_reused() {
      make("one", "same");
      user.run("run", "make.yml", "--no-reuse", "--name", "two").exits(0);
      make("three", "other");
      var pipeline =
          """
          type: pipeline
          inputs:
            model: {type: custom_model, path: azureml://jobs/one/outputs/model}
          jobs:
            score:
              type: command
              environment: azureml:local@latest
              inputs: {model: "${{parent.inputs.model}}"}
              outputs: {out: {type: uri_file}}
              command: cat ${{inputs.model}}/top.txt > ${{outputs.out}}
          """;
      user.write("score.yml", pipeline);
      assertThat(reused("score.yml")).isFalse();
      user.write("score.yml", pipeline.replace("jobs/one", "jobs/two"));
      assertThat(reused("score.yml")).isTrue();
      user.write("score.yml", pipeline.replace("jobs/one", "jobs/three"));
      assertThat(reused("score.yml")).isFalse();
    }

    private boolean reused(String file) {
      var run = user.json("run", file, "-o", "json");
      return run.get("steps").get("score").get("reused").asBoolean();
    }

    @Test
    void when_the_reference_is_wrong_then_it_says_where_and_what_there_is() throws IOException {
      var made = make("maker", "top");
      assertThat(refused("azureml://jobs/makr/outputs/model", "uri_folder"))
          .contains("use.yml:6:11", "no job called 'makr'", "did you mean 'maker'?");
      assertThat(refused("azureml://jobs/maker/outputs/modle", "uri_folder"))
          .contains(
              "use.yml:6:11",
              "no output 'modle'",
              "did you mean 'model'? outputs: model, make.model, make.score");
      assertThat(refused("azureml://jobs/maker/outputs/model/paths/deep/ex", "uri_folder"))
          .contains("has no 'deep/ex' in it", "deep/er/leaf.txt");
      assertThat(refused("azureml://jobs/maker/outputs/model/paths/../x", "uri_folder"))
          .contains("has no '../x' in it");
      assertThat(refused("azureml://jobs/maker/outputs/model", "uri_file"))
          .contains("is a folder", "uri_file is wanted", "/paths/FILE");
      assertThat(refused("azureml://jobs/maker/outputs/make.score", "uri_folder"))
          .contains("is a file", "type: uri_file");
      assertThat(refused("azureml://jobs/maker/outputs/artifacts/paths/x", "uri_folder"))
          .contains("is a pipeline", "run of one of its steps");
      assertThat(refused("azureml://jobs/maker/output/model", "uri_folder"))
          .contains("azureml://jobs/JOB/outputs/OUTPUT");

      var digest = made.get("steps").get("make").get("outputs").get("score").get("digest");
      Files.delete(Objects.file(user, digest.asString()));
      assertThat(refused("azureml://jobs/maker/outputs/make.score", "uri_file"))
          .contains("use.yml:6:11", "no longer in the store", digest.asString());
    }

    @Test
    void when_only_validated_then_the_job_need_not_be_known() {
      use("azureml://jobs/elsewhere/outputs/model", "uri_folder");
      user.run("validate", "use.yml").exits(0);
      assertThat(user.state()).doesNotExist();
    }
  }

  @Nested
  class Given_a_job_without_a_result {
    @Test
    void when_it_failed_or_is_not_done_then_it_says_so() throws IOException {
      user.write("bad.yml", Pipelines.job("echo half > ${{outputs.out}}; exit 3"));
      user.run("run", "bad.yml", "--name", "bad").exits(1);
      assertThat(refused("azureml://jobs/bad/outputs/out", "uri_file"))
          .contains("use.yml:6:11", "job bad did not succeed (failed)", "headrace resume bad");

      var gate = user.file("gate");
      user.write(
          "slow.yml",
          Pipelines.job(
              "until [ -e '" + gate + "' ]; do sleep 0.05; done; echo 1 > ${{outputs.out}}"));
      user.json("job", "create", "-f", "slow.yml", "--name", "slow");
      assertThat(refused("azureml://jobs/slow/outputs/out", "uri_file"))
          .contains("job slow has not finished", "headrace job stream -n slow");
      Files.createFile(gate);
      user.run("job", "stream", "-n", "slow").exits(0);
      use("azureml://jobs/slow/outputs/out", "uri_file");
      assertThat(seen()).isEqualTo("1\n");
    }
  }

  private String refused(String path, String type) {
    use(path, type);
    return user.run("run", "use.yml").exits(2).err();
  }
}
