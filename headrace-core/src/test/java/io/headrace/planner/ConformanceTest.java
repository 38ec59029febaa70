package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConformanceTest {
  private static final String FINETUNE = "cli/foundation-models/system/finetune/";

  /** Where we answer otherwise on purpose; docs/conformance.md says why. */
  private static final Set<String> DELIBERATE =
      Set.of(
          // The data these name is made by a script first; a missing local path is an error here.
          FINETUNE
              + "image-classification/multilabel-classification/hftransformers-fridgeobjects-multilabel-classification-pipeline.yaml",
          FINETUNE + "summarization/news-summary-pipeline.yml",
          FINETUNE + "text-classification/emotion-detection-pipeline.yml",
          FINETUNE + "text-generation/text-generation-pipeline.yml",
          FINETUNE + "token-classification/token-classification-pipeline.yml",
          FINETUNE + "translation/translation-pipeline.yml",
          "cli/jobs/pipelines/automl/image-object-detection-task-fridge-items-pipeline/pipeline.yml",
          "cli/endpoints/batch/deploy-models/imagenet-classifier/imagenet-sample-unlabeled.yml",
          "sdk/python/featurestore_sample/project/fraud_model/pipelines/training_pipeline.yaml",
          // It gives its component an input that the component does not have.
          "cli/jobs/pipelines-with-components/pipeline_with_pipeline_component/nyc_taxi_data_regression_with_pipeline_component/pipeline.yml",
          // The component is registered elsewhere, so what it declares is not known.
          "cli/endpoints/batch/deploy-pipelines/batch-scoring-with-preprocessing/pipeline.mut-extra-node-input.yml",
          "cli/jobs/pipelines-with-components/basics/1b_e2e_registered_components/pipeline.mut-extra-node-input.yml");

  @Test
  void every_file_gets_the_right_verdict() throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var wrong = new ArrayList<String>();
    var differing = new ArrayList<String>();
    var cases = Conformance.cases();
    for (var it : cases) {
      var problems =
          Documents.validate(
              Conformance.given().resolve(it.path()), List.of(), Conformance.given());
      if (!isRight(it, problems)) {
        if (DELIBERATE.contains(it.path())) {
          differing.add(it.path());
        } else {
          wrong.add("GOT " + it + " got " + problems);
        }
      }
    }
    System.out.println(
        cases.size()
            + " files: "
            + (cases.size() - wrong.size() - differing.size())
            + " as expected, "
            + differing.size()
            + " otherwise on purpose, "
            + wrong.size()
            + " wrong");
    assertThat(wrong).isEmpty();
    assertThat(differing).as("the list has no more than it needs").containsAll(DELIBERATE);
  }

  @Test
  void every_error_names_the_field_and_points_into_it() throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var astray = new ArrayList<String>();
    int checked = 0;
    for (var it : Conformance.cases()) {
      var field = it.field().orElse("*");
      if (it.expect().equals("error") && !field.equals("*") && !DELIBERATE.contains(it.path())) {
        checked++;
        var file = Conformance.given().resolve(it.path());
        var problems = Documents.validate(file, List.of(), Conformance.given());
        if (!About.field(file, field, problems)) {
          astray.add("GOT " + it + " got " + problems);
        }
      }
    }
    System.out.println(checked + " errors checked for field and line");
    assertThat(astray).isEmpty();
    assertThat(checked).isGreaterThan(400);
  }

  private static boolean isRight(Conformance.Case it, List<Problem> problems) {
    boolean errors = problems.stream().anyMatch(Problem::isError);
    return switch (it.expect()) {
      case "error" -> errors;
      case "warning" -> !problems.isEmpty() && (!it.op().isEmpty() || !errors);
      default -> !errors;
    };
  }
}
