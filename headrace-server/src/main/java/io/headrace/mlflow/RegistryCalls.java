package io.headrace.mlflow;

import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.name.Visible;
import io.headrace.registry.ModelVersion;
import io.headrace.registry.ModelVersions.NewVersion;
import io.headrace.registry.RegisteredModel;
import io.headrace.registry.Registry;
import io.headrace.registry.RegistrySearch;
import io.headrace.registry.RegistrySearch.Question;
import io.headrace.tracking.Page;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/registered-models} and {@code /mlflow/model-versions}. */
final class RegistryCalls {
  /** MLflow's server knows no users. */
  private static final String NOBODY = "";

  private RegistryCalls() {}

  static boolean answers(String path) {
    return path.startsWith("/registered-models/") || path.startsWith("/model-versions/");
  }

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(Registry registry, String route, Fields given, Visible visible)
      throws IOException {
    Strict fields = new Strict(given.node(), route.startsWith("GET "));
    Optional<ObjectNode> answer = models(registry, route, fields, visible);
    return answer.isPresent() ? answer : versions(registry, route, fields, visible);
  }

  private static Optional<ObjectNode> models(
      Registry registry, String route, Strict fields, Visible visible) {
    return switch (route) {
      case "POST /registered-models/create" -> Optional.of(create(registry, fields));
      case "GET /registered-models/get" ->
          Optional.of(model(registry.models().get(fields.required("name"))));
      case "PATCH /registered-models/update", "POST /registered-models/update" ->
          Optional.of(
              model(
                  registry
                      .models()
                      .update(
                          fields.required("name"),
                          fields.text("description"),
                          fields.optional("deployment_job_id"))));
      case "POST /registered-models/rename" ->
          Optional.of(
              model(
                  registry.models().rename(fields.required("name"), fields.required("new_name"))));
      case "DELETE /registered-models/delete" -> {
        registry.models().delete(fields.required("name"));
        yield Optional.of(Json.object());
      }
      case "GET /registered-models/search", "POST /registered-models/search" ->
          Optional.of(searchModels(registry, fields, visible));
      case "GET /registered-models/get-latest-versions",
          "POST /registered-models/get-latest-versions" -> {
        String name = fields.required("name");
        yield Optional.of(
            put(
                "model_versions",
                RegistryWords.versions(registry.models().latest(name, fields.texts("stages")))));
      }
      default -> modelParts(registry, route, fields);
    };
  }

