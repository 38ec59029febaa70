package io.headrace.planner;

import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a driver that comes with Headrace is told: one JSON object in a variable. Each text in it is
 * a list of pieces: a text, or the name of an input or output, or of a variable that holds what is
 * only filled in while the run goes on.
 */
final class Told {
  private static final JsonFactory JSON = new JsonFactory();

  private final String variable;
  private final StringWriter text = new StringWriter();
  private final Map<String, List<Segment>> variables = new LinkedHashMap<>();
  private final JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text);

  Told(String variable) {
    this.variable = variable;
    out.writeStartObject();
  }

  Told text(String name, String value) {
    return word(name, List.of(new Segment.Text(value)));
  }

  Told word(String name, List<Segment> word) {
    out.writeName(name);
    write(word);
    return this;
  }

  Told texts(String name, List<String> values) {
    return words(name, values.stream().map(it -> List.<Segment>of(new Segment.Text(it))).toList());
  }

  Told words(String name, List<List<Segment>> words) {
    out.writeArrayPropertyStart(name);
    words.forEach(this::write);
    out.writeEndArray();
    return this;
  }

  Told table(String name, Map<String, String> values) {
    return object(name, table -> values.forEach((key, value) -> table.text(key, value)));
  }

  Told object(String name, Consumer<Told> content) {
    out.writeObjectPropertyStart(name);
    content.accept(this);
    out.writeEndObject();
    return this;
  }

  /** A list of objects. */
  <T> Told objects(String name, List<T> items, BiConsumer<Told, T> content) {
    out.writeArrayPropertyStart(name);
    for (var item : items) {
      out.writeStartObject();
      content.accept(this, item);
      out.writeEndObject();
    }
    out.writeEndArray();
    return this;
  }

  /** The variables to give to the driver. To be called once, at the end. */
  Map<String, List<Segment>> variables() {
    out.writeEndObject();
    out.close();
    var all = new LinkedHashMap<String, List<Segment>>();
    all.put(variable, List.of(new Segment.Text(text.toString())));
    all.putAll(variables);
    return all;
  }

  private void write(List<Segment> word) {
    out.writeStartArray();
    for (var piece : word) {
      switch (piece) {
        case Segment.Text(String it) -> write(it);
        case Segment.Value(var _, String it) -> write(it);
        case Segment.InputPath(String it) -> write("input", it);
        case Segment.OutputPath(String it) -> write("output", it);
      }
    }
    out.writeEndArray();
  }

  private void write(String value) {
    if (!Slot.isIn(value)) {
      write("text", value);
      return;
    }
    String name = variable + "_" + (variables.size() + 1);
    variables.put(name, List.of(new Segment.Value(name, value)));
    write("variable", name);
  }

  private void write(String kind, String value) {
    out.writeStartArray();
    out.writeString(kind);
    out.writeString(value);
    out.writeEndArray();
  }
}
