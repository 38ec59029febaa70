package io.headrace.mlflow;

import static io.headrace.access.Role.ADMIN;
import static io.headrace.access.Role.CONTRIBUTOR;
import static io.headrace.access.Role.READER;
import static io.headrace.http.Needs.entry;
import static io.headrace.http.Needs.role;
import static io.headrace.mlflow.Subject.*;

import io.headrace.access.Role;
import io.headrace.http.Concern;
import io.headrace.http.Needs;
import io.headrace.http.Route;
import io.headrace.http.Route.Trail;
import java.util.ArrayList;
import java.util.List;

/** Every call of MLflow's API that is answered, and what it takes to make it. */
final class MlflowRoutes {
  /** The versions of the API under which the calls are. Old clients also say {@code preview}. */
  private static final List<String> PREFIXES =
      List.of(
          "/api/2.0",
          "/ajax-api/2.0",
          "/api/3.0",
          "/ajax-api/3.0",
          "/api/2.0/preview",
          "/ajax-api/2.0/preview",
          "/api/3.0/preview",
          "/ajax-api/3.0/preview");

  private final List<Route> routes = new ArrayList<>();

  private MlflowRoutes() {}

  /** All of them, those of the API under each prefix. */
  static List<Route> all() {
    MlflowRoutes api = new MlflowRoutes();
    api.experiments();
    api.runs();
    api.loggedModels();
    api.traces();
    api.datasets();
    api.registeredModels();
    api.modelVersions();
    api.files();
    List<Route> all = new ArrayList<>(alone());
    for (String prefix : PREFIXES) {
      api.routes.forEach(route -> all.add(route.below(prefix)));
    }
    return all;
  }

  private static List<Route> alone() {
    return List.of(
        Route.of("GET", "/health", Needs.nothing()),
        Route.of("GET", "/version", Needs.nothing()),
        Route.of("GET", "/get-artifact", role(READER, RUN)),
        Route.of("GET", "/model-versions/get-artifact", role(READER, MODEL)),
        Route.of(
                "POST",
                TraceIntake.PATH,
                role(CONTRIBUTOR, EXPERIMENT_HEADER).and(CONTRIBUTOR, RUN_HEADER))
            .with(Trail.FIRST));
  }

  private void experiments() {
    get("/experiments/get", role(READER, EXPERIMENT));
    get("/experiments/get-by-name", role(READER, EXPERIMENT_NAME));
    find("/experiments/search");
    ask("/experiments/search-datasets", entry());
    post("/experiments/create", CONTRIBUTOR, Concern.EVERYTHING);
    post("/experiments/delete", ADMIN, EXPERIMENT);
    post("/experiments/restore", ADMIN, EXPERIMENT);
    post("/experiments/update", ADMIN, EXPERIMENT);
    post("/experiments/set-experiment-tag", CONTRIBUTOR, EXPERIMENT);
    post("/experiments/delete-experiment-tag", CONTRIBUTOR, EXPERIMENT);
  }

  private void runs() {
    get("/server-info", entry());
    get("/runs/get", role(READER, RUN));
    ask("/runs/search", entry());
    get("/metrics/get-history", role(READER, RUN));
    get("/metrics/get-history-bulk", role(READER, RUNS));
    get("/metrics/get-history-bulk-interval", role(READER, RUNS));
    get("/artifacts/list", role(READER, RUN));
    ask("/artifacts/presigned-upload-url", role(CONTRIBUTOR, RUN_OR_LOGGED_MODEL));
    ask("/artifacts/presigned-download-url", role(READER, RUN_OR_LOGGED_MODEL));
    post("/runs/create", CONTRIBUTOR, EXPERIMENT_OR_DEFAULT);
    post("/runs/update", CONTRIBUTOR, RUN);
    post("/runs/delete", CONTRIBUTOR, RUN);
    post("/runs/restore", CONTRIBUTOR, RUN);
    post("/runs/delete-tag", CONTRIBUTOR, RUN);
    log("/runs/log-metric", role(CONTRIBUTOR, RUN).and(CONTRIBUTOR, METRIC_MODELS));
    log("/runs/log-batch", role(CONTRIBUTOR, RUN).and(CONTRIBUTOR, METRIC_MODELS));
    log("/runs/log-parameter", role(CONTRIBUTOR, RUN));
    log("/runs/set-tag", role(CONTRIBUTOR, RUN));
    log("/runs/log-inputs", role(CONTRIBUTOR, RUN).and(CONTRIBUTOR, LOGGED_MODELS));
    log("/runs/outputs", role(CONTRIBUTOR, RUN).and(CONTRIBUTOR, LOGGED_MODELS));
    log("/runs/log-model", role(CONTRIBUTOR, RUN));
    log("/upload-artifact", role(CONTRIBUTOR, RUN));
  }

