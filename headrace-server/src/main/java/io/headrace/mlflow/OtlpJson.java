package io.headrace.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenTelemetry's JSON: what exporters send, with ids in hexadecimal and names in camel case; and
 * the values of attributes, which MLflow's answers have too.
 */
final class OtlpJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private OtlpJson() {}

  static List<OtlpSpan> read(byte[] body) {
    List<OtlpSpan> spans = new ArrayList<>();
    for (JsonNode resourceSpans : list(Json.parse(body), "resourceSpans")) {
      ObjectNode resource = pairs(list(resourceSpans.path("resource"), "attributes"));
      for (JsonNode scope : list(resourceSpans, "scopeSpans")) {
        for (JsonNode span : list(scope, "spans")) {
          spans.add(span(span, resource));
        }
      }
    }
    return spans;
  }

  private static Iterable<JsonNode> list(JsonNode node, String field) {
    return node.get(field) instanceof ArrayNode list ? list : List.of();
  }

  private static OtlpSpan span(JsonNode node, ObjectNode resource) {
    OtlpSpan.Draft span = new OtlpSpan.Draft(resource);
    span.traceId = text(node, "traceId");
    span.spanId = text(node, "spanId");
    span.parentId = text(node, "parentSpanId");
    span.name = text(node, "name");
    span.started = number(node, "startTimeUnixNano");
    span.ended = number(node, "endTimeUnixNano");
    span.attributes.setAll(pairs(list(node, "attributes")));
    for (JsonNode event : list(node, "events")) {
      ObjectNode kept = span.events.addObject();
      kept.put("name", text(event, "name"));
      kept.put("time_unix_nano", number(event, "timeUnixNano"));
      kept.set("attributes", pairs(list(event, "attributes")));
    }
    for (JsonNode link : list(node, "links")) {
      ObjectNode kept = span.links.addObject();
      kept.put("trace_id", OtlpSpan.TRACE + text(link, "traceId"));
      kept.put("span_id", text(link, "spanId"));
      kept.set("attributes", pairs(list(link, "attributes")));
    }
    JsonNode status = node.path("status");
    span.statusMessage = text(status, "message");
    span.statusCode = code(status.path("code"));
    return span.finish();
  }

  private static int code(JsonNode code) {
    return switch (code.isString() ? code.stringValue() : code.toString()) {
      case "STATUS_CODE_OK", "1" -> 1;
      case "STATUS_CODE_ERROR", "2" -> 2;
      default -> 0;
    };
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw ProtoReader.bad();
    }
    return value.stringValue();
  }

  private static long number(JsonNode node, String field) {
    return new Fields(node instanceof ObjectNode object ? object : Json.object())
        .integer(field)
        .orElse(0);
  }

  private static ObjectNode pairs(Iterable<JsonNode> list) {
    ObjectNode pairs = Json.object();
    for (JsonNode pair : list) {
      pairs.set(text(pair, "key"), plain(pair.path("value")));
    }
    return pairs;
  }

  /** The value that OpenTelemetry's JSON wraps into its type's name. */
  private static JsonNode plain(JsonNode value) {
    Optional<String> type = value.propertyNames().stream().findFirst();
    if (type.isEmpty()) {
      return NullNode.instance;
    }
    JsonNode inner = value.path(type.get());
    return switch (type.get()) {
      case "stringValue", "bytesValue", "boolValue", "doubleValue" -> inner;
      case "intValue" -> NODES.numberNode(number(value, "intValue"));
      case "arrayValue" -> {
        ArrayNode list = Json.array();
        list(inner, "values").forEach(item -> list.add(plain(item)));
        yield list;
      }
      case "kvlistValue" -> pairs(list(inner, "values"));
      default -> NullNode.instance;
    };
  }

  /** Attributes as MLflow's answers have them. */
  static ArrayNode attributes(ObjectNode attributes) {
    ArrayNode list = Json.array();
    attributes.forEachEntry((key, value) -> {
      ObjectNode pair = list.addObject();
      pair.put("key", key);
      pair.set("value", wrapped(value));
    });
    return list;
  }

  private static ObjectNode wrapped(JsonNode value) {
    ObjectNode wrapped = Json.object();
    switch (value.getNodeType()) {
      case STRING, BINARY -> wrapped.put("string_value", value.stringValue());
      case BOOLEAN -> wrapped.put("bool_value", value.booleanValue());
      case NUMBER -> {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
          wrapped.put("int_value", value.longValue());
        } else {
          Json.putDouble(wrapped, "double_value", value.doubleValue());
        }
      }
      case ARRAY -> {
        ArrayNode values = wrapped.putObject("array_value").putArray("values");
        value.forEach(item -> values.add(wrapped(item)));
      }
      case OBJECT, POJO ->
          wrapped.putObject("kvlist_value").set("values", attributes((ObjectNode) value));
      case NULL, MISSING -> {}
    }
    return wrapped;
  }
}
