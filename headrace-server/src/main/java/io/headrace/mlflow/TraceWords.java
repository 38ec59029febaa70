package io.headrace.mlflow;

import io.headrace.tracking.Assessment;
import io.headrace.tracking.Assessment.Failure;
import io.headrace.tracking.Assessment.Value;
import io.headrace.tracking.TraceInfo;
import io.headrace.tracking.Traces;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Traces and assessments in MLflow's JSON, and back. */
final class TraceWords {
  private TraceWords() {}

  static ObjectNode trace(TraceInfo info) {
    ObjectNode trace = Json.object();
    trace.set("trace_info", info(info));
    return trace;
  }

  static ObjectNode trace(Traces.Whole whole) {
    ObjectNode trace = trace(whole.info());
    ArrayNode spans = Json.array();
    whole.spans().forEach(span -> spans.add(OtlpSpan.answer(span)));
    Json.putTold(trace, "spans", spans);
    return trace;
  }

  static ObjectNode info(TraceInfo info) {
    ObjectNode node = Json.object();
    node.put("trace_id", info.traceId());
    info.clientRequestId().ifPresent(id -> node.put("client_request_id", id));
    ObjectNode location = node.putObject("trace_location");
    location.put("type", "MLFLOW_EXPERIMENT");
    location.putObject("mlflow_experiment").put("experiment_id", info.experimentId());
    info.requestPreview().ifPresent(text -> node.put("request_preview", text));
    info.responsePreview().ifPresent(text -> node.put("response_preview", text));
    node.put("request_time", time(info.started()));
    info.duration().ifPresent(millis -> node.put("execution_duration", duration(millis)));
    node.put("state", info.state().name());
    putMap(node, "trace_metadata", info.metadata());
    putMap(node, "tags", info.tags());
    ArrayNode assessments = Json.array();
    info.assessments().forEach(assessment -> assessments.add(assessment(assessment)));
    Json.putTold(node, "assessments", assessments);
    return node;
  }

  private static void putMap(ObjectNode node, String field, Map<String, String> map) {
    if (!map.isEmpty()) {
      ObjectNode inner = node.putObject(field);
      map.forEach(inner::put);
    }
  }

  /** As clients before MLflow 3 have it. */
  static ObjectNode old(TraceInfo info) {
    ObjectNode node = Json.object();
    node.put("request_id", info.traceId());
    node.put("experiment_id", info.experimentId());
    node.put("timestamp_ms", info.started());
    node.put("execution_time_ms", info.duration().orElse(0));
    node.put("status", info.state().name());
    putPairs(node, "request_metadata", info.metadata());
    putPairs(node, "tags", info.tags());
    return node;
  }

  private static void putPairs(ObjectNode node, String field, Map<String, String> map) {
    ArrayNode pairs = Json.array();
    map.forEach((key, value) -> pairs.addObject().put("key", key).put("value", value));
    Json.putTold(node, field, pairs);
  }

  static ObjectNode assessment(Assessment assessment) {
    ObjectNode node = Json.object();
    node.put("assessment_id", assessment.id());
    node.put("assessment_name", assessment.name());
    node.put("trace_id", assessment.traceId());
    assessment.spanId().ifPresent(id -> node.put("span_id", id));
    ObjectNode source = node.putObject("source").put("source_type", assessment.source().type());
    Json.putTold(source, "source_id", assessment.source().id());
    node.put("create_time", time(assessment.created()));
    node.put("last_update_time", time(assessment.updated()));
    putValue(node, assessment.value());
    assessment.rationale().ifPresent(text -> node.put("rationale", text));
    putMap(node, "metadata", assessment.metadata());
    assessment.overrides().ifPresent(id -> node.put("overrides", id));
    node.put("valid", assessment.valid());
    return node;
  }

  private static void putValue(ObjectNode node, Value value) {
    switch (value) {
      case Value.Feedback(String json, Optional<Failure> error) -> {
        ObjectNode feedback = node.putObject("feedback");
        feedback.set("value", parsed(json));
        error.ifPresent(failure -> {
          ObjectNode told = feedback.putObject("error").put("error_code", failure.code());
          failure.message().ifPresent(text -> told.put("error_message", text));
          failure.stackTrace().ifPresent(text -> told.put("stack_trace", text));
        });
      }
      case Value.Expectation(String json) -> {
        ObjectNode expectation = node.putObject("expectation");
        JsonNode parsed = parsed(json);
        if (parsed.isContainer()) {
          expectation
              .putObject("serialized_value")
              .put("serialization_format", "JSON_FORMAT")
              .put("value", json);
        } else {
          expectation.set("value", parsed);
        }
      }
      case Value.Issue(String title) -> node.putObject("issue").put("issue_name", title);
    }
  }

