package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ProblemException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "azureml://jobs/j/outputs/o, j, o, ''",
    "azureml://jobs/j/outputs/o/, j, o, ''",
    "azureml://jobs/j/outputs/o/paths, j, o, ''",
    "azureml://jobs/j/outputs/o/paths/, j, o, ''",
    "azureml://jobs/j/outputs/step.o/paths/a/b.txt, j, step.o, a/b.txt",
    "azureml:azureml://jobs/j/outputs/o/paths/a/, j, o, a",
    "azureml://jobs/j/outputs/artifacts/paths/model, j, artifacts, model",
    "azureml://jobs/j/outputs/artifacts/model/x, j, artifacts, model/x",
    "azureml://jobs/j/outputs/o/paths/paths/x, j, o, paths/x",
    "runs:/r/model, r, artifacts, model",
    "runs:/r, r, artifacts, ''",
  })
  void given_what_a_job_left_then_it_is_taken_apart(
      String text, String job, String output, String path) {
    assertThat(JobReference.of(text)).contains(new JobReference(job, output, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"azureml:rides:1", "azureml://datastores/d/paths/jobs", "mlflow-model:x", "runs:"})
  void given_something_else_then_it_is_left_to_others(String text) {
    assertThat(JobReference.of(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "azureml://jobs/j",
        "azureml://jobs/j/output/o",
        "azureml://jobs//outputs/o",
        "azureml://jobs/j/outputs/",
        "azureml://jobs/j/outputs/o/a.txt",
      })
  void given_half_a_reference_then_it_says_how_to_write_one(String text) {
    assertThatThrownBy(() -> JobReference.of(text))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("does not name a job's output");
  }
}
