package io.headrace.mlflow;

import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.Artifacts;
import io.headrace.tracking.DatasetInput;
import io.headrace.tracking.Metric;
import io.headrace.tracking.MetricHistory;
import io.headrace.tracking.MetricHistory.PointOfRun;
import io.headrace.tracking.Page;
import io.headrace.tracking.Run;
import io.headrace.tracking.RunInfo;
import io.headrace.tracking.RunLog.Pair;
import io.headrace.tracking.RunSearch;
import io.headrace.tracking.Runs;
import io.headrace.tracking.Status;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The calls below {@code /mlflow/runs}, {@code /mlflow/metrics} and {@code /mlflow/artifacts}. */
final class RunCalls {
  private static final int MOST_METRICS = 1_000;
  private static final int MOST_PARAMS = 100;
  private static final int MOST_TAGS = 100;
  private static final int MOST_IN_BATCH = 1_000;
  private static final int MOST_DATASETS = 1_000;
  private static final int MOST_SAMPLED = 100;
  private static final int MOST_POINTS = 2_500;

  private RunCalls() {}

  /** Empty for a route that is not known. */
  static Optional<ObjectNode> answer(Tracking tracking, String route, Fields fields)
      throws IOException {
    return switch (route) {
      case "POST /runs/create" -> Optional.of(create(tracking, fields));
      case "POST /runs/update" -> Optional.of(update(tracking, fields));
      case "GET /runs/get" -> Optional.of(one(tracking.runs().get(fields.runId())));
      case "POST /runs/search" -> Optional.of(search(tracking, fields));
      case "GET /metrics/get-history" -> Optional.of(history(tracking, fields));
      case "GET /metrics/get-history-bulk" -> Optional.of(bulk(tracking, fields));
      case "GET /metrics/get-history-bulk-interval" -> Optional.of(interval(tracking, fields));
      case "GET /artifacts/list" -> Optional.of(artifacts(tracking, fields));
      case "POST /artifacts/presigned-upload-url" -> throw noPresigned(tracking, fields, "upload");
      case "POST /artifacts/presigned-download-url" ->
          throw noPresigned(tracking, fields, "download");
      default -> write(tracking, route, fields);
    };
  }

  private static Optional<ObjectNode> write(Tracking tracking, String route, Fields fields) {
    switch (route) {
      case "POST /runs/log-metric" -> tracking.log().metric(fields.runId(), metric(fields));
      case "POST /runs/log-batch" -> batch(tracking, fields);
      case "POST /runs/log-parameter" -> tracking.log().param(fields.runId(), pair(fields));
      case "POST /runs/set-tag" -> tracking.log().tag(fields.runId(), pair(fields));
      case "POST /runs/delete-tag" ->
          tracking.log().deleteTag(fields.runId(), fields.required("key"));
      case "POST /runs/delete" -> tracking.runs().delete(fields.runId());
      case "POST /runs/restore" -> tracking.runs().restore(fields.runId());
      case "POST /runs/log-inputs" -> inputs(tracking, fields);
      case "POST /runs/outputs" -> outputs(tracking, fields);
      case "POST /runs/log-model" -> ModelHistory.append(tracking, fields);
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(Json.object());
  }

  private static ObjectNode create(Tracking tracking, Fields fields) {
    Run run =
        tracking
            .runs()
            .create(
                new Runs.NewRun(
                    fields.optional("experiment_id").filter(id -> !id.isEmpty()).orElse("0"),
                    fields.text("user_id"),
                    fields.text("run_name"),
                    fields.integer("start_time").orElse(0),
                    fields.pairs("tags")));
    return one(run);
  }

  private static ObjectNode one(Run run) {
    ObjectNode answer = Json.object();
    answer.set("run", Words.run(run));
    return answer;
  }

  private static ObjectNode update(Tracking tracking, Fields fields) {
    RunInfo info =
        tracking
            .runs()
            .update(
                fields.runId(),
                new Runs.Change(
                    status(fields), fields.integer("end_time"), fields.optional("run_name")));
    ObjectNode answer = Json.object();
    answer.set("run_info", Words.runInfo(info));
    return answer;
  }

  private static Optional<Status> status(Fields fields) {
    return switch (fields.choice("status")) {
      case "" -> Optional.empty();
      case "RUNNING", "1" -> Optional.of(Status.RUNNING);
      case "SCHEDULED", "2" -> Optional.of(Status.SCHEDULED);
      case "FINISHED", "3" -> Optional.of(Status.FINISHED);
      case "FAILED", "4" -> Optional.of(Status.FAILED);
      case "KILLED", "5" -> Optional.of(Status.KILLED);
      default -> throw fields.wrong("status");
    };
  }

  private static Pair pair(Fields fields) {
    return new Pair(fields.required("key"), fields.text("value"));
  }

  private static Metric metric(Fields fields) {
    String model = fields.text("model_id");
    return new Metric(
        fields.required("key"),
        fields.number("value"),
        fields.requiredInteger("timestamp"),
        fields.integer("step").orElse(0),
        model.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Metric.Subject(
                    model, fields.text("dataset_name"), fields.text("dataset_digest"))));
  }

