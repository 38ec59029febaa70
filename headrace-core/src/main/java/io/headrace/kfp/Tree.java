package io.headrace.kfp;

import io.headrace.job.Names;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A mapping of the document, asked field by field; what is not as it should be is collected. */
record Tree(String name, YamlNode node, Problems problems) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  Where where() {
    return node.where();
  }

  /** The fields of a mapping; of anything else none, which is told. */
  List<YamlNode.Entry> entries() {
    if (node instanceof YamlNode.Mapping it) {
      return it.entries();
    }
    if (!(node instanceof YamlNode.Scalar scalar
        && scalar.value() instanceof YamlNode.Value.Null)) {
      wrong(node.where(), name + " must be a mapping");
    }
    return List.of();
  }

  /** Tells of fields that this version does not know. */
  Tree knows(Set<String> fields) {
    for (var entry : entries()) {
      var key = entry.key();
      if (!fields.contains(key.text())) {
        problems.add(
            Problem.of(
                    ErrorCode.UNKNOWN_FIELD,
                    name + ": the field '" + key.text() + "' is not known to this version")
                .at(key.where())
                .fix(Names.advice(key.text(), fields, "fields")));
      }
    }
    return this;
  }

  Optional<YamlNode> raw(String field) {
    return node instanceof YamlNode.Mapping it ? it.get(field) : Optional.empty();
  }

  Optional<Tree> child(String field) {
    return raw(field).map(it -> new Tree(name + "." + field, it, problems));
  }

  Tree childOrEmpty(String field) {
    return child(field)
        .orElseGet(
            () -> new Tree(name + "." + field, new YamlNode.Mapping(where(), List.of()), problems));
  }

  Optional<String> text(String field) {
    return raw(field).flatMap(it -> scalar(name + "." + field, it));
  }

  /** A field that must be there. */
  String required(String field) {
    return text(field)
        .orElseGet(() -> {
          if (raw(field).isEmpty()) {
            problems.add(
                Problem.of(ErrorCode.MISSING_FIELD, name + " has no '" + field + "'").at(where()));
          }
          return "";
        });
  }

  boolean flag(String field) {
    var written = raw(field);
    if (written.isEmpty()) {
      return false;
    }
    if (written.get() instanceof YamlNode.Scalar scalar
        && scalar.value() instanceof YamlNode.Value.Bool(boolean value)) {
      return value;
    }
    wrong(written.get().where(), name + "." + field + " must be true or false");
    return false;
  }

  double number(String field, double otherwise) {
    var text = text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    // Durations are written as seconds with an s.
    var digits =
        text.get().endsWith("s") ? text.get().substring(0, text.get().length() - 1) : text.get();
    try {
      double value = Double.parseDouble(digits);
      if (value >= 0 && value < 1e9) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    wrong(
        raw(field).orElseThrow().where(),
        name + "." + field + " must be a number that is not negative");
    return otherwise;
  }

  List<String> texts(String field) {
    var found = new ArrayList<String>();
    raw(field)
        .ifPresent(it -> {
          if (it instanceof YamlNode.Sequence list) {
            list.items().forEach(item -> scalar(name + "." + field, item).ifPresent(found::add));
          } else {
            wrong(it.where(), name + "." + field + " must be a list");
          }
        });
    return found;
  }

  List<Tree> list(String field) {
    var found = new ArrayList<Tree>();
    raw(field)
        .ifPresent(it -> {
          if (it instanceof YamlNode.Sequence list) {
            list.items().forEach(item -> found.add(new Tree(name + "." + field, item, problems)));
          } else {
            wrong(it.where(), name + "." + field + " must be a list");
          }
        });
    return found;
  }

  /** Every entry of a mapping of named things. */
  <V> Map<String, V> named(String field, BiFunction<String, Tree, V> reader) {
    var all = new LinkedHashMap<String, V>();
    var parent = child(field);
    if (parent.isPresent()) {
      for (var entry : parent.get().entries()) {
        var key = entry.key().text();
        all.put(
            key,
            reader.apply(key, new Tree(parent.get().name + "." + key, entry.value(), problems)));
      }
    }
    return all;
  }

  Optional<JsonNode> value(String field) {
    return raw(field).map(Tree::json);
  }

  private Optional<String> scalar(String what, YamlNode it) {
    if (it instanceof YamlNode.Scalar scalar) {
      return Optional.of(scalar.text());
    }
    wrong(it.where(), what + " must be a single value");
    return Optional.empty();
  }

  void wrong(Where where, String message) {
    problems.add(Problem.of(ErrorCode.WRONG_TYPE, message).at(where));
  }

  /** The same as JSON. */
  static JsonNode json(YamlNode node) {
    return switch (node) {
      case YamlNode.Mapping it -> {
        var made = JSON.objectNode();
        it.entries().forEach(entry -> made.set(entry.key().text(), json(entry.value())));
        yield made;
      }
      case YamlNode.Sequence it -> {
        var made = JSON.arrayNode();
        it.items().forEach(item -> made.add(json(item)));
        yield made;
      }
      case YamlNode.Scalar it ->
          switch (it.value()) {
            case YamlNode.Value.Null _ -> JSON.nullNode();
            case YamlNode.Value.Bool(boolean value) -> JSON.booleanNode(value);
            case YamlNode.Value.Int(var value) -> JSON.numberNode(value);
            case YamlNode.Value.Real(double value) -> JSON.numberNode(value);
            case YamlNode.Value.Timestamp(String text) -> JSON.stringNode(text);
            case YamlNode.Value.Text(String text) -> JSON.stringNode(text);
          };
    };
  }
}