  private void loggedModels() {
    add("POST", "/logged-models", role(CONTRIBUTOR, EXPERIMENT).and(CONTRIBUTOR, SOURCE_RUN));
    ask("/logged-models/search", entry());
    get("/logged-models/{model}", role(READER, LOGGED_MODEL));
    get("/logged-models/{model}/artifacts/directories", role(READER, LOGGED_MODEL));
    add("PATCH", "/logged-models/{model}", role(CONTRIBUTOR, LOGGED_MODEL));
    add("DELETE", "/logged-models/{model}", role(CONTRIBUTOR, LOGGED_MODEL));
    add("PATCH", "/logged-models/{model}/tags", role(CONTRIBUTOR, LOGGED_MODEL));
    add("DELETE", "/logged-models/{model}/tags/{key}", role(CONTRIBUTOR, LOGGED_MODEL));
    add("POST", "/logged-models/{model}/params", role(CONTRIBUTOR, LOGGED_MODEL));
  }

  private void traces() {
    routes.add(Route.of("POST", "/mlflow/traces", role(CONTRIBUTOR, NEW_TRACE)).with(Trail.FIRST));
    get("/traces", entry());
    ask("/traces/search", entry());
    get("/traces/get", role(READER, TRACE_ID));
    get("/traces/batchGet", role(READER, TRACE_IDS));
    ask("/traces/batchGetInfos", role(READER, TRACE_IDS));
    ask("/traces/calculate-filter-correlation", role(READER, EXPERIMENTS));
    post("/traces/delete-traces", CONTRIBUTOR, EXPERIMENT);
    log("/traces/link-to-run", role(CONTRIBUTOR, RUN).and(CONTRIBUTOR, TRACE_IDS));
    log("/traces/link-prompts", role(CONTRIBUTOR, TRACE_ID));
    get("/traces/{trace}", role(READER, TRACE));
    get("/traces/{trace}/info", role(READER, TRACE));
    routes.add(
        Route.of("PATCH", "/mlflow/traces/{trace}", role(CONTRIBUTOR, TRACE)).with(Trail.FIRST));
    add("PATCH", "/traces/{trace}/tags", role(CONTRIBUTOR, TRACE));
    add("DELETE", "/traces/{trace}/tags", role(CONTRIBUTOR, TRACE));
    add("POST", "/traces/{trace}/assessments", role(CONTRIBUTOR, TRACE));
    get("/traces/{trace}/assessments/{assessment}", role(READER, TRACE));
    add("PATCH", "/traces/{trace}/assessments/{assessment}", role(CONTRIBUTOR, TRACE));
    add("DELETE", "/traces/{trace}/assessments/{assessment}", role(CONTRIBUTOR, TRACE));
  }

  private void datasets() {
    find("/datasets/search");
    post("/datasets/create", CONTRIBUTOR, EXPERIMENTS);
    get("/datasets/{dataset}", role(READER, DATASET));
    get("/datasets/{dataset}/records", role(READER, DATASET));
    get("/datasets/{dataset}/experiment-ids", role(READER, DATASET));
    add("DELETE", "/datasets/{dataset}", role(CONTRIBUTOR, DATASET));
    add("PATCH", "/datasets/{dataset}/tags", role(CONTRIBUTOR, DATASET));
    add("DELETE", "/datasets/{dataset}/tags/{key}", role(CONTRIBUTOR, DATASET));
    add("POST", "/datasets/{dataset}/records", role(CONTRIBUTOR, DATASET));
    add("DELETE", "/datasets/{dataset}/records", role(CONTRIBUTOR, DATASET));
    add(
        "POST",
        "/datasets/{dataset}/add-experiments",
        role(CONTRIBUTOR, DATASET).and(CONTRIBUTOR, EXPERIMENTS));
    add(
        "POST",
        "/datasets/{dataset}/remove-experiments",
        role(CONTRIBUTOR, DATASET).and(CONTRIBUTOR, EXPERIMENTS));
  }

