package io.headrace.engine;

import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the small JSON texts of the engine's records. Reading goes through {@link JsonTree}, on
 * colder paths.
 */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** The text of one object, whose fields {@code body} writes. */
  static String object(Consumer<JsonGenerator> body) {
    var text = new java.io.StringWriter(256);
    try (var out = FACTORY.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      body.accept(out);
      out.writeEndObject();
    }
    return text.toString();
  }

  static void texts(JsonGenerator out, String name, Map<String, String> map) {
    if (map.isEmpty()) {
      return;
    }
    out.writeObjectPropertyStart(name);
    map.forEach(out::writeStringProperty);
    out.writeEndObject();
  }

  static JsonFactory factory() {
    return FACTORY;
  }
}
