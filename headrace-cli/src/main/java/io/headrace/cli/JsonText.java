package io.headrace.cli;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Results as JSON, indented for people who look and steady for programs that read. */
final class JsonText {
  private JsonText() {}

  /** The text of one object. */
  static String of(Consumer<Body> body) {
    return text(out -> {
      out.writeStartObject();
      body.accept(new Body(out));
      out.writeEndObject();
    });
  }

  /** The text of a list of objects. */
  static <T> String list(List<T> items, BiConsumer<T, Body> item) {
    return text(out -> {
      out.writeStartArray();
      for (var it : items) {
        out.writeStartObject();
        item.accept(it, new Body(out));
        out.writeEndObject();
      }
      out.writeEndArray();
    });
  }

  private static String text(Consumer<JsonGenerator> write) {
    var text = new StringWriter();
    try (var out = new JsonFactory().createGenerator(new Pretty(), text)) {
      write.accept(out);
    }
    return text.toString();
  }

  /** Jackson asks its context for the printer. */
  private static final class Pretty extends tools.jackson.core.ObjectWriteContext.Base {
    @Override
    public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter()
          .withArrayIndenter(tools.jackson.core.util.DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    }
  }

  /** The fields of one object, in the order in which they are written. */
  record Body(JsonGenerator out) {
    void text(String name, String value) {
      out.writeStringProperty(name, value);
    }

    void number(String name, long value) {
      out.writeNumberProperty(name, value);
    }

    void number(String name, double value) {
      out.writeNumberProperty(name, value);
    }

    void flag(String name, boolean value) {
      out.writeBooleanProperty(name, value);
    }

    void nothing(String name) {
      out.writeNullProperty(name);
    }

    void texts(String name, List<String> values) {
      out.writeArrayPropertyStart(name);
      values.forEach(out::writeString);
      out.writeEndArray();
    }

    void texts(String name, Map<String, String> values) {
      object(name, body -> values.forEach(body::text));
    }

    void object(String name, Consumer<Body> body) {
      out.writeObjectPropertyStart(name);
      body.accept(this);
      out.writeEndObject();
    }

    <T> void list(String name, List<T> items, BiConsumer<T, Body> item) {
      out.writeArrayPropertyStart(name);
      for (var it : items) {
        out.writeStartObject();
        item.accept(it, this);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
  }
}
