package io.headrace.planner;

import io.headrace.plan.Segment;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the driver of a parallel step is told.
 *
 * @param arguments of the entry script, word by word
 * @param input the name of the input that is split
 * @param table whether its rows are split, rather than its files
 * @param outputs the names of all
 * @param appendRowTo the name of the one that takes the rows
 * @param timeout seconds of one call of the script
 */
record DriverSettings(
    String entryScript,
    List<List<Segment>> arguments,
    String input,
    boolean table,
    List<String> outputs,
    Optional<String> appendRowTo,
    Optional<String> miniBatchSize,
    List<String> partitionKeys,
    Optional<Long> errorThreshold,
    Optional<Long> miniBatchErrorThreshold,
    Optional<Long> maxRetries,
    Optional<Long> timeout,
    Optional<Long> workers,
    Optional<String> loggingLevel) {
  private static final JsonFactory JSON = new JsonFactory();

  DriverSettings {
    arguments = List.copyOf(arguments);
    outputs = List.copyOf(outputs);
    partitionKeys = List.copyOf(partitionKeys);
  }

  /** As the driver reads it; what is not said is left out, and then the driver's default. */
  String json() {
    var text = new StringWriter();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.writeStartObject();
      out.writeStringProperty("entry_script", entryScript);
      out.writeArrayPropertyStart("arguments");
      arguments.forEach(word -> write(word, out));
      out.writeEndArray();
      out.writeStringProperty("input", input);
      out.writeStringProperty("data", table ? "table" : "files");
      texts(out, "outputs", outputs);
      appendRowTo.ifPresent(it -> out.writeStringProperty("append_row_to", it));
      miniBatchSize.ifPresent(it -> out.writeStringProperty("mini_batch_size", it));
      texts(out, "partition_keys", partitionKeys);
      errorThreshold.ifPresent(it -> out.writeNumberProperty("error_threshold", it));
      miniBatchErrorThreshold.ifPresent(
          it -> out.writeNumberProperty("mini_batch_error_threshold", it));
      maxRetries.ifPresent(it -> out.writeNumberProperty("max_retries", it));
      timeout.ifPresent(it -> out.writeNumberProperty("timeout", it));
      workers.ifPresent(it -> out.writeNumberProperty("workers", it));
      loggingLevel.ifPresent(it -> out.writeStringProperty("logging_level", it));
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void texts(JsonGenerator out, String name, List<String> texts) {
    out.writeArrayPropertyStart(name);
    texts.forEach(out::writeString);
    out.writeEndArray();
  }

  private static void write(List<Segment> word, JsonGenerator out) {
    out.writeStartArray();
    for (var piece : word) {
      out.writeStartArray();
      switch (piece) {
        case Segment.Text(String text) -> write(out, "text", text);
        case Segment.Value(var _, String value) -> write(out, "text", value);
        case Segment.InputPath(String input) -> write(out, "input", input);
        case Segment.OutputPath(String output) -> write(out, "output", output);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, String kind, String value) {
    out.writeString(kind);
    out.writeString(value);
  }
}