  private static JsonNode parsed(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static String duration(long millis) {
    String sign = millis < 0 ? "-" : "";
    long whole = Math.abs(millis);
    String seconds = sign + whole / 1_000;
    return whole % 1_000 == 0 ? seconds + "s" : seconds + ".%03ds".formatted(whole % 1_000);
  }

  /** The trace that a request describes. */
  static TraceInfo readInfo(Fields fields) {
    Fields location = fields.object("trace_location");
    List<Assessment> assessments = new ArrayList<>();
    String traceId = fields.text("trace_id");
    for (Fields assessment : fields.objects("assessments")) {
      assessments.add(readAssessment(assessment, traceId));
    }
    return new TraceInfo(
        traceId,
        location.object("mlflow_experiment").text("experiment_id"),
        readTime(fields, "request_time"),
        readDuration(fields, "execution_duration"),
        readState(fields, "state"),
        fields.optional("client_request_id"),
        fields.optional("request_preview"),
        fields.optional("response_preview"),
        map(fields, "trace_metadata"),
        map(fields, "tags"),
        assessments);
  }

  static TraceInfo.State readState(Fields fields, String field) {
    return switch (fields.choice(field)) {
      case "", "STATE_UNSPECIFIED", "TRACE_STATUS_UNSPECIFIED", "0" ->
          TraceInfo.State.STATE_UNSPECIFIED;
      case "OK", "1" -> TraceInfo.State.OK;
      case "ERROR", "2" -> TraceInfo.State.ERROR;
      case "IN_PROGRESS", "3" -> TraceInfo.State.IN_PROGRESS;
      default -> throw fields.wrong(field);
    };
  }

  static Map<String, String> map(Fields fields, String field) {
    if (!fields.has(field)) {
      return Map.of();
    }
    Fields object = fields.object(field);
    Map<String, String> map = new LinkedHashMap<>();
    for (String key : object.node().propertyNames()) {
      map.put(key, object.text(key));
    }
    return map;
  }

  /** Epoch milliseconds; 0 when not told. */
  private static long readTime(Fields fields, String field) {
    String text = fields.text(field);
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw fields.wrong(field);
    }
  }

  private static OptionalLong readDuration(Fields fields, String field) {
    String text = fields.text(field);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(
          new java.math.BigDecimal(text.substring(0, text.length() - 1))
              .movePointRight(3)
              .setScale(0, java.math.RoundingMode.DOWN)
              .longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw fields.wrong(field);
    }
  }

  static Assessment readAssessment(Fields fields, String traceId) {
    Fields source = fields.has("source") ? fields.object("source") : new Fields(Json.object());
    return new Assessment(
        fields.text("assessment_id"),
        traceId,
        fields.text("assessment_name"),
        readValue(fields).orElseThrow(() -> Refusal.invalid("Unknown assessment type: None")),
        new Assessment.Source(sourceType(source), source.text("source_id")),
        readTime(fields, "create_time"),
        readTime(fields, "last_update_time"),
        fields.optional("span_id").filter(id -> !id.isEmpty()),
        fields.optional("rationale"),
        map(fields, "metadata"),
        fields.optional("overrides").filter(id -> !id.isEmpty()),
        true);
  }

  private static String sourceType(Fields source) {
    return switch (source.choice("source_type")) {
      case "HUMAN", "1" -> "HUMAN";
      case "LLM_JUDGE", "2" -> "LLM_JUDGE";
      case "CODE", "3" -> "CODE";
      default -> "SOURCE_TYPE_UNSPECIFIED";
    };
  }

  /** Empty when none is told. */
  static Optional<Value> readValue(Fields fields) {
    if (fields.has("expectation")) {
      return Optional.of(new Value.Expectation(expectation(fields.object("expectation"))));
    }
    if (fields.has("feedback")) {
      Fields feedback = fields.object("feedback");
      return Optional.of(
          new Value.Feedback(
              feedback.json("value"),
              feedback.has("error") || fields.has("error")
                  ? Optional.of(
                      failure((feedback.has("error") ? feedback : fields).object("error")))
                  : Optional.empty()));
    }
    if (fields.has("issue")) {
      return Optional.of(new Value.Issue(fields.object("issue").text("issue_name")));
    }
    return Optional.empty();
  }

  private static String expectation(Fields fields) {
    if (!fields.has("serialized_value")) {
      return fields.json("value");
    }
    Fields serialized = fields.object("serialized_value");
    String format = serialized.text("serialization_format");
    if (!format.equals("JSON_FORMAT")) {
      throw Refusal.invalid(
          "Unknown serialization format: %s. Only JSON_FORMAT is supported.".formatted(format));
    }
    String json = serialized.text("value");
    parsed(json);
    return json;
  }

  private static Failure failure(Fields fields) {
    return new Failure(
        fields.text("error_code"),
        fields.optional("error_message"),
        fields.optional("stack_trace"));
  }
}
