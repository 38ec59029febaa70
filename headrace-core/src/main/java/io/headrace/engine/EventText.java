package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.run.JobStatus;
import io.headrace.run.OutputData;
import io.headrace.run.RunEvent;
import io.headrace.run.RunStatus;
import io.headrace.run.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events as JSON text and back. A field, once released, keeps its name and meaning. */
final class EventText {
  private EventText() {}

  /** Reading happens on resume and on show, not while steps run: made when first needed. */
  private static final class Reader {
    static final JsonMapper MAPPER = JsonMapper.shared();
  }

  /** The name under which an event of this kind is stored. */
  static String type(RunEvent event) {
    return switch (event) {
      case RunEvent.Created _ -> "created";
      case RunEvent.StepStarted _ -> "started";
      case RunEvent.StepReused _ -> "reused";
      case RunEvent.StepSucceeded _ -> "succeeded";
      case RunEvent.StepFailed _ -> "failed";
      case RunEvent.StepCanceled _ -> "canceled";
      case RunEvent.StepSkipped _ -> "skipped";
      case RunEvent.GroupOpened _ -> "opened";
      case RunEvent.GroupClosed _ -> "closed";
      case RunEvent.Ended _ -> "ended";
    };
  }

  /** All but run, time, type and step, which have columns of their own. */
  static String body(RunEvent event) {
    return Json.object(out -> {
      switch (event) {
        case RunEvent.Created it -> {
          out.writeStringProperty("plan", it.plan().hex());
          out.writeStringProperty("display_name", it.displayName());
          out.writeStringProperty("experiment", it.experiment());
          out.writeStringProperty("description", it.description());
          out.writeStringProperty("source", it.source());
          out.writeStringProperty("user", it.user());
          out.writeNumberProperty("seed", it.seed());
          out.writeArrayPropertyStart("no_reuse");
          it.noReuse().forEach(out::writeString);
          out.writeEndArray();
          Json.texts(out, "tags", it.tags());
          Json.texts(out, "parameters", it.parameters());
        }
        case RunEvent.StepStarted it -> {
          out.writeStringProperty("child", it.child().value());
          parent(out, it, it.parent());
          out.writeNumberProperty("attempt", it.attempt());
          out.writeStringProperty("key", it.key().hex());
          out.writeStringProperty("display_name", it.displayName());
          Json.texts(out, "parameters", it.parameters());
          Json.texts(out, "services", it.services());
        }
        case RunEvent.StepReused it -> {
          out.writeStringProperty("child", it.child().value());
          parent(out, it, it.parent());
          out.writeStringProperty("key", it.key().hex());
          out.writeStringProperty("from", it.from().value());
          out.writeStringProperty("display_name", it.displayName());
          Json.texts(out, "parameters", it.parameters());
          outputs(out, it.outputs());
        }
        case RunEvent.StepSucceeded it -> {
          out.writeStringProperty("child", it.child().value());
          out.writeStringProperty("key", it.key().hex());
          out.writeStringProperty("began", it.started().toString());
          outputs(out, it.outputs());
          it.artifacts().ifPresent(d -> out.writeStringProperty("artifacts", d.hex()));
        }
        case RunEvent.StepFailed it -> {
          out.writeStringProperty("child", it.child().value());
          it.exitCode().ifPresent(code -> out.writeNumberProperty("exit_code", (int) code));
          out.writeStringProperty("cause", it.cause().name().toLowerCase(Locale.ROOT));
          out.writeStringProperty("message", it.message());
          it.artifacts().ifPresent(d -> out.writeStringProperty("artifacts", d.hex()));
        }
        case RunEvent.StepCanceled it -> out.writeStringProperty("child", it.child().value());
        case RunEvent.StepSkipped it -> out.writeStringProperty("because", it.because().value());
        case RunEvent.GroupOpened it -> {
          out.writeStringProperty("child", it.child().value());
          parent(out, it, it.parent());
          out.writeStringProperty("display_name", it.displayName());
        }
        case RunEvent.GroupClosed it -> {
          out.writeStringProperty("child", it.child().value());
          out.writeStringProperty("state", it.state().name().toLowerCase(Locale.ROOT));
          outputs(out, it.outputs());
          out.writeStringProperty("message", it.message());
        }
        case RunEvent.Ended it -> {
          out.writeStringProperty("status", it.status().name().toLowerCase(Locale.ROOT));
          out.writeStringProperty("message", it.message());
        }
      }
    });
  }

  /** Said only where it is not the run itself. */
  private static void parent(JsonGenerator out, RunEvent event, RunId parent) {
    if (!parent.equals(event.run())) {
      out.writeStringProperty("parent", parent.value());
    }
  }

  private static void outputs(JsonGenerator out, Map<String, OutputData> outputs) {
    out.writeObjectPropertyStart("outputs");
    outputs.forEach((name, data) -> {
      out.writeObjectPropertyStart(name);
      out.writeStringProperty("digest", data.digest().hex());
      out.writeStringProperty("type", data.type().yaml());
      out.writeStringProperty("name", data.name());
      out.writeNumberProperty("bytes", data.bytes());
      out.writeNumberProperty("files", data.files());
      out.writeEndObject();
    });
    out.writeEndObject();
  }

  /** A map of outputs as its own text, for the table of results. */
  static String outputsText(Map<String, OutputData> outputs) {
    return Json.object(out -> outputs(out, outputs));
  }