  private void registeredModels() {
    find("/registered-models/search");
    get("/registered-models/get", role(READER, MODEL));
    get("/registered-models/get-latest-versions", role(READER, MODEL));
    ask("/registered-models/get-latest-versions", role(READER, MODEL));
    get("/registered-models/alias", role(READER, MODEL));
    post("/registered-models/create", CONTRIBUTOR, MODEL);
    add("PATCH", "/registered-models/update", role(CONTRIBUTOR, MODEL));
    post("/registered-models/update", CONTRIBUTOR, MODEL);
    add("POST", "/registered-models/rename", role(ADMIN, MODEL).and(ADMIN, NEW_MODEL));
    add("DELETE", "/registered-models/delete", role(ADMIN, MODEL));
    post("/registered-models/set-tag", CONTRIBUTOR, MODEL);
    add("DELETE", "/registered-models/delete-tag", role(CONTRIBUTOR, MODEL));
    post("/registered-models/alias", CONTRIBUTOR, MODEL);
    add("DELETE", "/registered-models/alias", role(CONTRIBUTOR, MODEL));
    for (String path : List.of("/webhooks", "/webhooks/{webhook}")) {
      get(path, role(ADMIN, Concern.EVERYTHING));
    }
    post("/webhooks", ADMIN, Concern.EVERYTHING);
    add("PATCH", "/webhooks/{webhook}", role(ADMIN, Concern.EVERYTHING));
    add("DELETE", "/webhooks/{webhook}", role(ADMIN, Concern.EVERYTHING));
    post("/webhooks/{webhook}/test", ADMIN, Concern.EVERYTHING);
  }

  private void modelVersions() {
    find("/model-versions/search");
    get("/model-versions/get", role(READER, MODEL));
    get("/model-versions/get-download-uri", role(READER, MODEL));
    add("POST", "/model-versions/create", role(CONTRIBUTOR, MODEL).and(READER, SOURCE));
    add("PATCH", "/model-versions/update", role(CONTRIBUTOR, MODEL));
    post("/model-versions/update", CONTRIBUTOR, MODEL);
    post("/model-versions/transition-stage", CONTRIBUTOR, MODEL);
    add("DELETE", "/model-versions/delete", role(ADMIN, MODEL));
    post("/model-versions/set-tag", CONTRIBUTOR, MODEL);
    add("DELETE", "/model-versions/delete-tag", role(CONTRIBUTOR, MODEL));
  }

  private void files() {
    String files = "/mlflow-artifacts/artifacts";
    routes.add(Route.of("GET", files, role(READER, FILES_FIELD)));
    routes.add(Route.of("GET", files + "/{path...}", role(READER, FILES)));
    routes.add(Route.of("PUT", files + "/{path...}", role(CONTRIBUTOR, FILES)).with(Trail.FIRST));
    routes.add(Route.of("DELETE", files + "/{path...}", role(CONTRIBUTOR, FILES)));
    routes.add(Route.of("GET", "/mlflow-artifacts/presigned/{path...}", role(READER, FILES)));
    for (String step : List.of("create", "complete", "abort")) {
      String path = PartCalls.FOLDER + step;
      routes.add(Route.of("POST", path + "/{path...}", role(CONTRIBUTOR, FILES)).with(Trail.FIRST));
      // A file that is in no folder is in no experiment's.
      routes.add(Route.of("POST", path, role(CONTRIBUTOR, Concern.EVERYTHING)).with(Trail.FIRST));
    }
    routes.add(
        Route.of("PUT", PartCalls.FOLDER + "part/{upload}/{number}", role(CONTRIBUTOR, UPLOAD))
            .with(Trail.NONE));
  }

  private void add(String method, String path, Needs needs) {
    routes.add(Route.of(method, "/mlflow" + path, needs));
  }

  private void get(String path, Needs needs) {
    add("GET", path, needs);
  }

  private void post(String path, Role role, Concern concern) {
    add("POST", path, role(role, concern));
  }

  /** A question whose fields are too many for a GET. */
  private void ask(String path, Needs needs) {
    routes.add(Route.of("POST", "/mlflow" + path, needs).with(Trail.NONE));
  }

  /** A search that is asked either way. */
  private void find(String path) {
    get(path, entry());
    ask(path, entry());
  }

  /** What a run writes again and again. */
  private void log(String path, Needs needs) {
    routes.add(Route.of("POST", "/mlflow" + path, needs).with(Trail.FIRST));
  }
}
