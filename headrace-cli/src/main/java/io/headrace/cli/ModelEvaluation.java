package io.headrace.cli;

import io.headrace.engine.RunState.StepRecord;
import io.headrace.json.ValueJson;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.Visible;
import io.headrace.spec.Value;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.Experiment;
import io.headrace.tracking.Lifecycle;
import io.headrace.tracking.Run;
import io.headrace.tracking.RunSearch;
import io.headrace.tracking.TrackingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The newest evaluation of a model: a run of the component {@code evaluate} whose predictions this
 * model made.
 *
 * @param run the evaluation's own run
 * @param report its {@code metrics.json}; nothing where the run did not keep it
 */
record ModelEvaluation(Run run, Value report) {
  /** What evaluate.py sets on its run; part of its format. */
  static final String VERDICT = "evaluation.verdict";

  private static final String MODEL = "evaluation.model";
  private static final int MOST = 1_000;

  /**
   * Which model is meant.
   *
   * @param title {@code name:version}
   * @param digest of its bytes, when they are here
   * @param maker the run that made it, when it is known
   */
  record Wanted(String title, Optional<Digest> digest, Optional<RunId> maker) {}

  static Optional<ModelEvaluation> newest(Wiring wiring, Wanted wanted) throws IOException {
    var tracking = wiring.tracking();
    var experiments =
        tracking
            .experimentSearch()
            .search(Visible.all(), "", Lifecycle.View.ALL, List.of(), MOST, Optional.empty())
            .items()
            .stream()
            .map(Experiment::id)
            .toList();
    var question =
        new RunSearch.Question(
            experiments,
            "tags.`" + VERDICT + "` LIKE '%'",
            Lifecycle.View.ACTIVE_ONLY,
            List.of(),
            MOST,
            Optional.empty());
    for (var run : tracking.runSearch().search(question).items()) {
      if (isOf(wiring, run, wanted)) {
        return Optional.of(new ModelEvaluation(run, report(wiring, run)));
      }
    }
    return Optional.empty();
  }

  /** By what the evaluation was told, else by lineage. */
  private static boolean isOf(Wiring wiring, Run run, Wanted wanted) {
    var told = run.tags().getOrDefault(MODEL, "");
    if (!told.isEmpty()) {
      return told.equals(wanted.title());
    }
    var child = new RunId(run.info().runId());
    return StepLineage.around(wiring, child)
        .flatMap(it -> it.step(child).map(step -> new Search(it, wanted, new HashSet<>()).of(step)))
        .orElse(false);
  }

  /** Goes up from the predictions to the first model: that one made them. */
  private record Search(StepLineage lineage, Wanted wanted, Set<StepRecord> seen) {
    boolean of(StepRecord evaluation) {
      var predictions = Optional.ofNullable(lineage.reads(evaluation).get("predictions"));
      return predictions.stream()
          .flatMap(it -> lineage.makers(it.digest()).stream())
          .anyMatch(this::usedIt);
    }

    private boolean usedIt(StepRecord step) {
      if (!seen.add(step)) {
        return false;
      }
      if (isMaker(step) || step.outputs().values().stream().anyMatch(it -> isIt(it.digest()))) {
        return true;
      }
      var reads = lineage.reads(step).values();
      if (step.outputs().values().stream().anyMatch(it -> it.type().yaml().endsWith("_model"))) {
        return false; // it predicted with another model, of its own
      }
      if (reads.stream().anyMatch(it -> isIt(it.digest()))) {
        return true;
      }
      return reads.stream().noneMatch(StepLineage.Read::isModel)
          && reads.stream()
              .flatMap(it -> lineage.makers(it.digest()).stream())
              .anyMatch(this::usedIt);
    }

    private boolean isIt(Digest digest) {
      return wanted.digest().filter(digest::equals).isPresent();
    }

    private boolean isMaker(StepRecord step) {
      return wanted
          .maker()
          .filter(it ->
              step.child().filter(it::equals).isPresent()
                  || step.from().filter(it::equals).isPresent())
          .isPresent();
    }
  }

  private static Value report(Wiring wiring, Run run) throws IOException {
    return artifact(wiring, run, "evaluation/metrics.json")
        .map(ValueJson::read)
        .orElse(new Value.Nothing());
  }

  /** The text of a run's file, when it is kept here. */
  static Optional<String> artifact(Wiring wiring, Run run, String path) throws IOException {
    var place = Artifacts.placeOf(run.info().artifactUri());
    if (place.isEmpty()) {
      return Optional.empty();
    }
    var artifacts = wiring.tracking().artifacts();
    try (var bytes = artifacts.open(artifacts.find(ArtifactPath.of(place.get() + "/" + path)))) {
      return Optional.of(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
    } catch (TrackingException e) {
      return Optional.empty();
    }
  }
}
