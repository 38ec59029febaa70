package io.headrace.table;

import io.headrace.table.TableDefinition.Transformation;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A table's definition as JSON, for programs that read its rows. */
public final class TableText {
  /** The name under which it lies in the table's folder. */
  public static final String FILE = ".headrace-table.json";

  private static final JsonFactory JSON = new JsonFactory();

  private TableText() {}

  /**
   * The definition.
   *
   * @param files what {@link TableFiles} found
   */
  public static byte[] of(TableDefinition table, List<String> files) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeStringProperty("file", table.file());
      out.writeArrayPropertyStart("files");
      files.forEach(out::writeString);
      out.writeEndArray();
      table
          .read()
          .ifPresent(it -> {
            out.writeName("read");
            write(it, out);
          });
      out.writeArrayPropertyStart("transformations");
      table.transformations().forEach(it -> write(it, out));
      out.writeEndArray();
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(Transformation it, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("name", it.name());
    out.writeNumberProperty("line", it.where().line());
    out.writeName("arguments");
    write(it.arguments(), out);
    out.writeEndObject();
  }

  private static void write(YamlNode node, JsonGenerator out) {
    switch (node) {
      case Mapping mapping -> {
        out.writeStartObject();
        mapping
            .entries()
            .forEach(entry -> {
              out.writeName(entry.key().text());
              write(entry.value(), out);
            });
        out.writeEndObject();
      }
      case Sequence sequence -> {
        out.writeStartArray();
        sequence.items().forEach(it -> write(it, out));
        out.writeEndArray();
      }
      case Scalar scalar -> {
        switch (scalar.value()) {
          case Value.Null _ -> out.writeNull();
          case Value.Bool(boolean it) -> out.writeBoolean(it);
          case Value.Int(BigInteger it) -> out.writeNumber(it);
          case Value.Real(double it) -> out.writeNumber(it);
          case Value.Timestamp(String it) -> out.writeString(it);
          case Value.Text(String it) -> out.writeString(it);
        }
      }
    }
  }
}
