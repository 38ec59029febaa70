package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pipelines of the kind that people have: the example, and one written by others. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExampleTest {
  @TempDir Path folder;

  @Test
  void when_the_taxi_example_is_run_again_then_all_five_steps_are_reused() {
    try (var user = new Headrace(folder)) {
      var pipeline = Headrace.ROOT.resolve("examples/nyc-taxi/pipeline.yml").toString();
      var components =
          Headrace.ROOT.resolve("examples/nyc-taxi/pipeline_components.yml").toString();
      // Builds a virtual environment: far slower than any other command.
      assertThat(user.start("run", pipeline).result(10).exits(0).out())
          .contains("5 steps run, 0 reused", "model", "predictions", "score_report");
      assertThat(user.run("run", pipeline).exits(0).out()).contains("0 steps run, 5 reused");
      assertThat(user.run("run", components).exits(0).out()).contains("Completed");
      assertThat(user.run("run", components).exits(0).out()).contains("0 steps run, 5 reused");
      assertThat(user.run("fsck").exits(0).out()).contains("all whole");
    }
  }

  @Test
  void when_a_pipeline_written_for_Azure_is_given_unmodified_then_it_validates_and_plans() {
    var shared =
        Path.of(
            Optional.ofNullable(System.getenv("HEADRACE_SHARED"))
                .orElse(Headrace.ROOT.resolve("../shared").toString()));
    var template = shared.resolve("conformance/mlops-template/mlops/nyc-taxi");
    assumeTrue(Files.isDirectory(template), "the template is not at " + template);
    try (var user = new Headrace(folder)) {
      for (var name : new String[] {"pipeline.yml", "pipeline_components.yml"}) {
        var file = template.resolve(name).toString();
        assertThat(user.run("validate", file).exits(0).out()).contains("ok");
        assertThat(user.json("plan", file, "-o", "json").get("steps")).hasSize(5);
      }
    }
  }
}
