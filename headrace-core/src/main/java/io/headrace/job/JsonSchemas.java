package io.headrace.job;

import io.headrace.spec.Kind;
import io.headrace.spec.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * JSON Schemas (draft 2020-12) of the kinds of document, made from the same descriptions that
 * Headrace checks by, for editors.
 */
public final class JsonSchemas {
  private static final Value EXPRESSION = pattern("\\$\\{\\{");

  private final Shapes shapes = new Shapes();
  private final Set<String> wanted = new LinkedHashSet<>();
  private final Map<Value.Table, String> names = new HashMap<>();
  private final Map<String, Value> parts = new LinkedHashMap<>();

  private JsonSchemas() {}

  /** The schema of a kind, complete in itself. */
  public static Value.Table of(Kind kind) {
    return new JsonSchemas().document(kind);
  }

  private Value.Table document(Kind kind) {
    var schema = new LinkedHashMap<String, Value>();
    schema.put("$schema", text("https://json-schema.org/draft/2020-12/schema"));
    schema.put("title", text(kind.yaml()));
    schema.put("description", text("An Azure ML v2 document: " + kind.title() + "."));
    schema.putAll(schema(shapes.of(kind), false).entries());
    for (var left = next(); !left.isEmpty(); left = next()) {
      for (String name : left) {
        parts.put(name, schema(shapes.named(bare(name)), name.endsWith(BINDABLE)));
      }
    }
    if (!parts.isEmpty()) {
      schema.put("$defs", new Value.Table(parts));
    }
    return new Value.Table(schema);
  }

  private static final String BINDABLE = "OrExpression";

  private static String bare(String name) {
    return name.endsWith(BINDABLE) ? name.substring(0, name.length() - BINDABLE.length()) : name;
  }

  private List<String> next() {
    return wanted.stream().filter(name -> !parts.containsKey(name)).toList();
  }

  /**
   * The schema of a shape.
   *
   * @param bindable whether any single value may be an expression instead
   */
  private Value.Table schema(Shape shape, boolean bindable) {
    return switch (shape) {
      case Shape.Anything _ -> table(Map.of());
      case Shape.Bindable(Shape inner) -> schema(inner, true);
      case Shape.Named(String name) -> reference(bindable ? name + BINDABLE : name);
      case Shape.AnyOf any ->
          anyOf(any.choices().stream().<Value>map(it -> schema(it, bindable)).toList());
      case Shape.When when -> shared("either", when(when, bindable));
      case Shape.Tagged tagged -> shared("by " + tagged.tag(), tagged(tagged, bindable));
      case Shape.Fields fields -> shared(fields.title(), fields(fields, bindable));
      case Shape.Table each -> each(each, bindable);
      case Shape.Items(Shape item) ->
          orExpression(typed("array", Map.of("items", schema(item, bindable))), bindable);
      case Shape.Text(Form form) ->
          orExpression(form(form), bindable && form.pattern().isPresent());
      case Shape.Whole(long least, long most) ->
          shared("whole", orExpression(whole(least, most), bindable));
      case Shape.Quantity(double least, double most) ->
          shared("number", orExpression(quantity(least, most), bindable));
      case Shape.Flag _ ->
          shared(
              "flag",
              orExpression(
                  anyOf(List.of(type("boolean"), pattern(FLAG_WORDS), zeroOrOne())), bindable));
      case Shape.Moment _ -> type("string");
      case Shape.Literal _, Shape.Version _ ->
          table(
              Map.of(
                  "type",
                  new Value.Items(List.of(text("string"), text("number"), text("boolean")))));
      case Shape.Choice(List<String> words, var spelling) ->
          shared("words", orExpression(words(words, spelling), bindable));
    };
  }

  private static final String FLAG_WORDS =
      "^([tTfFyYnN01]|[oO]n|[oO]ff|ON|OFF|yes|Yes|YES|no|No|NO"
          + "|true|True|TRUE|false|False|FALSE)$";

  private static Value zeroOrOne() {
    return table(Map.of("enum", new Value.Items(List.of(number(0), number(1)))));
  }

  /** Written once under {@code $defs}, however often it is used: a schema stays small. */
  private Value.Table shared(String title, Value.Table schema) {
    String name = names.get(schema);
    if (name == null) {
      String plain = title.replaceFirst("^an? ", "").replace(' ', '_');
      name = plain;
      for (int i = 2; parts.containsKey(name) || wanted.contains(name); i++) {
        name = plain + "_" + i;
      }
      names.put(schema, name);
      parts.put(name, schema);
    }
    return table(Map.of("$ref", text("#/$defs/" + name)));
  }

  private Value.Table reference(String name) {
    wanted.add(name);
    return table(Map.of("$ref", text("#/$defs/" + name)));
  }

  private Value.Table when(Shape.When when, boolean bindable) {
    var schema = new LinkedHashMap<String, Value>();
    schema.put("if", table(Map.of("required", texts(List.of(when.field())))));
    schema.put("then", schema(when.present(), bindable));
    schema.put("else", schema(when.absent(), bindable));
    return new Value.Table(schema);
  }

