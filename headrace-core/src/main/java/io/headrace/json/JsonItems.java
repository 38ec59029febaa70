package io.headrace.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a loop goes through, as JSON: an array or an object of items. An item that is an object
 * gives its fields; each is also given whole, as {@code item}.
 */
public final class JsonItems {
  /** How a text that is none is mended. */
  public static final String FIX =
      "write a JSON array, such as [1, 2] or [{\"rate\": 0.1}, {\"rate\": 0.2}]";

  /** Azure's own limit is lower; beyond it, a parallel step is the better tool. */
  private static final int MOST_ITEMS = 100_000;

  private JsonItems() {}

  /**
   * The items' values by name, in order.
   *
   * @param names what each item must give, or the value of one that does not
   * @throws IllegalArgumentException saying what is wrong, as the end of a sentence
   */
  public static List<Map<String, String>> parse(String text, Map<String, Optional<String>> names) {
    JsonNode tree;
    try {
      tree = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!tree.isArray() && !tree.isObject()) {
      throw new IllegalArgumentException("is neither an array nor an object");
    }
    if (tree.size() > MOST_ITEMS) {
      throw new IllegalArgumentException(
          "has " + tree.size() + " items, and " + MOST_ITEMS + " is the limit");
    }
    var items = new ArrayList<Map<String, String>>();
    for (var each : tree) {
      var values = new LinkedHashMap<String, String>();
      values.put("item", text(each));
      if (each.isObject()) {
        each.properties().forEach(it -> values.put(it.getKey(), text(it.getValue())));
      }
      complete(values, names, items.size());
      items.add(values);
    }
    return items;
  }

  private static void complete(
      Map<String, String> values, Map<String, Optional<String>> names, int item) {
    names.forEach((name, otherwise) -> {
      if (!values.containsKey(name)) {
        values.put(
            name,
            otherwise.orElseThrow(
                () -> new IllegalArgumentException("lacks '" + name + "' in item " + item)));
      }
    });
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asString() : value.toString();
  }
}
