package io.headrace.mlflow;

import io.headrace.tracking.Tracking;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tag in which clients before MLflow 3 keep what models a run logged: a JSON list. */
final class ModelHistory {
  private static final String TAG = "mlflow.log-model.history";

  private static final List<String> FIELDS =
      List.of("artifact_path", "flavors", "utc_time_created", "run_id");

  private ModelHistory() {}

  static void append(Tracking tracking, Fields fields) {
    String json = fields.required("model_json");
    String runId = fields.runId();
    ObjectNode model = read(json);
    List<String> missing = new ArrayList<>(FIELDS);
    missing.removeIf(model::has);
    if (!missing.isEmpty()) {
      throw Refusal.invalid(
          "Model json is missing mandatory fields: ['%s']".formatted(String.join("', '", missing)));
    }
    tracking.log().changeTag(runId, TAG, present -> appended(present, model));
  }

  private static ObjectNode read(String json) {
    try {
      return Json.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (Refusal e) {
      String shown = json.length() > 200 ? json.substring(0, 200) + "…" : json;
      throw Refusal.invalid("Malformed model info. \n %s \n is not a valid JSON.".formatted(shown));
    }
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
