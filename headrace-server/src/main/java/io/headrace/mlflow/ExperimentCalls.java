package io.headrace.mlflow;

import io.headrace.name.Visible;
import io.headrace.tracking.Experiment;
import io.headrace.tracking.ExperimentSearch;
import io.headrace.tracking.Lifecycle;
import io.headrace.tracking.Page;
import io.headrace.tracking.Tracking;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/experiments}. */
final class ExperimentCalls {
  private static final int MOST_WITH_DATASETS = 20;

  private ExperimentCalls() {}

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(
      Tracking tracking, String route, Fields fields, Visible visible) {
    return switch (route) {
      case "POST /experiments/create" -> Optional.of(create(tracking, fields));
      case "GET /experiments/get" ->
          Optional.of(one(tracking.experiments().get(fields.required("experiment_id"))));
      case "GET /experiments/get-by-name" -> Optional.of(byName(tracking, fields));
      case "POST /experiments/search", "GET /experiments/search" ->
          Optional.of(search(tracking, fields, visible));
      case "POST /experiments/search-datasets" -> Optional.of(datasets(tracking, fields));
      default -> change(tracking, route, fields);
    };
  }

  private static Optional<ObjectNode> change(Tracking tracking, String route, Fields fields) {
    switch (route) {
      case "POST /experiments/delete" ->
          tracking.experiments().delete(fields.required("experiment_id"));
      case "POST /experiments/restore" ->
          tracking.experiments().restore(fields.required("experiment_id"));
      case "POST /experiments/update" -> {
        String id = fields.required("experiment_id");
        tracking.experiments().rename(id, fields.required("new_name"));
      }
      case "POST /experiments/set-experiment-tag" ->
          tracking
              .experiments()
              .setTag(
                  fields.required("experiment_id"), fields.required("key"), fields.text("value"));
      case "POST /experiments/delete-experiment-tag" ->
          tracking
              .experiments()
              .deleteTag(fields.required("experiment_id"), fields.required("key"));
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(Json.object());
  }

  private static ObjectNode create(Tracking tracking, Fields fields) {
    String id =
        tracking
            .experiments()
            .create(
                fields.required("name"), fields.text("artifact_location"), fields.pairs("tags"));
    return Json.object().put("experiment_id", id);
  }

  private static ObjectNode one(Experiment experiment) {
    ObjectNode answer = Json.object();
    answer.set("experiment", Words.experiment(experiment));
    return answer;
  }

  private static ObjectNode byName(Tracking tracking, Fields fields) {
    String name = fields.required("experiment_name");
    Optional<Experiment> found = tracking.experiments().named(name);
    if (found.isEmpty()) {
      throw new Refusal(
          Refusal.Code.RESOURCE_DOES_NOT_EXIST,
          "Could not find experiment with name '%s'".formatted(name));
    }
    return one(found.get());
  }

  private static ObjectNode search(Tracking tracking, Fields fields, Visible visible) {
    Page<Experiment> page =
        tracking
            .experimentSearch()
            .search(
                visible,
                fields.text("filter"),
                view(fields, "view_type"),
                fields.texts("order_by"),
                fields.pageSize("max_results", ExperimentSearch.MOST).orElse(1_000),
                fields.pageToken());
    ObjectNode answer = Json.object();
    ArrayNode experiments = Json.array();
    page.items().forEach(experiment -> experiments.add(Words.experiment(experiment)));
    Json.putTold(answer, "experiments", experiments);
    return Words.next(answer, page.next());
  }

  /** Active ones only, unless told otherwise; protobuf's numbers are taken too. */
  static Lifecycle.View view(Fields fields, String field) {
    return switch (fields.choice(field)) {
      case "", "ACTIVE_ONLY", "1" -> Lifecycle.View.ACTIVE_ONLY;
      case "DELETED_ONLY", "2" -> Lifecycle.View.DELETED_ONLY;
      case "ALL", "3" -> Lifecycle.View.ALL;
      default -> throw fields.wrong(field);
    };
  }

  private static ObjectNode datasets(Tracking tracking, Fields fields) {
    List<String> experiments = fields.texts("experiment_ids");
    if (experiments.isEmpty()) {
      throw Refusal.invalid("SearchDatasets request must specify at least one experiment_id.");
    }
    if (experiments.size() > MOST_WITH_DATASETS) {
      throw Refusal.invalid(
          "SearchDatasets request cannot specify more than %d experiment_ids. Received %d experiment_ids."
              .formatted(MOST_WITH_DATASETS, experiments.size()));
    }
    ArrayNode summaries = Json.array();
    tracking
        .runSearch()
        .datasets(experiments)
        .forEach(it -> {
          ObjectNode summary = summaries.addObject();
          summary.put("experiment_id", it.experimentId());
          summary.put("name", it.name());
          summary.put("digest", it.digest());
          Json.putTold(summary, "context", it.context());
        });
    ObjectNode answer = Json.object();
    Json.putTold(answer, "dataset_summaries", summaries);
    return answer;
  }
}
