package io.headrace.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a request, each read with its type. Unknown ones are passed over. */
record Fields(ObjectNode node) {
  private @Nullable JsonNode at(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private static String shown(JsonNode value) {
    String text = value.isString() ? '"' + value.stringValue() + '"' : value.toString();
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static Refusal wrong(String field, JsonNode value) {
    return Refusal.wrong(field, shown(value));
  }

  /** A text; a number or a boolean is taken as it is written. Empty when not there. */
  String text(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return "";
    }
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isNumber() || value.isBoolean()) {
      return value.toString();
    }
    throw wrong(field, value);
  }

  /** A text that must be there and not be empty. */
  String required(String field) {
    String text = text(field);
    if (text.isEmpty()) {
      throw Refusal.missing(field);
    }
    return text;
  }

  /** A text that must be there, though it may be empty. */
  String given(String field) {
    if (at(field) == null) {
      throw Refusal.missing(field);
    }
    return text(field);
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
      throw Refusal.missing("run_id");
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
    return integer(field).orElseThrow(() -> Refusal.missing(field));
  }

  /** How many a page may have, 1 to {@code most}. */
  OptionalInt pageSize(String field, int most) {
    OptionalLong asked = integer(field);
    if (asked.isEmpty()) {
      return OptionalInt.empty();
    }
    if (asked.getAsLong() < 1 || asked.getAsLong() > most) {
      throw Refusal.invalid(
          "Invalid value %d for parameter '%s' supplied: it must be at least 1 and at most %d."
              .formatted(asked.getAsLong(), field, most));
    }
    return OptionalInt.of((int) asked.getAsLong());
  }

  /** A double: a number, the text of one, NaN or an infinity. */
  double number(String field) {
    JsonNode value = at(field);
    if (value == null) {
      throw Refusal.missing(field);
    }
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1.0 : 0.0;
    }
    if (value.isString()) {
      return parse(field, value);
    }
    throw wrong(field, value);
  }

  private static double parse(String field, JsonNode value) {
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
    return switch (text(field)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(field, value);
    };
  }

  /** A list of texts; a single one counts as a list. */
  List<String> texts(String field) {
    JsonNode value = at(field);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ArrayNode list)) {
      return List.of(text(field));
    }
    List<String> texts = new ArrayList<>(list.size());
    for (JsonNode item : list) {
      if (!item.isString() && !item.isNumber()) {
        throw wrong(field, item);
      }
      texts.add(item.isString() ? item.stringValue() : item.toString());
    }
    return texts;
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
        throw wrong(field, item);
      }
      objects.add(new Fields(object));
    }
    return objects;
  }

  /** An object that must be there. */
  Fields object(String field) {
    JsonNode value = at(field);
    if (value == null) {
      throw Refusal.missing(field);
    }
    if (value instanceof ObjectNode object) {
      return new Fields(object);
    }
    throw wrong(field, value);
  }

  /** A list of {@code {key, value}}; of a key that comes twice, the last. */
  Map<String, String> pairs(String field) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (Fields pair : objects(field)) {
      pairs.put(pair.required("key"), pair.text("value"));
    }
    return pairs;
  }

  Optional<String> pageToken() {
    return optional("page_token").filter(token -> !token.isEmpty());
  }
}