  private static Optional<ObjectNode> modelParts(Registry registry, String route, Strict fields) {
    switch (route) {
      case "POST /registered-models/set-tag" ->
          registry
              .models()
              .setTag(fields.required("name"), fields.required("key"), fields.text("value"));
      case "DELETE /registered-models/delete-tag" ->
          registry.models().deleteTag(fields.required("name"), fields.required("key"));
      case "POST /registered-models/alias" ->
          registry
              .aliases()
              .set(
                  fields.required("name"),
                  fields.required("alias"),
                  fields.required("version"),
                  NOBODY);
      case "DELETE /registered-models/alias" ->
          registry.aliases().delete(fields.required("name"), fields.required("alias"), NOBODY);
      case "GET /registered-models/alias" -> {
        return Optional.of(
            version(registry.aliases().version(fields.required("name"), fields.required("alias"))));
      }
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(Json.object());
  }

  private static Optional<ObjectNode> versions(
      Registry registry, String route, Strict fields, Visible visible) throws IOException {
    return switch (route) {
      case "POST /model-versions/create" -> Optional.of(createVersion(registry, fields));
      case "GET /model-versions/get" ->
          Optional.of(
              version(
                  registry.versions().get(fields.required("name"), fields.required("version"))));
      case "PATCH /model-versions/update", "POST /model-versions/update" ->
          Optional.of(
              version(
                  registry
                      .versions()
                      .update(
                          fields.required("name"),
                          fields.required("version"),
                          fields.optional("description"))));
      case "POST /model-versions/transition-stage" ->
          Optional.of(
              version(
                  registry
                      .versions()
                      .transition(
                          fields.required("name"),
                          fields.required("version"),
                          fields.required("stage"),
                          fields.flag("archive_existing_versions"))));
      case "GET /model-versions/search", "POST /model-versions/search" ->
          Optional.of(searchVersions(registry, fields, visible));
      case "GET /model-versions/get-download-uri" ->
          Optional.of(
              Json.object()
                  .put(
                      "artifact_uri",
                      registry
                          .versions()
                          .downloadUri(fields.text("name"), fields.text("version"))));
      default -> versionParts(registry, route, fields);
    };
  }

  private static Optional<ObjectNode> versionParts(Registry registry, String route, Strict fields) {
    switch (route) {
      case "DELETE /model-versions/delete" ->
          registry.versions().delete(fields.required("name"), fields.required("version"), NOBODY);
      case "POST /model-versions/set-tag" ->
          registry
              .versions()
              .setTag(
                  fields.required("name"),
                  fields.required("version"),
                  fields.required("key"),
                  fields.text("value"));
      case "DELETE /model-versions/delete-tag" ->
          registry
              .versions()
              .deleteTag(
                  fields.required("name"), fields.required("version"), fields.required("key"));
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(Json.object());
  }

  private static ObjectNode put(String field, ArrayNode list) {
    ObjectNode answer = Json.object();
    Json.putTold(answer, field, list);
    return answer;
  }

  private static ObjectNode model(RegisteredModel model) {
    ObjectNode answer = Json.object();
    answer.set("registered_model", RegistryWords.model(model));
    return answer;
  }

  private static ObjectNode version(ModelVersion version) {
    ObjectNode answer = Json.object();
    answer.set("model_version", RegistryWords.version(version));
    return answer;
  }

  private static ObjectNode create(Registry registry, Strict fields) {
    return model(
        registry
            .models()
            .create(
                fields.required("name"),
                fields.pairs("tags"),
                fields.text("description"),
                fields.text("deployment_job_id")));
  }

  private static ObjectNode createVersion(Registry registry, Strict fields) throws IOException {
    String name = fields.required("name");
    String source = fields.required("source");
    Optional<String> run = fields.optional("run_id");
    var tags = fields.pairs("tags");
    String link = fields.text("run_link");
    String description = fields.text("description");
    Optional<String> model = fields.optional("model_id");
    return version(
        registry
            .versions()
            .create(new NewVersion(name, source, run, model, link, description, tags), NOBODY));
  }

  private static ObjectNode searchModels(Registry registry, Strict fields, Visible visible) {
    Question question = question(fields, visible, 100, RegistrySearch.MOST_MODELS);
    if (question.limit() < 0) {
      throw Refusal.wrong("max_results", Integer.toString(question.limit()), "int");
    }
    Page<RegisteredModel> page = registry.search().models(question);
    ArrayNode models = Json.array();
    page.items().forEach(it -> models.add(RegistryWords.model(it)));
    return Words.next(put("registered_models", models), page.next());
  }

  private static Question question(Strict fields, Visible visible, int otherwise, int most) {
    String filter = fields.text("filter");
    int limit = fields.limit("max_results", otherwise, most);
    return new Question(visible, filter, fields.texts("order_by"), limit, fields.pageToken());
  }

  private static ObjectNode searchVersions(Registry registry, Strict fields, Visible visible) {
    Question question =
        question(fields, visible, RegistrySearch.MOST_VERSIONS, RegistrySearch.MOST_VERSIONS);
    if (question.limit() < 1) {
      throw Refusal.invalid(
          "Invalid value for max_results. It must be a positive integer, but got "
              + question.limit());
    }
    Page<ModelVersion> page = registry.search().versions(question);
    return Words.next(put("model_versions", RegistryWords.versions(page.items())), page.next());
  }

  /** A file of a version: of the bytes that it was registered with. */
  static Answer file(Registry registry, Tracking tracking, Call call, Strict fields)
      throws IOException {
    if (!call.method().equals("GET")) {
      throw MlflowApi.unknown(call);
    }
    String root =
        registry.versions().frozenUri(fields.required("name"), fields.required("version"));
    return ArtifactCalls.get(
        tracking.artifacts(), ArtifactCalls.within(root, fields.required("path")), call);
  }
}