  /** A chain of conditions on the tag, so that an editor speaks of the one kind that is meant. */
  private Value.Table tagged(Shape.Tagged tagged, boolean bindable) {
    var words = List.copyOf(tagged.kinds().keySet());
    var conditions = new ArrayList<Value>();
    tagged
        .kinds()
        .forEach((word, shape) ->
            conditions.add(
                condition(
                    tagged.tag(),
                    words(List.of(word), tagged.spelling()),
                    schema(shape, bindable))));
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text("object"));
    schema.put(
        "properties",
        table(Map.of(tagged.tag(), orExpression(words(words, tagged.spelling()), bindable))));
    if (tagged.missing().isPresent()) {
      var absent = new LinkedHashMap<String, Value>();
      absent.put(
          "if", table(Map.of("not", table(Map.of("required", texts(List.of(tagged.tag())))))));
      absent.put("then", schema(tagged.missing().get(), bindable));
      conditions.add(new Value.Table(absent));
    } else {
      schema.put("required", texts(List.of(tagged.tag())));
    }
    schema.put("allOf", new Value.Items(conditions));
    return new Value.Table(schema);
  }

  private static Value condition(String tag, Value is, Value then) {
    var has = new LinkedHashMap<String, Value>();
    has.put("required", texts(List.of(tag)));
    has.put("properties", table(Map.of(tag, is)));
    var condition = new LinkedHashMap<String, Value>();
    condition.put("if", new Value.Table(has));
    condition.put("then", then);
    return new Value.Table(condition);
  }

  private Value.Table fields(Shape.Fields fields, boolean bindable) {
    var properties = new LinkedHashMap<String, Value>();
    fields.fields().forEach((name, field) -> properties.put(name, schema(field.shape(), bindable)));
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text("object"));
    schema.put("properties", new Value.Table(properties));
    var required =
        fields.fields().values().stream()
            .filter(field -> field.need() == Shape.Need.YES)
            .map(Shape.Field::name)
            .toList();
    if (!required.isEmpty()) {
      schema.put("required", texts(required));
    }
    switch (fields.unknown()) {
      case Shape.Unknown.Refuse _ -> schema.put("additionalProperties", new Value.Flag(false));
      case Shape.Unknown.Keep _, Shape.Unknown.Warn _ -> {}
      case Shape.Unknown.WarnFor(List<String> names, String _) -> {
        schema.put("additionalProperties", new Value.Flag(false));
        names.forEach(name -> properties.putIfAbsent(name, table(Map.of())));
        schema.put("properties", new Value.Table(properties));
      }
    }
    return new Value.Table(schema);
  }

  private Value.Table each(Shape.Table each, boolean bindable) {
    Value value = schema(each.value(), bindable);
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text("object"));
    schema.put(
        "additionalProperties", each.mayBeNull() ? anyOf(List.of(type("null"), value)) : value);
    each.key().pattern().ifPresent(it -> schema.put("propertyNames", pattern(it)));
    return orExpression(new Value.Table(schema), bindable);
  }

  private static Value.Table form(Form form) {
    return form.pattern().map(JsonSchemas::pattern).orElseGet(() -> type("string"));
  }

  /** Also as text, as Azure's client has it. */
  private static Value.Table whole(long least, long most) {
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text("number"));
    if (least > Long.MIN_VALUE) {
      schema.put("minimum", number(least));
    }
    if (most < Integer.MAX_VALUE) {
      schema.put("maximum", number(most));
    }
    return anyOf(List.of(new Value.Table(schema), pattern("^ *[+-]?[0-9]+ *$")));
  }

  private static Value.Table quantity(double least, double most) {
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text("number"));
    if (!Double.isInfinite(least)) {
      schema.put("minimum", new Value.Real(least));
    }
    if (!Double.isInfinite(most)) {
      schema.put("maximum", new Value.Real(most));
    }
    return anyOf(List.of(new Value.Table(schema), pattern("^ *[+-]?[0-9.]+([eE][+-]?[0-9]+)? *$")));
  }

  /** The words as they are for an editor to offer, or in another spelling that is taken too. */
  private static Value.Table words(List<String> words, Shape.TagSpelling spelling) {
    Value exact = table(Map.of("enum", texts(words)));
    return switch (spelling) {
      case EXACT -> (Value.Table) exact;
      case ANY_CASE -> anyOf(List.of(exact, pattern(anyCase(words, false))));
      case ANY_CASE_OR_CAMEL -> anyOf(List.of(exact, pattern(anyCase(words, true))));
    };
  }

  private static String anyCase(List<String> words, boolean camel) {
    var pattern = new StringBuilder("^(");
    String separator = "";
    for (String word : words) {
      pattern.append(separator);
      separator = "|";
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        if (Character.isLetter(c)) {
          boolean hump =
              i > 0 && Character.isUpperCase(c) && Character.isLowerCase(word.charAt(i - 1));
          pattern
              .append(hump && camel ? "_?" : "")
              .append('[')
              .append(Character.toLowerCase(c))
              .append(Character.toUpperCase(c))
              .append(']');
        } else {
          pattern.append(c).append(c == '_' && camel ? "?" : "");
        }
      }
    }
    return pattern.append(")$").toString();
  }

  private static Value.Table orExpression(Value.Table schema, boolean bindable) {
    return bindable ? anyOf(List.of(schema, EXPRESSION)) : schema;
  }

  private static Value.Table anyOf(List<Value> choices) {
    return choices.size() == 1
        ? (Value.Table) choices.getFirst()
        : table(Map.of("anyOf", new Value.Items(choices)));
  }

  private static Value.Table typed(String type, Map<String, Value> more) {
    var schema = new LinkedHashMap<String, Value>();
    schema.put("type", text(type));
    schema.putAll(more);
    return new Value.Table(schema);
  }

  private static Value.Table type(String type) {
    return typed(type, Map.of());
  }

  private static Value.Table pattern(String pattern) {
    return typed("string", Map.of("pattern", text(pattern)));
  }

  private static Value number(long value) {
    return new Value.Whole(BigInteger.valueOf(value));
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }

  private static Value texts(List<String> texts) {
    return new Value.Items(texts.stream().map(JsonSchemas::text).toList());
  }

  private static Value.Table table(Map<String, Value> entries) {
    return new Value.Table(entries);
  }
}
