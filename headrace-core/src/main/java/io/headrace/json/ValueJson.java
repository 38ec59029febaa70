package io.headrace.json;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.spec.Value;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Values as JSON text and back. */
public final class ValueJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ValueJson() {}

  /** Reads one value. Throws a problem of type WRONG_VALUE when the text is not JSON. */
  public static Value read(String text) {
    try (var in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      in.nextToken();
      return value(in);
    } catch (JacksonException e) {
      throw Problem.of(ErrorCode.WRONG_VALUE, "not JSON: " + e.getOriginalMessage()).asException(e);
    }
  }

  private static Value value(JsonParser in) {
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        var entries = new LinkedHashMap<String, Value>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
          String name = in.currentName();
          in.nextToken();
          entries.put(name, value(in));
        }
        yield new Value.Table(entries);
      }
      case START_ARRAY -> {
        var items = new ArrayList<Value>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(in));
        }
        yield new Value.Items(items);
      }
      case VALUE_STRING -> new Value.Text(in.getString());
      case VALUE_NUMBER_INT -> new Value.Whole(in.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> new Value.Real(in.getDoubleValue());
      case VALUE_TRUE -> new Value.Flag(true);
      case VALUE_FALSE -> new Value.Flag(false);
      case null, default -> new Value.Nothing();
    };
  }

  /** On one line; fields in their order. */
  public static String compact(Value value) {
    return text(value, ObjectWriteContext.empty());
  }

  /** Indented by two spaces, for people. */
  public static String pretty(Value value) {
    return text(value, new Indented());
  }

  private static String text(Value value, ObjectWriteContext context) {
    var text = new StringWriter();
    try (var out = FACTORY.createGenerator(context, text)) {
      write(value, out);
    }
    return text.toString();
  }

  private static void write(Value value, JsonGenerator out) {
    switch (value) {
      case Value.Text(String text) -> out.writeString(text);
      case Value.Whole(var number) -> out.writeNumber(number);
      case Value.Real(double number) -> out.writeNumber(number);
      case Value.Flag(boolean flag) -> out.writeBoolean(flag);
      case Value.Nothing _ -> out.writeNull();
      case Value.Items(List<Value> items) -> {
        out.writeStartArray();
        items.forEach(item -> write(item, out));
        out.writeEndArray();
      }
      case Value.Table(Map<String, Value> entries) -> {
        out.writeStartObject();
        entries.forEach((name, entry) -> {
          out.writeName(name);
          write(entry, out);
        });
        out.writeEndObject();
      }
    }
  }

  /** Jackson asks its context for the printer. */
  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    }
  }
}
