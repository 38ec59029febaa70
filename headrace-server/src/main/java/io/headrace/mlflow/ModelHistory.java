package io.headrace.mlflow;

import io.headrace.tracking.Tracking;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tag in which clients before MLflow 3 keep what models a run logged: a JSON list. */
final class ModelHistory {
  private static final String TAG = "mlflow.log-model.history";

  private ModelHistory() {}

  static void append(Tracking tracking, Fields fields) {
    String json = fields.required("model_json");
    ObjectNode model = Json.parse(json.getBytes(StandardCharsets.UTF_8));
    for (String field : new String[] {"artifact_path", "flavors", "utc_time_created", "run_id"}) {
      if (!model.has(field)) {
        throw Refusal.invalid("Model json is missing mandatory field: " + field);
      }
    }
    tracking.log().changeTag(fields.runId(), TAG, present -> appended(present, model));
  }

  private static String appended(Optional<String> present, ObjectNode model) {
    ArrayNode models = Json.array();
    if (present.isPresent()) {
      byte[] wrapped = ("{\"models\":" + present.get() + "}").getBytes(StandardCharsets.UTF_8);
      if (Json.parse(wrapped).get("models") instanceof ArrayNode known) {
        models.addAll(known);
      }
    }
    models.add(model);
    return new String(Json.bytes(models), StandardCharsets.UTF_8);
  }
}
