package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines that the kfp package has compiled, and MLflow projects. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KubeflowTest {
  @TempDir Path folder;

  @Test
  void when_a_compiled_pipeline_is_run_then_its_loop_condition_and_metrics_work_and_it_is_reused() {
    try (var user = new Headrace(folder)) {
      var pipeline = Headrace.ROOT.resolve("examples/kubeflow/pipeline.yaml").toString();
      // Builds a virtual environment: far slower than any other command.
      var first = user.start("run", pipeline).result(10).exits(0).out();
      assertThat(first).contains("6 steps run", "the condition was true", "total = 18.0");
      assertThat(user.run("run", pipeline).exits(0).out()).contains("0 steps run, 6 reused");
      assertThat(user.run("run", pipeline, "--set", "inputs.enough=50").exits(0).out())
          .contains("the condition was false", "0 steps run, 5 reused");
    }
  }

  @Test
  void when_an_mlflow_project_is_imported_then_its_job_runs_and_each_value_is_one_word()
      throws IOException {
    try (var user = new Headrace(folder)) {
      Files.createDirectories(folder.resolve("project/proj"));
      user.write(
          "proj/MLproject",
          """
          name: train
          entry_points:
            main:
              parameters:
                rate: {type: float, default: 0.1}
                who: {type: string, default: nobody}
              command: 'python3 show.py --rate {rate} {who} "to {who}"'
          """);
      user.write("proj/show.py", "import sys\nprint(sys.argv[1:])\n");
      user.run("import", "mlproject", "proj", "-P", "who=a 'b' $(id)").exits(0);
      assertThat(user.run("validate", "proj/main.job.yml").exits(0).out()).contains("ok");
      user.run("run", "proj/main.job.yml").exits(0);
      try (var files = Files.walk(user.state().resolve("runs"))) {
        var log = files.filter(it -> it.endsWith("std_log.txt")).findFirst().orElseThrow();
        assertThat(Files.readString(log))
            .isEqualTo("['--rate', '0.1', \"a 'b' $(id)\", \"to a 'b' $(id)\"]\n");
      }
    }
  }
}
