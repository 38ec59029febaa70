package io.headrace.job;

import io.headrace.problem.Where;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a mapping that has been judged by {@link Validator}. What does not fit reads as
 * absent: it has been reported.
 */
record Entries(Where where, List<Entry> entries) {
  static Entries of(YamlNode node) {
    return node instanceof Mapping(Where where, List<Entry> entries)
        ? new Entries(where, entries)
        : new Entries(node.where(), List.of());
  }

  Optional<YamlNode> get(String key) {
    for (var entry : entries) {
      if (entry.key().text().equals(key)) {
        return Optional.of(entry.value());
      }
    }
    return Optional.empty();
  }

  boolean has(String key) {
    return get(key).isPresent();
  }

  /** Where the value of a field is; where the mapping is, when it has none. */
  Where at(String key) {
    return get(key).map(YamlNode::where).orElse(where);
  }

  /** The items of a list; none when it is something else. */
  List<YamlNode> items(String key) {
    return get(key).orElse(null) instanceof Sequence(Where _, List<YamlNode> items)
        ? items
        : List.of();
  }

  Optional<Scalar> scalar(String key) {
    for (var entry : entries) {
      if (entry.key().text().equals(key)) {
        return entry.value() instanceof Scalar scalar && !Validator.isNull(scalar)
            ? Optional.of(scalar)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Text; a number or a boolean is none. */
  Optional<String> text(String key) {
    return scalar(key).flatMap(Entries::text);
  }

  Optional<Written> written(String key) {
    return scalar(key)
        .flatMap(scalar -> text(scalar).map(text -> new Written(text, scalar.where())));
  }

  /** A whole number as text, or an expression. */
  Optional<Written> whole(String key) {
    return scalar(key)
        .flatMap(scalar -> {
          if (scalar.text().contains("${{")) {
            return Optional.of(new Written(scalar.text(), scalar.where()));
          }
          var whole = Scalars.whole(scalar);
          return whole.isPresent()
              ? Optional.of(new Written(Long.toString(whole.getAsLong()), scalar.where()))
              : Optional.empty();
        });
  }

  Optional<String> version(String key) {
    return scalar(key).flatMap(Scalars::version);
  }

  boolean flag(String key, boolean otherwise) {
    return scalar(key).flatMap(Scalars::flag).orElse(otherwise);
  }

  Entries mapping(String key) {
    return get(key).map(Entries::of).orElseGet(() -> new Entries(where, List.of()));
  }

  /** A map of texts, such as tags. */
  Map<String, String> texts(String key) {
    var texts = new LinkedHashMap<String, String>();
    for (var entry : mapping(key).entries()) {
      if (entry.value() instanceof Scalar scalar) {
        text(scalar).ifPresent(text -> texts.put(entry.key().text(), text));
      }
    }
    return texts;
  }

  /** A list of texts, or one text as a list. */
  List<Written> list(String key) {
    var node = get(key);
    if (node.isEmpty()) {
      return List.of();
    }
    var items =
        node.get() instanceof Sequence(Where _, List<YamlNode> each) ? each : List.of(node.get());
    var texts = new ArrayList<Written>();
    for (var item : items) {
      if (item instanceof Scalar scalar) {
        text(scalar).ifPresent(text -> texts.add(new Written(text, scalar.where())));
      }
    }
    return texts;
  }

  /** All fields but some, as they are. */
  Map<String, io.headrace.spec.Value> except(List<String> keys) {
    var rest = new LinkedHashMap<String, io.headrace.spec.Value>();
    for (var entry : entries) {
      if (!keys.contains(entry.key().text())) {
        rest.put(entry.key().text(), value(entry.value()));
      }
    }
    return rest;
  }

  Map<String, io.headrace.spec.Value> values(String key) {
    return mapping(key).except(List.of());
  }

  static Optional<String> text(Scalar scalar) {
    return scalar.value() instanceof Value.Text(String text) ? Optional.of(text) : Optional.empty();
  }

  static io.headrace.spec.Value value(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> Scalars.value(scalar);
      case Sequence(Where _, List<YamlNode> items) ->
          new io.headrace.spec.Value.Items(items.stream().map(Entries::value).toList());
      case Mapping mapping ->
          new io.headrace.spec.Value.Table(Entries.of(mapping).except(List.of()));
    };
  }
}
