package io.headrace.mlflow;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a GET: a repeated one is a list. */
final class Query {
  private static final int MOST_FIELDS = 10_000;

  private Query() {}

  static ObjectNode parse(String query) {
    ObjectNode fields = Json.object();
    if (query.isEmpty()) {
      return fields;
    }
    String[] pairs = query.split("&", MOST_FIELDS + 1);
    if (pairs.length > MOST_FIELDS) {
      throw Refusal.invalid("The query has more than " + MOST_FIELDS + " fields.");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String key = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      add(fields, key, value);
    }
    return fields;
  }

  private static void add(ObjectNode fields, String key, String value) {
    JsonNode present = fields.get(key);
    switch (present) {
      case null -> fields.put(key, value);
      case ArrayNode list -> list.add(value);
      case JsonNode first -> {
        ArrayNode list = Json.array();
        list.add(first.stringValue());
        list.add(value);
        fields.set(key, list);
      }
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("The query is not percent-encoded rightly.");
    }
  }

  /** Decodes a part of a path, where a plus is a plus. */
  static String decodePath(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("Invalid path: it is not percent-encoded rightly");
    }
  }
}
