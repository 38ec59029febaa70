package io.headrace.mlflow;

import io.headrace.tracking.Span;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A span as OpenTelemetry has it, and the JSON in which we keep it: that of MLflow's own store,
 * where each attribute is JSON as text, so that filters find the same in both.
 */
record OtlpSpan(Span span) {
  /** Before the id of a trace. */
  static final String TRACE = "tr-";

  private static final String REQUEST_ID = "mlflow.traceRequestId";
  private static final String TYPE = "mlflow.spanType";
  private static final String TAG = "mlflow.traceTag.";

  /** What is gathered while a span is read. */
  static final class Draft {
    String traceId = "";
    String spanId = "";
    String parentId = "";
    String name = "";
    long started;
    long ended;
    int statusCode;
    String statusMessage = "";
    final ObjectNode attributes = Json.object();
    final ArrayNode events = Json.array();
    final ArrayNode links = Json.array();
    private final ObjectNode resource;

    Draft(ObjectNode resource) {
      this.resource = resource;
    }

    OtlpSpan finish() {
      if (traceId.isEmpty() || spanId.isEmpty()) {
        throw new Refusal(
            Refusal.Code.UNPROCESSABLE, "Cannot convert OpenTelemetry span to MLflow span");
      }
      String trace = TRACE + traceId;
      attributes.put(REQUEST_ID, trace);
      return new OtlpSpan(
          new Span(
              trace,
              spanId,
              parentId,
              name,
              text(attributes, TYPE).orElse(""),
              status(),
              started,
              ended,
              new String(Json.bytes(content()), java.nio.charset.StandardCharsets.UTF_8),
              said()));
    }

    private Span.Status status() {
      return switch (statusCode) {
        case 1 -> Span.Status.OK;
        case 2 -> Span.Status.ERROR;
        default -> Span.Status.UNSET;
      };
    }

    private ObjectNode content() {
      ObjectNode content = Json.object();
      content.put("trace_id", base64(traceId));
      content.put("span_id", base64(spanId));
      if (parentId.isEmpty()) {
        content.putNull("parent_span_id");
      } else {
        content.put("parent_span_id", base64(parentId));
      }
      content.put("name", name);
      content.put("start_time_unix_nano", started);
      content.put("end_time_unix_nano", ended);
      content.set("events", events);
      content
          .putObject("status")
          .put("code", "STATUS_CODE_" + status().name())
          .put("message", statusMessage);
      ObjectNode kept = content.putObject("attributes");
      attributes.forEachEntry((key, value) -> kept.put(key, Json.text(value)));
      content.set("links", links);
      return content;
    }

    private Span.Said said() {
      Map<String, String> tags = new HashMap<>();
      attributes.forEachEntry((key, value) -> {
        if (key.startsWith(TAG)) {
          tags.put(key.substring(TAG.length()), plain(value));
        }
      });
      Map<String, String> about = new HashMap<>();
      resource.forEachEntry((key, value) -> {
        if (!key.startsWith("telemetry.sdk.") && !key.startsWith("mlflow.")) {
          about.put(key, plain(value));
        }
      });
      return new Span.Said(
          value("mlflow.spanInputs"),
          value("mlflow.spanOutputs"),
          text(attributes, "session.id").or(() -> text(attributes, "gen_ai.conversation.id")),
          text(attributes, "user.id"),
          tags,
          about);
    }

    private Optional<String> value(String attribute) {
      return Optional.ofNullable(attributes.get(attribute)).map(Json::text);
    }

    private static Optional<String> text(ObjectNode node, String field) {
      return Optional.ofNullable(node.get(field))
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .filter(text -> !text.isEmpty());
    }

    private static String plain(JsonNode value) {
      return value.isString() ? value.stringValue() : Json.text(value);
    }

    private static String base64(String hex) {
      try {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
      } catch (IllegalArgumentException e) {
        throw ProtoReader.bad();
      }
    }
  }

  /** A span that we kept, as an answer tells it. */
  static ObjectNode answer(String content) {
    ObjectNode kept = Json.parse(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ObjectNode span = Json.object();
    for (String field : new String[] {"trace_id", "span_id", "parent_span_id", "name"}) {
      if (kept.path(field).isString()) {
        span.put(field, kept.path(field).stringValue());
      }
    }
    span.put("start_time_unix_nano", kept.path("start_time_unix_nano").longValue());
    if (kept.path("end_time_unix_nano").longValue() != 0) {
      span.put("end_time_unix_nano", kept.path("end_time_unix_nano").longValue());
    }
    ObjectNode attributes = Json.object();
    kept.path("attributes")
        .forEachEntry((key, value) ->
            attributes.set(
                key,
                Json.read(value.stringValue().getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    span.set("attributes", OtlpJson.attributes(attributes));
    ArrayNode events = span.putArray("events");
    for (JsonNode event : kept.path("events")) {
      ObjectNode told = events.addObject();
      told.put("time_unix_nano", event.path("time_unix_nano").longValue());
      told.put("name", event.path("name").stringValue());
      told.set("attributes", OtlpJson.attributes((ObjectNode) event.path("attributes")));
    }
    ArrayNode links = span.putArray("links");
    for (JsonNode link : kept.path("links")) {
      ObjectNode told = links.addObject();
      told.put("trace_id", Draft.base64(link.path("trace_id").stringValue().substring(3)));
      told.put("span_id", Draft.base64(link.path("span_id").stringValue()));
      told.set("attributes", OtlpJson.attributes((ObjectNode) link.path("attributes")));
    }
    ObjectNode status = span.putObject("status");
    status.put("code", kept.at("/status/code").stringValue());
    Json.putTold(status, "message", kept.at("/status/message").stringValue());
    return span;
  }
}
