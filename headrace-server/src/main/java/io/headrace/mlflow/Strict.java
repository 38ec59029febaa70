package io.headrace.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a request to the registry: each of its own type and no other, refused in the words
 * of MLflow's server, which clients match on.
 *
 * @param isQuery whether they came in a query, where a list of one looks like a text
 */
record Strict(ObjectNode node, boolean isQuery) {
  private Optional<JsonNode> at(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /** Says that a field is there, though it may be empty. */
  boolean has(String field) {
    return at(field).isPresent();
  }

  private static Refusal wrong(String field, JsonNode value) {
    return Refusal.invalid(
        "Invalid value %s for parameter '%s' supplied:  Hint: Value was of type '%s'.%s"
            .formatted(shown(value), field, type(value), Refusal.MORE));
  }

  private static String shown(JsonNode value) {
    String text = pythonJson(value);
    return text.length() > 1_000 ? text.substring(0, 1_000) + "…" : text;
  }

  /** As Python's {@code json.dumps} has it: ASCII, keys sorted. */
  private static String pythonJson(JsonNode value) {
    if (value instanceof ObjectNode object) {
      Map<String, String> parts = new TreeMap<>();
      object
          .properties()
          .forEach(
              it -> parts.put(it.getKey(), ascii(it.getKey()) + ":" + pythonJson(it.getValue())));
      return "{" + String.join(",", parts.values()) + "}";
    }
    if (value instanceof ArrayNode list) {
      List<String> parts = new ArrayList<>();
      list.forEach(item -> parts.add(pythonJson(item)));
      return "[" + String.join(",", parts) + "]";
    }
    return value.isString() ? ascii(value.stringValue()) : value.toString();
  }

  private static String ascii(String text) {
    String json = Json.object().stringNode(text).toString();
    StringBuilder shown = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < ' ' || c > '~') {
        shown.append("\\u%04x".formatted((int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING, BINARY -> "str";
      case BOOLEAN -> "bool";
      case NUMBER -> value.isIntegralNumber() ? "int" : "float";
      case ARRAY -> "list";
      case OBJECT, POJO -> "dict";
      case NULL, MISSING -> "NoneType";
    };
  }

  /** A text; empty when not there. Of a query's repeated field, the first. */
  String text(String field) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return "";
    }
    if (value.get().isString()) {
      return value.get().stringValue();
    }
    throw wrong(field, value.get());
  }

  /** A text that must be there and not be empty. */
  String required(String field) {
    String text = text(field);
    if (text.isEmpty()) {
      throw Refusal.missing(field);
    }
    return text;
  }

  Optional<String> optional(String field) {
    return has(field) ? Optional.of(text(field)) : Optional.empty();
  }

  boolean flag(String field) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return false;
    }
    if (value.get().isBoolean()) {
      return value.get().booleanValue();
    }
    throw wrong(field, value.get());
  }

  /** A whole number, written as one or in quotes; another when not there. */
  long integer(String field, long otherwise) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get().isIntegralNumber() && value.get().canConvertToLong()) {
      return value.get().longValue();
    }
    if (value.get().isString()) {
      try {
        return Long.parseLong(value.get().stringValue().strip());
      } catch (NumberFormatException e) {
        throw wrong(field, value.get());
      }
    }
    throw wrong(field, value.get());
  }

  /** How many a page may have: at most so many. */
  int limit(String field, int otherwise, int most) {
    long limit = integer(field, otherwise);
    if (limit > most) {
      throw wrong(field, at(field).orElseThrow());
    }
    return (int) Math.max(limit, Integer.MIN_VALUE);
  }

  /** A list of texts. */
  List<String> texts(String field) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (isQuery && value.get().isString()) {
      return List.of(value.get().stringValue());
    }
    if (!(value.get() instanceof ArrayNode list)) {
      throw wrong(field, value.get());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list) {
      if (!item.isString()) {
        throw wrong(field, value.get());
      }
      texts.add(item.stringValue());
    }
    return texts;
  }

  /** A list of objects. */
  List<Strict> objects(String field) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof ArrayNode list)) {
      throw wrong(field, value.get());
    }
    List<Strict> objects = new ArrayList<>();
    for (JsonNode item : list) {
      if (!(item instanceof ObjectNode object)) {
        throw wrong(field, value.get());
      }
      objects.add(new Strict(object, false));
    }
    return objects;
  }

  Optional<Strict> object(String field) {
    Optional<JsonNode> value = at(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof ObjectNode object) {
      return Optional.of(new Strict(object, false));
    }
    throw wrong(field, value.get());
  }

  /** A list of {@code {key, value}}; of a key that comes twice, the last. */
  Map<String, String> pairs(String field) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Strict pair : objects(field)) {
      pairs.put(pair.text("key"), pair.text("value"));
    }
    return pairs;
  }

  /** The name of an enumeration's value; protobuf's numbers are taken too. */
  Optional<String> word(String field, List<String> numbered) {
    Optional<JsonNode> value = at(field);
    if (value.isPresent() && value.get().isIntegralNumber()) {
      int number = value.get().canConvertToInt() ? value.get().intValue() : -1;
      if (number < 0 || number >= numbered.size()) {
        throw wrong(field, value.get());
      }
      return Optional.of(numbered.get(number));
    }
    Optional<String> word = optional(field);
    if (word.isPresent() && !numbered.contains(word.get())) {
      throw wrong(field, value.orElseThrow());
    }
    return word;
  }

  Optional<String> pageToken() {
    return optional("page_token").filter(token -> !token.isEmpty());
  }
}
