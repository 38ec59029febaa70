package io.headrace.kfp;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values of parameters, as JSON and as text. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Values() {}

  /** As it stands in a file or on a command line: a string itself, anything else as JSON. */
  static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : json(value);
  }

  static String json(JsonNode value) {
    return value.toString();
  }

  /** A value as its parameter declares it: the compiler writes every number with a point. */
  static JsonNode typed(JsonNode value, ParameterType type) {
    if (type == ParameterType.STRING && !value.isString() && !value.isNull()) {
      return JSON.stringNode(json(value));
    }
    if (type != ParameterType.STRING && value.isString()) {
      return read(value.stringValue()).orElse(value);
    }
    return switch (type) {
      case NUMBER_INTEGER, LIST, STRUCT -> whole(value);
      case STRING, NUMBER_DOUBLE, BOOLEAN, TASK_FINAL_STATUS, TASK_CONFIG -> value;
    };
  }

  /** KFP's numbers are all doubles, and those without a fraction reach a component as integers. */
  private static JsonNode whole(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      double number = value.doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? JSON.numberNode((long) number)
          : value;
    }
    if (value.isArray()) {
      var made = JSON.arrayNode();
      value.forEach(it -> made.add(whole(it)));
      return made;
    }
    if (value.isObject()) {
      var made = JSON.objectNode();
      value.properties().forEach(it -> made.set(it.getKey(), whole(it.getValue())));
      return made;
    }
    return value;
  }

  /** What a user gives by {@code --set}. */
  static JsonNode given(String name, String text, ParameterType type) {
    Optional<JsonNode> read =
        switch (type) {
          case STRING -> Optional.of(JSON.stringNode(text));
          case NUMBER_INTEGER, NUMBER_DOUBLE -> number(text, type);
          case BOOLEAN ->
              switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(JSON.booleanNode(true));
                case "false" -> Optional.of(JSON.booleanNode(false));
                default -> Optional.empty();
              };
          case LIST -> read(text).filter(JsonNode::isArray);
          case STRUCT -> read(text).filter(JsonNode::isObject);
          case TASK_FINAL_STATUS, TASK_CONFIG -> Optional.empty();
        };
    return read.orElseThrow(() ->
        Problem.of(
                ErrorCode.BAD_ARGUMENT,
                "--set inputs." + name + ": '" + text + "' is not a value of type " + type)
            .fix(
                type == ParameterType.LIST || type == ParameterType.STRUCT
                    ? "write it as JSON, such as "
                        + (type == ParameterType.LIST ? "'[1, 2]'" : "'{\"a\": 1}'")
                    : "the pipeline declares this type")
            .asException());
  }

  private static Optional<JsonNode> number(String text, ParameterType type) {
    try {
      var number = new BigDecimal(text.strip());
      if (type == ParameterType.NUMBER_DOUBLE) {
        return Optional.of(JSON.numberNode(number.doubleValue()));
      }
      return Optional.of(JSON.numberNode(number.toBigIntegerExact()));
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  static Optional<JsonNode> read(String text) {
    try {
      var read = JsonMapper.shared().readTree(text);
      return read.isMissingNode() ? Optional.empty() : Optional.of(read);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** A part of a structured value; texts on the way are read as JSON. */
  static Optional<JsonNode> select(JsonNode value, List<String> keys) {
    var at = Optional.of(value);
    for (var key : keys) {
      at =
          at.flatMap(it -> it.isString() ? read(it.stringValue()) : Optional.of(it))
              .flatMap(it -> Optional.ofNullable(it.get(key)));
    }
    return at;
  }

  /** An item as a loop's body finds it; the launcher's {@code loops.py} writes the same. */
  static Map<String, String> item(String loop, JsonNode item) {
    var values = new LinkedHashMap<String, String>();
    values.put(loop, json(item));
    values.put(loop + "/", text(item));
    if (item.isObject()) {
      item.properties().forEach(it -> values.put(loop + "/" + it.getKey(), text(it.getValue())));
    }
    return values;
  }
}
