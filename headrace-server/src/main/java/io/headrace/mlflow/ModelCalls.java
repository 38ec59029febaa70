package io.headrace.mlflow;

import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.LoggedModel;
import io.headrace.tracking.LoggedModelSearch;
import io.headrace.tracking.LoggedModelSearch.OnDataset;
import io.headrace.tracking.LoggedModels;
import io.headrace.tracking.Page;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/logged-models}. */
final class ModelCalls {
  private ModelCalls() {}

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(Tracking tracking, String method, String path, Fields fields)
      throws IOException {
    String[] parts = path.substring(1).split("/", -1);
    String shape = method + " " + parts.length;
    String id = parts.length > 1 ? Query.decodePath(parts[1]) : "";
    String third = parts.length > 2 ? parts[2] : "";
    if (!parts[0].equals("logged-models")) {
      return Optional.empty();
    }
    return switch (shape) {
      case "POST 1" -> Optional.of(model(create(tracking.models(), fields)));
      case "POST 2" ->
          id.equals("search") ? Optional.of(search(tracking, fields)) : Optional.empty();
      case "GET 2" ->
          Optional.of(
              model(
                  fields.flag("allow_deleted")
                      ? tracking.models().getEvenDeleted(id)
                      : tracking.models().get(id)));
      case "PATCH 2" -> Optional.of(model(tracking.models().finish(id, state(fields))));
      case "DELETE 2" -> {
        tracking.models().delete(id);
        yield Optional.of(Json.object());
      }
      case "PATCH 3" -> third.equals("tags") ? tags(tracking, id, fields) : Optional.empty();
      case "POST 3" -> third.equals("params") ? params(tracking, id, fields) : Optional.empty();
      case "DELETE 4" ->
          third.equals("tags")
              ? deleteTag(tracking, id, Query.decodePath(parts[3]))
              : Optional.empty();
      case "GET 4" ->
          third.equals("artifacts") && parts[3].equals("directories")
              ? Optional.of(artifacts(tracking, id, fields))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static ObjectNode model(LoggedModel model) {
    ObjectNode answer = Json.object();
    answer.set("model", Words.model(model));
    return answer;
  }

  private static LoggedModel create(LoggedModels models, Fields fields) {
    return models.create(
        new LoggedModels.NewModel(
            fields.required("experiment_id"),
            fields.text("name"),
            fields.text("model_type"),
            fields.text("source_run_id"),
            fields.pairs("params"),
            fields.pairs("tags")));
  }

  private static LoggedModel.State state(Fields fields) {
    return switch (fields.choice("status")) {
      case "LOGGED_MODEL_READY", "2" -> LoggedModel.State.READY;
      case "LOGGED_MODEL_UPLOAD_FAILED", "3" -> LoggedModel.State.UPLOAD_FAILED;
      default -> throw fields.wrong("status");
    };
  }

  private static Optional<ObjectNode> params(Tracking tracking, String id, Fields fields) {
    tracking.models().addParams(id, fields.pairs("params"));
    return Optional.of(Json.object());
  }

  private static Optional<ObjectNode> tags(Tracking tracking, String id, Fields fields) {
    tracking.models().setTags(id, fields.pairs("tags"));
    return Optional.of(Json.object());
  }

  private static Optional<ObjectNode> deleteTag(Tracking tracking, String id, String key) {
    tracking.models().deleteTag(id, key);
    return Optional.of(Json.object());
  }

  private static ObjectNode artifacts(Tracking tracking, String id, Fields fields)
      throws IOException {
    ArtifactPath.of(fields.text("artifact_directory_path"));
    LoggedModel model = tracking.models().get(id);
    return RunCalls.listing(tracking, model.artifactUri(), fields.text("artifact_directory_path"));
  }

  private static ObjectNode search(Tracking tracking, Fields fields) {
    fields.requiredList("experiment_ids");
    List<LoggedModelSearch.OrderBy> order = new ArrayList<>();
    for (Fields term : fields.objects("order_by")) {
      order.add(
          new LoggedModelSearch.OrderBy(
              term.text("field_name"),
              !term.has("ascending") || term.flag("ascending"),
              dataset(term)));
    }
    List<OnDataset> datasets =
        fields.objects("datasets").stream()
            .map(it ->
                dataset(it)
                    .orElseThrow(() ->
                        Refusal.invalid(
                            "`dataset_name` in the `datasets` clause must be specified.")))
            .toList();
    Page<LoggedModel> page =
        tracking
            .modelSearch()
            .search(
                new LoggedModelSearch.Question(
                    fields.texts("experiment_ids"),
                    fields.text("filter"),
                    datasets,
                    order,
                    fields.pageSize("max_results", LoggedModelSearch.MOST).orElse(100),
                    fields.pageToken()));
    ObjectNode answer = Json.object();
    ArrayNode models = Json.array();
    page.items().forEach(model -> models.add(Words.model(model)));
    Json.putTold(answer, "models", models);
    return Words.next(answer, page.next());
  }

  private static Optional<OnDataset> dataset(Fields fields) {
    return fields
        .optional("dataset_name")
        .filter(name -> !name.isEmpty())
        .map(name -> new OnDataset(name, fields.text("dataset_digest")));
  }
}