  private static void batch(Tracking tracking, Fields fields) {
    String runId = fields.runId();
    List<Fields> metrics = atMost(fields, "metrics", MOST_METRICS);
    List<Fields> params = atMost(fields, "params", MOST_PARAMS);
    List<Fields> tags = atMost(fields, "tags", MOST_TAGS);
    if (metrics.size() + params.size() + tags.size() > MOST_IN_BATCH) {
      throw Refusal.invalid(
          "A batch logging request can contain at most %d metrics, params, and tags. Got %d metrics, params, and tags. Please split up metrics, params, and tags across multiple requests and try again."
              .formatted(MOST_IN_BATCH, metrics.size() + params.size() + tags.size()));
    }
    List<Metric> points = new ArrayList<>(metrics.size());
    for (Fields metric : metrics) {
      points.add(metric(metric));
    }
    tracking.log().log(
        runId,
        points,
        params.stream().map(RunCalls::pair).toList(),
        tags.stream().map(RunCalls::pair).toList());
  }

  private static List<Fields> atMost(Fields fields, String field, int most) {
    List<Fields> found = fields.objects(field);
    if (found.size() > most) {
      throw Refusal.invalid(
          "A batch logging request can contain at most %d %s. Got %d %s. Please split up %s across multiple requests and try again."
              .formatted(most, field, found.size(), field, field));
    }
    return found;
  }

  private static void inputs(Tracking tracking, Fields fields) {
    String runId = fields.runId();
    List<DatasetInput> datasets = new ArrayList<>();
    for (Fields input : atMost(fields, "datasets", MOST_DATASETS)) {
      Fields dataset = input.object("dataset");
      datasets.add(
          new DatasetInput(
              new DatasetInput.Dataset(
                  dataset.text("name"),
                  dataset.text("digest"),
                  dataset.text("source_type"),
                  dataset.text("source"),
                  dataset.text("schema"),
                  dataset.text("profile")),
              input.pairs("tags")));
    }
    List<String> models =
        fields.objects("models").stream().map(model -> model.required("model_id")).toList();
    tracking.log().inputs(runId, datasets, models);
  }

  private static void outputs(Tracking tracking, Fields fields) {
    String runId = fields.runId();
    fields.requiredList("models");
    List<Run.ModelOutput> models =
        fields.objects("models").stream()
            .map(model ->
                new Run.ModelOutput(model.required("model_id"), model.integer("step").orElse(0)))
            .toList();
    tracking.log().outputs(runId, models);
  }

  private static ObjectNode search(Tracking tracking, Fields fields) {
    Page<Run> page =
        tracking
            .runSearch()
            .search(
                new RunSearch.Question(
                    fields.texts("experiment_ids"),
                    fields.text("filter"),
                    ExperimentCalls.view(fields, "run_view_type"),
                    fields.texts("order_by"),
                    fields.pageSize("max_results", RunSearch.MOST).orElse(1_000),
                    fields.pageToken()));
    ObjectNode answer = Json.object();
    ArrayNode runs = Json.array();
    page.items().forEach(run -> runs.add(Words.run(run)));
    Json.putTold(answer, "runs", runs);
    return Words.next(answer, page.next());
  }

