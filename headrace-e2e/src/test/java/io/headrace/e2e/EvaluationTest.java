package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The component {@code evaluate} in the example, whose first run builds the environment that all
 * tests share.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationTest {
  private static final String PIPELINE =
      Headrace.ROOT.resolve("examples/evaluation/pipeline.yml").toString();

  /** What scikit-learn says of predictions, in names of the report. */
  private static final String SCIKIT_LEARN =
      """
      import json, sys
      import pandas as pd
      from sklearn import metrics as m
      rows, other = (pd.read_csv(it + "/predictions.csv") for it in sys.argv[1:3])
      truth, said, score = rows.target == "yes", rows.prediction == "yes", rows.score
      island = rows.region == "island"
      print(json.dumps({
          "accuracy": m.accuracy_score(truth, said), "f1": m.f1_score(truth, said),
          "balanced_accuracy": m.balanced_accuracy_score(truth, said),
          "f1_macro": m.f1_score(truth, said, average="macro"), "recall": m.recall_score(truth, said),
          "precision_weighted": m.precision_score(truth, said, average="weighted"),
          "roc_auc": m.roc_auc_score(truth, score), "log_loss": m.log_loss(truth, score),
          "average_precision": m.average_precision_score(truth, score),
          "brier": m.brier_score_loss(truth, score),
          "island": m.recall_score(truth[island], said[island]),
          "baseline": m.accuracy_score(other.target, other.prediction)}))
      """;

  @TempDir static Path folder;
  private Headrace user;

  @BeforeAll
  void runTheExample() {
    user = new Headrace(folder);
    // Builds a virtual environment: far slower than any other command.
    assertThat(user.start("run", PIPELINE, "-n", "first").result(10).exits(0).out())
        .containsSubsequence("publish", "done", "Completed");
  }

  @AfterAll
  void leave() {
    user.close();
  }

  private Path output(String run, String step, String output) {
    return user.state().resolve("runs").resolve(run).resolve(step).resolve("1/out").resolve(output);
  }

  /** Runs the environment's own Python. */
  private String python(Path at, String... arguments) throws IOException, InterruptedException {
    try (var environments = Files.walk(user.state().resolve("environments"), 4)) {
      var python = environments.filter(it -> it.endsWith("bin/python")).findFirst().orElseThrow();
      var command = new ArrayList<>(List.of(python.toString(), "-B"));
      command.addAll(List.of(arguments));
      var said = folder.resolve("python.out");
      var process =
          new ProcessBuilder(command)
              .directory(at.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
      var text = Files.readString(said);
      assertThat(process.exitValue()).as("%s", text).isZero();
      return text;
    }
  }

  @Test
  void when_the_example_has_run_then_its_metrics_are_what_scikit_learn_finds()
      throws IOException, InterruptedException {
    var json = new ObjectMapper();
    var report =
        json.readTree(Files.readString(output("first", "evaluate", "report/metrics.json")));
    var script = user.write("expected.py", SCIKIT_LEARN);
    var expected =
        json.readTree(
            python(
                user.project(),
                script.toString(),
                output("first", "challenger", "predictions").toString(),
                output("first", "champion", "predictions").toString()));
    for (var name : expected.propertyNames()) {
      double found =
          switch (name) {
            case "island" -> island(report).get("metrics").get("recall").get("value").asDouble();
            case "baseline" -> report.get("comparison").get("accuracy").get("baseline").asDouble();
            default -> report.get("overall").get(name).get("value").asDouble();
          };
      assertThat(found).as(name).isEqualTo(expected.get(name).asDouble(), within(1e-9));
    }
    assertThat(report.get("verdict").asString()).isEqualTo("passed");
    assertThat(output("first", "evaluate", "report/report.html")).content().contains("Evaluation");
    assertThat(user.run("run", "show", "first").exits(0).out())
        .contains("metric accuracy.low", "metric recall/region/island");
  }

  private static JsonNode island(JsonNode report) {
    for (var slice : report.get("slices")) {
      if (slice.get("value").asString().equals("island")) {
        return slice;
      }
    }
    throw new AssertionError("no such slice in " + report);
  }

  @Test
  void when_a_threshold_is_not_reached_then_the_run_stops_or_goes_the_other_way() {
    assertThat(
            user.run("run", PIPELINE, "--set", "inputs.thresholds=accuracy >= 0.99").exits(0).out())
        .containsSubsequence("keep", "done")
        .doesNotContainPattern("publish +done");
    assertThat(
            user.run(
                    "run",
                    PIPELINE,
                    "--set",
                    "inputs.thresholds=accuracy >= 0.99",
                    "inputs.on_failure=stop")
                .exits(1)
                .said())
        .contains("FAILED  accuracy >= 0.99: it is 0.", " too low");
  }

  @Test
  void when_the_published_model_has_a_card_then_it_tells_how_it_was_made_and_judged() {
    assertThat(user.run("model", "card", "late_parcels").exits(0).out())
        .contains(
            "# late_parcels, version 1",
            "- **run:** first",
            "- **step:** publish",
            "### Before it: challenger",
            "| kind | forest |",
            "| training_accuracy |",
            "- **verdict:** ",
            "| region = island | 45 |");
    var card = user.json("model", "card", "late_parcels:1", "-o", "json");
    var made = card.get("made");
    assertThat(made.get("code").isNull() && made.get("environment").isNull()).isFalse();
    assertThat(card.get("evaluation").get("report").get("rows").asInt()).isEqualTo(600);
    assertThat(user.run("model", "show", "-n", "late_parcels", "-v", "1").exits(0).out())
        .contains(card.get("model").get("digest").asString());
  }

  @Test
  void when_the_components_own_tests_are_run_then_they_pass()
      throws IOException, InterruptedException {
    assertThat(
            python(
                Headrace.ROOT.resolve("components/evaluate"),
                "-m",
                "unittest",
                "discover",
                "tests"))
        .contains("OK");
  }
}
