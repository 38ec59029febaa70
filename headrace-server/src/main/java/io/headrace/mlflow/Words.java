package io.headrace.mlflow;

import io.headrace.tracking.Artifacts;
import io.headrace.tracking.DatasetInput;
import io.headrace.tracking.Experiment;
import io.headrace.tracking.LoggedModel;
import io.headrace.tracking.Metric;
import io.headrace.tracking.Run;
import io.headrace.tracking.RunInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Our records in MLflow's JSON: names in snake case, what is not set left out. */
final class Words {
  private Words() {}

  static ObjectNode experiment(Experiment experiment) {
    ObjectNode node = Json.object();
    node.put("experiment_id", experiment.id());
    node.put("name", experiment.name());
    node.put("artifact_location", experiment.artifactLocation());
    node.put("lifecycle_stage", experiment.lifecycle().word());
    node.put("last_update_time", experiment.updated());
    node.put("creation_time", experiment.created());
    Json.putTold(node, "tags", pairs(experiment.tags()));
    // There is one, and no call knows of others.
    node.put("workspace", "default");
    return node;
  }

  private static ArrayNode pairs(Map<String, String> pairs) {
    ArrayNode list = Json.array();
    pairs.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return list;
  }

  static ObjectNode runInfo(RunInfo info) {
    ObjectNode node = Json.object();
    node.put("run_id", info.runId());
    node.put("run_uuid", info.runId());
    node.put("run_name", info.name());
    node.put("experiment_id", info.experimentId());
    node.put("user_id", info.user());
    node.put("status", info.status().name());
    node.put("start_time", info.started());
    info.ended().ifPresent(end -> node.put("end_time", end));
    node.put("artifact_uri", info.artifactUri());
    node.put("lifecycle_stage", info.lifecycle().word());
    return node;
  }

  static ObjectNode run(Run run) {
    ObjectNode node = Json.object();
    node.set("info", runInfo(run.info()));
    ObjectNode data = node.putObject("data");
    ArrayNode metrics = Json.array();
    run.metrics().forEach(metric -> metrics.add(metric(metric)));
    Json.putTold(data, "metrics", metrics);
    Json.putTold(data, "params", pairs(run.params()));
    Json.putTold(data, "tags", pairs(run.tags()));
    ObjectNode inputs = node.putObject("inputs");
    ArrayNode datasets = Json.array();
    run.inputs().forEach(input -> datasets.add(datasetInput(input)));
    Json.putTold(inputs, "dataset_inputs", datasets);
    ArrayNode models = Json.array();
    run.modelInputs().forEach(id -> models.addObject().put("model_id", id));
    Json.putTold(inputs, "model_inputs", models);
    ObjectNode outputs = node.putObject("outputs");
    ArrayNode made = Json.array();
    run.modelOutputs()
        .forEach(
            model -> made.addObject().put("model_id", model.modelId()).put("step", model.step()));
    Json.putTold(outputs, "model_outputs", made);
    return node;
  }

  static ObjectNode metric(Metric metric) {
    ObjectNode node = Json.object();
    node.put("key", metric.key());
    Json.putDouble(node, "value", metric.value());
    node.put("timestamp", metric.timestamp());
    node.put("step", metric.step());
    if (metric.subject().isPresent()) {
      Metric.Subject subject = metric.subject().get();
      Json.putTold(node, "dataset_name", subject.datasetName());
      Json.putTold(node, "dataset_digest", subject.datasetDigest());
      Json.putTold(node, "model_id", subject.modelId());
    }
    return node;
  }

  private static ObjectNode datasetInput(DatasetInput input) {
    ObjectNode node = Json.object();
    Json.putTold(node, "tags", pairs(input.tags()));
    DatasetInput.Dataset dataset = input.dataset();
    ObjectNode inner = node.putObject("dataset");
    inner.put("name", dataset.name());
    inner.put("digest", dataset.digest());
    inner.put("source_type", dataset.sourceType());
    inner.put("source", dataset.source());
    Json.putTold(inner, "schema", dataset.schema());
    Json.putTold(inner, "profile", dataset.profile());
    return node;
  }

  static ObjectNode model(LoggedModel model) {
    ObjectNode node = Json.object();
    ObjectNode info = node.putObject("info");
    info.put("model_id", model.id());
    info.put("experiment_id", model.experimentId());
    info.put("name", model.name());
    info.put("creation_timestamp_ms", model.created());
    info.put("last_updated_timestamp_ms", model.updated());
    info.put("artifact_uri", model.artifactUri());
    info.put("status", status(model.state()));
    info.put("model_type", model.type());
    info.put("source_run_id", model.sourceRunId());
    Json.putTold(info, "status_message", model.stateMessage());
    Json.putTold(info, "tags", pairs(model.tags()));
    ObjectNode data = node.putObject("data");
    Json.putTold(data, "params", pairs(model.params()));
    ArrayNode metrics = Json.array();
    for (LoggedModel.Measured measured : model.metrics()) {
      metrics.add(metric(measured.metric()).put("run_id", measured.runId()));
    }
    Json.putTold(data, "metrics", metrics);
    return node;
  }

  private static String status(LoggedModel.State state) {
    return switch (state) {
      case PENDING -> "LOGGED_MODEL_PENDING";
      case READY -> "LOGGED_MODEL_READY";
      case UPLOAD_FAILED -> "LOGGED_MODEL_UPLOAD_FAILED";
    };
  }

  /**
   * A folder's content.
   *
   * @param prefix put before each name: the folder's own path and a slash, or nothing
   */
  static ArrayNode files(String prefix, List<Artifacts.Entry> entries) {
    ArrayNode files = Json.array();
    for (Artifacts.Entry entry : entries) {
      ObjectNode file = files.addObject();
      file.put("path", prefix + entry.name());
      file.put("is_dir", entry.isFolder());
      if (!entry.isFolder()) {
        file.put("file_size", entry.size());
      }
    }
    return files;
  }

  /** Names the page that follows; nothing on the last. */
  static ObjectNode next(ObjectNode answer, Optional<String> token) {
    token.ifPresent(text -> answer.put("next_page_token", text));
    return answer;
  }
}