  private static ObjectNode history(Tracking tracking, Fields fields) {
    OptionalInt limit = fields.pageSize("max_results", Integer.MAX_VALUE);
    Page<Metric> page =
        tracking
            .history()
            .of(fields.runId(), fields.required("metric_key"), limit, fields.pageToken());
    ObjectNode answer = Json.object();
    ArrayNode metrics = Json.array();
    page.items().forEach(metric -> metrics.add(Words.metric(metric)));
    Json.putTold(answer, "metrics", metrics);
    return Words.next(answer, page.next());
  }

  private static ObjectNode bulk(Tracking tracking, Fields fields) {
    List<String> runs = new ArrayList<>(fields.texts("run_id"));
    runs.addAll(fields.texts("run_ids"));
    if (!runs.isEmpty() && !fields.has("metric_key")) {
      throw Refusal.invalid("GetMetricHistoryBulk request must specify a metric_key.");
    }
    return points(
        tracking
            .history()
            .ofRuns(
                runs,
                fields.required("metric_key"),
                fields.pageSize("max_results", Integer.MAX_VALUE).orElse(MetricHistory.MOST)));
  }

  private static ObjectNode interval(Tracking tracking, Fields fields) {
    List<String> runs = fields.texts("run_ids");
    if (runs.isEmpty()) {
      throw Refusal.missing("run_ids");
    }
    if (runs.size() > MOST_SAMPLED) {
      throw Refusal.invalid(
          "GetMetricHistoryBulkInterval request must specify at most %d run_ids. Received %d run_ids.%s"
              .formatted(MOST_SAMPLED, runs.size(), Refusal.MORE));
    }
    OptionalLong most = fields.integer("max_results");
    if (most.orElse(1) < 1 || most.orElse(1) > MOST_POINTS) {
      throw Refusal.invalid(
          "max_results must be between 1 and %d.%s".formatted(MOST_POINTS, Refusal.MORE));
    }
    OptionalLong first = fields.integer("start_step");
    OptionalLong last = fields.integer("end_step");
    if (first.isPresent() != last.isPresent()) {
      throw Refusal.invalid(
          "If either start step or end step are specified, both must be specified.");
    }
    if (first.isPresent() && first.getAsLong() > last.getAsLong()) {
      throw Refusal.invalid(
          "end_step must be greater than start_step. Found start_step=%d and end_step=%d."
              .formatted(first.getAsLong(), last.getAsLong()));
    }
    return points(
        tracking
            .history()
            .sampled(
                runs, fields.required("metric_key"), first, last, (int) most.orElse(MOST_POINTS)));
  }

  private static ObjectNode points(List<PointOfRun> points) {
    ObjectNode answer = Json.object();
    ArrayNode metrics = Json.array();
    points.forEach(point -> metrics.add(Words.metric(point.metric()).put("run_id", point.runId())));
    Json.putTold(answer, "metrics", metrics);
    return answer;
  }

  private static ObjectNode artifacts(Tracking tracking, Fields fields) throws IOException {
    Run run = tracking.runs().get(fields.runId());
    return listing(tracking, run.info().artifactUri(), fields.text("path"));
  }

  /** Clients then come through this server, as they do anyway. */
  private static Refusal noPresigned(Tracking tracking, Fields fields, String what) {
    ArtifactPath.of(fields.required("path"));
    if (fields.text("run_id").isEmpty() == fields.text("model_id").isEmpty()) {
      return Refusal.invalid("Exactly one of run_id and model_id must be provided.");
    }
    if (fields.text("model_id").isEmpty()) {
      tracking.runs().get(fields.runId());
    } else {
      tracking.models().get(fields.text("model_id"));
    }
    return Refusal.invalid(
        "Presigned %s is not supported for proxied artifact storage (artifact URI scheme: mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI."
            .formatted(what));
  }

  /** A folder below the root of a run or a model, with paths from that root. */
  static ObjectNode listing(Tracking tracking, String root, String path) throws IOException {
    ObjectNode answer = Json.object();
    answer.put("root_uri", root);
    ArtifactPath place = ArtifactCalls.within(root, path);
    List<Artifacts.Entry> entries = tracking.artifacts().list(place);
    String folder = ArtifactPath.of(path).toString();
    Json.putTold(answer, "files", Words.files(folder.isEmpty() ? "" : folder + "/", entries));
    return answer;
  }
}