  /**
   * The inverse of {@link #outputsText}; asked for each step that may be reused, so without a tree.
   */
  static Map<String, OutputData> parseOutputs(String text) {
    var map = new LinkedHashMap<String, OutputData>();
    try (var in = Json.factory().createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
      // { "outputs": { name: { field: value ... } ... } }
      in.nextToken();
      in.nextToken();
      in.nextToken();
      for (var name = in.nextName(); name != null; name = in.nextName()) {
        in.nextToken();
        map.put(name, output(in));
      }
    }
    return map;
  }

  private static OutputData output(JsonParser in) {
    var digest = "";
    var type = "";
    var file = "";
    long bytes = 0;
    long files = 0;
    for (var field = in.nextName(); field != null; field = in.nextName()) {
      in.nextToken();
      switch (field) {
        case "digest" -> digest = in.getString();
        case "type" -> type = in.getString();
        case "name" -> file = in.getString();
        case "bytes" -> bytes = in.getLongValue();
        case "files" -> files = in.getLongValue();
        default -> in.skipChildren();
      }
    }
    return new OutputData(
        new Digest(digest), DataType.valueOf(type.toUpperCase(Locale.ROOT)), file, bytes, files);
  }

  /** The inverse of {@link #type} and {@link #body}. */
  static RunEvent parse(
      RunId run, Instant at, String type, Optional<StepId> stepOfRow, String body) {
    var tree = Reader.MAPPER.readTree(body);
    return switch (type) {
      case "created" ->
          new RunEvent.Created(
              run,
              at,
              new Digest(tree.get("plan").asString()),
              tree.get("display_name").asString(),
              tree.get("experiment").asString(),
              tree.get("description").asString(),
              tree.get("source").asString(),
              tree.get("user").asString(),
              tree.get("seed").asLong(),
              list(tree, "no_reuse"),
              texts(tree, "tags"),
              texts(tree, "parameters"));
      case "started" ->
          new RunEvent.StepStarted(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              parent(tree, run),
              tree.get("attempt").asInt(),
              key(tree),
              tree.get("display_name").asString(),
              texts(tree, "parameters"),
              texts(tree, "services"));
      case "reused" ->
          new RunEvent.StepReused(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              parent(tree, run),
              key(tree),
              new RunId(tree.get("from").asString()),
              tree.get("display_name").asString(),
              texts(tree, "parameters"),
              outputs(tree));
      case "succeeded" ->
          new RunEvent.StepSucceeded(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              key(tree),
              Instant.parse(tree.get("began").asString()),
              outputs(tree),
              artifacts(tree));
      case "failed" ->
          new RunEvent.StepFailed(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              tree.has("exit_code") ? Optional.of(tree.get("exit_code").asInt()) : Optional.empty(),
              JobStatus.Cause.valueOf(tree.get("cause").asString().toUpperCase(Locale.ROOT)),
              tree.get("message").asString(),
              artifacts(tree));
      case "canceled" -> new RunEvent.StepCanceled(run, at, stepOfRow.orElseThrow(), child(tree));
      case "skipped" ->
          new RunEvent.StepSkipped(
              run, at, stepOfRow.orElseThrow(), new StepId(tree.get("because").asString()));
      case "opened" ->
          new RunEvent.GroupOpened(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              parent(tree, run),
              tree.get("display_name").asString());
      case "closed" ->
          new RunEvent.GroupClosed(
              run,
              at,
              stepOfRow.orElseThrow(),
              child(tree),
              StepState.valueOf(tree.get("state").asString().toUpperCase(Locale.ROOT)),
              outputs(tree),
              tree.get("message").asString());
      case "ended" ->
          new RunEvent.Ended(
              run,
              at,
              RunStatus.valueOf(tree.get("status").asString().toUpperCase(Locale.ROOT)),
              tree.get("message").asString());
      default -> throw new IllegalArgumentException("unknown kind of event: " + type);
    };
  }

  private static RunId child(JsonNode tree) {
    return new RunId(tree.get("child").asString());
  }

  private static RunId parent(JsonNode tree, RunId run) {
    return tree.has("parent") ? new RunId(tree.get("parent").asString()) : run;
  }

  private static Digest key(JsonNode tree) {
    return new Digest(tree.get("key").asString());
  }

  private static Optional<Digest> artifacts(JsonNode tree) {
    return tree.has("artifacts")
        ? Optional.of(new Digest(tree.get("artifacts").asString()))
        : Optional.empty();
  }

  private static List<String> list(JsonNode tree, String name) {
    var list = new ArrayList<String>();
    tree.get(name).forEach(it -> list.add(it.asString()));
    return list;
  }

  private static Map<String, String> texts(JsonNode tree, String name) {
    var map = new LinkedHashMap<String, String>();
    if (tree.has(name)) {
      tree.get(name).properties().forEach(e -> map.put(e.getKey(), e.getValue().asString()));
    }
    return map;
  }

  private static Map<String, OutputData> outputs(JsonNode tree) {
    var map = new LinkedHashMap<String, OutputData>();
    for (var entry : tree.get("outputs").properties()) {
      var it = entry.getValue();
      map.put(
          entry.getKey(),
          new OutputData(
              new Digest(it.get("digest").asString()),
              DataType.valueOf(it.get("type").asString().toUpperCase(Locale.ROOT)),
              it.get("name").asString(),
              it.get("bytes").asLong(),
              it.get("files").asLong()));
    }
    return map;
  }
}
