package io.headrace.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a request, each read with its type. Unknown ones are passed over.
 *
 * @param path put before the name of a field in messages; empty for a whole request
 * @param isQuery whether it came in the address
 */
record Fields(ObjectNode node, String path, boolean isQuery) {
  Fields(ObjectNode node) {
    this(node, "", false);
  }

  /** The fields of a query, where a list of one looks like the one. */
  static Fields ofQuery(String query) {
    return new Fields(Query.parse(query), "", true);
  }

  private @Nullable JsonNode at(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  /** What Python, in which MLflow's server is written, calls a value of this kind. */
  private static String pythonType(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING, BINARY -> "str";
      case NUMBER -> value.isIntegralNumber() ? "int" : "float";
      case BOOLEAN -> "bool";
      case ARRAY -> "list";
      case OBJECT, POJO -> "dict";
      case NULL, MISSING -> "NoneType";
    };
  }

  private Refusal wrong(String field, JsonNode value) {
    return Refusal.wrong(path + field, shown(value), pythonType(value));
  }

  private Refusal missing(String field) {
    return Refusal.missing(path + field);
  }

  /** Says that a field has a value that it may not have. */
  Refusal wrong(String field) {
    JsonNode value = at(field);
    return value == null ? missing(field) : wrong(field, value);
  }

  /** A text; empty when not there. */
  String text(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return "";
    }
    if (value.isString()) {
      return value.stringValue();
    }
    throw wrong(field, value);
  }

  /** The name of one of protobuf's choices, or its number as text; empty when not there. */
  String choice(String field) {
    JsonNode value = at(field);
    return value != null && value.isIntegralNumber() ? value.toString() : text(field);
  }

  /** Any value as JSON; {@code null} when not there. */
  String json(String field) {
    JsonNode value = at(field);
    return value == null ? "null" : Json.text(value);
  }

  boolean has(String field) {
    return at(field) != null;
  }

  /** A text that must be there and not be empty. */
  String required(String field) {
    String text = text(field);
    if (text.isEmpty()) {
      throw missing(field);
    }
    return text;
  }

  Optional<String> optional(String field) {
    return at(field) == null ? Optional.empty() : Optional.of(text(field));
  }

  /** The run's id, under its new or its old name. */
  String runId() {
    String id = text("run_id");
    String old = text("run_uuid");
    if (!id.isEmpty() && !old.isEmpty() && !id.equals(old)) {
      throw Refusal.invalid("'run_id' and 'run_uuid' name different runs.");
    }
    if (id.isEmpty() && old.isEmpty()) {
      throw missing("run_id");
    }
    return id.isEmpty() ? old : id;
  }

  /** A whole number, written as a number or in quotes. */
  OptionalLong integer(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return OptionalLong.of(value.longValue());
    }
    if (value.isFloatingPointNumber()
        && value.doubleValue() == Math.rint(value.doubleValue())
        && Math.abs(value.doubleValue()) < 9e15) {
      return OptionalLong.of((long) value.doubleValue());
    }
    if (value.isString()) {
      try {
        return OptionalLong.of(Long.parseLong(value.stringValue().strip()));
      } catch (NumberFormatException e) {
        throw wrong(field, value);
      }
    }
    throw wrong(field, value);
  }

  long requiredInteger(String field) {
    return integer(field).orElseThrow(() -> missing(field));
  }

  /** How many a page may have, 1 to {@code most}. */
  OptionalInt pageSize(String field, int most) {
    OptionalLong asked = integer(field);
    if (asked.isEmpty()) {
      return OptionalInt.empty();
    }
    if (asked.getAsLong() < 1) {
      throw Refusal.invalid(
          "Invalid value %d for parameter '%s' supplied. It must be a positive integer"
              .formatted(asked.getAsLong(), field));
    }
    if (asked.getAsLong() > most) {
      throw tooMany(field, most);
    }
    return OptionalInt.of((int) asked.getAsLong());
  }

  private Refusal tooMany(String field, int most) {
    Refusal refusal = wrong(field);
    return Refusal.invalid(refusal.getMessage() + " It may be " + most + " at most.");
  }

  /** A double: a number, the text of one, NaN or an infinity. */
  double number(String field) {
    JsonNode value = at(field);
    if (value == null) {
      throw missing(field);
    }
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1.0 : 0.0;
    }
    if (value.isString() && value.stringValue().isEmpty()) {
      throw missing(field);
    }
    if (value.isString()) {
      return parse(field, value);
    }
    throw wrong(field, value);
  }

  private double parse(String field, JsonNode value) {
    String text = value.stringValue().strip();
    return switch (text) {
      case "NaN", "nan" -> Double.NaN;
      case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        // Java would also take "1d" and "0x1p3", which nobody else does.
        boolean plain = text.chars().allMatch(c -> "+-.0123456789eE".indexOf(c) >= 0);
        try {
          if (plain) {
            yield Double.parseDouble(text);
          }
        } catch (NumberFormatException e) {
          throw wrong(field, value);
        }
        throw wrong(field, value);
      }
    };
  }

  boolean flag(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return false;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return switch (text(field).toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Refusal.invalid(
              "Invalid boolean value: %s, must be 'true' or 'false'.".formatted(text(field)));
    };
  }

  /** A list of texts; a query's field that comes once is one too. */
  List<String> texts(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ArrayNode list)) {
      if (isQuery) {
        return List.of(text(field));
      }
      throw wrong(field, value);
    }
    List<String> texts = new ArrayList<>(list.size());
    for (JsonNode item : list) {
      if (!item.isString()) {
        throw wrong(field, value);
      }
      texts.add(item.stringValue());
    }
    return texts;
  }

  /** Makes sure that a list is there; it may be empty. */
  void requiredList(String field) {
    if (at(field) == null) {
      throw missing(field);
    }
  }

  /** A list of objects. */
  List<Fields> objects(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ArrayNode list)) {
      throw wrong(field, value);
    }
    List<Fields> objects = new ArrayList<>(list.size());
    for (JsonNode item : list) {
      if (!(item instanceof ObjectNode object)) {
        throw wrong(field, value);
      }
      objects.add(new Fields(object, path + field + "[" + objects.size() + "].", false));
    }
    return objects;
  }

  /** An object that must be there. */
  Fields object(String field) {
    JsonNode value = at(field);
    if (value == null) {
      throw missing(field);
    }
    if (value instanceof ObjectNode object) {
      return new Fields(object, path + field + ".", false);
    }
    throw wrong(field, value);
  }

  /** A list of {@code {key, value}}; of a key that comes twice, the last. */
  Map<String, String> pairs(String field) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Fields pair : objects(field)) {
      pairs.put(pair.text("key"), pair.text("value"));
    }
    return pairs;
  }

  Optional<String> pageToken() {
    return optional("page_token").filter(token -> !token.isEmpty());
  }
}
