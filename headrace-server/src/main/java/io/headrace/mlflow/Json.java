package io.headrace.mlflow;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** JSON as trees, read within bounds. */
final class Json {
  private static final int MOST_DEPTH = 100;
  private static final int MOST_STRING = 32 * 1024 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Python's json writes NaN and Infinity bare.
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_DEPTH)
                          .maxStringLength(MOST_STRING)
                          .build())
                  .build())
          .build();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Reads one object; {@code null} is an empty one, and old clients send one as text. */
  static ObjectNode parse(byte[] bytes) {
    return switch (read(bytes)) {
      case ObjectNode object -> object;
      case NullNode _ -> object();
      case StringNode text
          when read(text.stringValue().getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode it ->
          it;
      default -> throw Refusal.invalid("The request's body must be a JSON object.");
    };
  }

  /** Reads any value. */
  static JsonNode read(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw Refusal.invalid("The request's body is not JSON: " + firstLine(e.getOriginalMessage()));
    }
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.length() > 200 ? line.substring(0, 200) : line;
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** As MLflow writes doubles: those that JSON has no number for, as text. */
  static void putDouble(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    } else {
      node.put(field, Double.toString(value));
    }
  }

  /** Puts a text that is told; MLflow leaves out what is not set. */
  static void putTold(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }

  /** Puts a list that is not empty. */
  static void putTold(ObjectNode node, String field, ArrayNode list) {
    if (!list.isEmpty()) {
      node.set(field, list);
    }
  }
}
