package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.name.StepId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Service;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.plan.ValueType;
import io.headrace.problem.Where;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plan as JSON text and back, so that a run can be taken up again without the files it came from.
 * The same plan always gives the same bytes.
 */
final class PlanText {
  private PlanText() {}

  static void write(Plan plan, OutputStream to) {
    try (var out = Json.factory().createGenerator(ObjectWriteContext.empty(), to)) {
      out.writeStartObject();
      plan.name().ifPresent(name -> out.writeStringProperty("name", name));
      out.writeStringProperty("display_name", plan.displayName());
      out.writeStringProperty("experiment", plan.experiment());
      out.writeStringProperty("description", plan.description());
      Json.texts(out, "tags", plan.tags());
      Json.texts(out, "parameters", plan.parameters());
      out.writeBooleanProperty("continue_on_step_failure", plan.continueOnStepFailure());
      out.writeBooleanProperty("force_rerun", plan.forceRerun());
      out.writeBooleanProperty("single_step", plan.singleStep());
      out.writeObjectPropertyStart("outputs");
      plan.outputs()
          .forEach((name, ref) -> {
            out.writeArrayPropertyStart(name);
            out.writeString(ref.step().value());
            out.writeString(ref.output());
            out.writeEndArray();
          });
      out.writeEndObject();
      out.writeArrayPropertyStart("steps");
      plan.steps().forEach(step -> write(step, out));
      out.writeEndArray();
      ids(out, "first", plan.ends().first());
      ids(out, "last", plan.ends().last());
      if (!plan.groups().isEmpty()) {
        out.writeArrayPropertyStart("groups");
        plan.groups().forEach(group -> GroupText.write(group, out));
        out.writeEndArray();
      }
      out.writeEndObject();
    }
  }

  private static void ids(JsonGenerator out, String name, Set<StepId> ids) {
    if (!ids.isEmpty()) {
      out.writeArrayPropertyStart(name);
      ids.forEach(id -> out.writeString(id.value()));
      out.writeEndArray();
    }
  }

  private static Set<StepId> ids(JsonNode tree, String name) {
    var ids = new LinkedHashSet<StepId>();
    if (tree.has(name)) {
      tree.get(name).forEach(it -> ids.add(new StepId(it.asString())));
    }
    return ids;
  }

  static void write(Step step, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("id", step.id().value());
    out.writeStringProperty("display_name", step.displayName());
    out.writeName("command");
    write(step.command(), out);
    switch (step.code()) {
      case Code.None _ -> {}
      case Code.Stored(Digest manifest) -> out.writeStringProperty("code", manifest.hex());
      case Code.Local it -> throw new IllegalStateException("code is not captured: " + it.path());
    }
    write(step.environment(), out);
    out.writeObjectPropertyStart("variables");
    step.environmentVariables()
        .forEach((name, value) -> {
          out.writeName(name);
          write(value, out);
        });
    out.writeEndObject();
    out.writeObjectPropertyStart("inputs");
    step.inputs()
        .forEach((name, input) -> {
          out.writeObjectPropertyStart(name);
          write(input, out);
          out.writeEndObject();
        });
    out.writeEndObject();
    out.writeObjectPropertyStart("outputs");
    step.outputs()
        .forEach((name, output) -> {
          out.writeObjectPropertyStart(name);
          write(output, out);
          out.writeEndObject();
        });
    out.writeEndObject();
    step.timeout().ifPresent(it -> out.writeNumberProperty("timeout_ms", it.toMillis()));
    out.writeBooleanProperty("deterministic", step.deterministic());
    if (step.checkpointed()) {
      out.writeBooleanProperty("checkpointed", true);
    }
    out.writeStringProperty("compute", step.compute());
    Json.texts(out, "tags", step.tags());
    writeServices(step.services(), out);
    out.writeStringProperty("file", step.where().file());
    out.writeNumberProperty("line", step.where().line());
    out.writeNumberProperty("column", step.where().column());
    out.writeEndObject();
  }

  private static void write(List<Segment> segments, JsonGenerator out) {
    out.writeStartArray();
    for (var segment : segments) {
      out.writeStartObject();
      switch (segment) {
        case Segment.Text(String text) -> out.writeStringProperty("text", text);
        case Segment.Value(String input, String value) -> {
          out.writeStringProperty("parameter", input);
          out.writeStringProperty("value", value);
        }
        case Segment.InputPath(String input) -> out.writeStringProperty("input", input);
        case Segment.OutputPath(String output) -> out.writeStringProperty("output", output);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void write(EnvironmentSpec spec, JsonGenerator out) {
    out.writeObjectPropertyStart("environment");
    spec.name().ifPresent(it -> out.writeStringProperty("name", it));
    spec.image().ifPresent(it -> out.writeStringProperty("image", it));
    spec.condaFile().ifPresent(it -> out.writeStringProperty("conda_file", it));
    spec.build()
        .ifPresent(it -> {
          out.writeStringProperty("context", it.context());
          out.writeStringProperty("dockerfile", it.dockerfile());
        });
    if (!spec.packages().isEmpty()) {
      out.writeArrayPropertyStart("packages");
      spec.packages().forEach(out::writeString);
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  static void write(StepInput input, JsonGenerator out) {
    switch (input) {
      case StepInput.Literal(String value) -> out.writeStringProperty("value", value);
      case StepInput.Local it -> {
        if (it.mode() != StepInput.Mode.DIRECT) {
          throw new IllegalStateException("input is not captured: " + it.path());
        }
        out.writeStringProperty("path", it.path().toString());
        write(it.type(), it.mode(), out);
      }
      case StepInput.FromStep it -> {
        out.writeStringProperty("step", it.step().value());
        out.writeStringProperty("output", it.output());
        write(it.type(), it.mode(), out);
      }
      case StepInput.OfItem it -> {
        out.writeStringProperty("of_item", it.name());
        write(it.type(), it.mode(), out);
      }
      case StepInput.MadeValue it -> {
        out.writeStringProperty("value_of", it.step().value());
        out.writeStringProperty("output", it.output());
        out.writeStringProperty("type", it.type().yaml());
      }
      case StepInput.Stored it -> {
        out.writeStringProperty("digest", it.digest().hex());
        out.writeStringProperty("name", it.name());
        write(it.type(), it.mode(), out);
      }
      case StepInput.Supplied it ->
          throw new IllegalStateException("input is not captured: " + it.resources());
      case StepInput.After it -> {
        out.writeStringProperty("after", it.step().value());
        out.writeBooleanProperty("succeeded", it.succeeded());
      }
      case StepInput.IfMade(StepInput.FromStep it) -> {
        out.writeObjectPropertyStart("if_made");
        write(it, out);
        out.writeEndObject();
      }
      case StepInput.HowEnded(List<StepId> steps) -> {
        out.writeArrayPropertyStart("how_ended");
        steps.forEach(step -> out.writeString(step.value()));
        out.writeEndArray();
      }
      case StepInput.Remote it -> {
        out.writeStringProperty("uri", it.uri());
        write(it.type(), it.mode(), out);
      }
    }
  }

  private static void write(DataType type, StepInput.Mode mode, JsonGenerator out) {
    out.writeStringProperty("type", type.yaml());
    out.writeStringProperty("mode", mode.name().toLowerCase(Locale.ROOT));
  }

  private static void write(StepOutput output, JsonGenerator out) {
    out.writeStringProperty("type", output.type().yaml());
    out.writeStringProperty("mode", output.mode().name().toLowerCase(Locale.ROOT));
    output
        .registerAs()
        .ifPresent(it -> {
          out.writeStringProperty("register_name", it.name());
          it.version().ifPresent(v -> out.writeStringProperty("register_version", v));
        });
    output.path().ifPresent(it -> out.writeStringProperty("path", it));
    output.value().ifPresent(it -> out.writeStringProperty("value", it.yaml()));
  }

  /** The inverse of {@link #write(Plan, OutputStream)}; the stream is left open. */
  static Plan read(InputStream from) {
    var tree = JsonMapper.shared().readTree(from);
    var outputs = new LinkedHashMap<String, Plan.StepRef>();
    tree.get("outputs")
        .properties()
        .forEach(e ->
            outputs.put(
                e.getKey(),
                new Plan.StepRef(
                    new StepId(e.getValue().get(0).asString()), e.getValue().get(1).asString())));
    var steps = new ArrayList<Step>();
    tree.get("steps").forEach(it -> steps.add(step(it)));
    var groups = new ArrayList<Group>();
    if (tree.has("groups")) {
      tree.get("groups").forEach(it -> groups.add(GroupText.read(it)));
    }
    return new Plan(
        text(tree, "name"),
        tree.get("display_name").asString(),
        tree.get("experiment").asString(),
        tree.get("description").asString(),
        texts(tree, "tags"),
        steps,
        groups,
        outputs,
        texts(tree, "parameters"),
        tree.get("continue_on_step_failure").asBoolean(),
        tree.get("force_rerun").asBoolean(),
        tree.get("single_step").asBoolean(),
        new Plan.Ends(ids(tree, "first"), ids(tree, "last")));
  }

  static Step step(JsonNode tree) {
    var variables = new LinkedHashMap<String, List<Segment>>();
    tree.get("variables")
        .properties()
        .forEach(e -> variables.put(e.getKey(), segments(e.getValue())));
    var inputs = new LinkedHashMap<String, StepInput>();
    tree.get("inputs").properties().forEach(e -> inputs.put(e.getKey(), input(e.getValue())));
    var outputs = new LinkedHashMap<String, StepOutput>();
    tree.get("outputs").properties().forEach(e -> outputs.put(e.getKey(), output(e.getValue())));
    return new Step(
        new StepId(tree.get("id").asString()),
        tree.get("display_name").asString(),
        segments(tree.get("command")),
        text(tree, "code").<Code>map(it -> new Code.Stored(new Digest(it))).orElse(new Code.None()),
        environment(tree.get("environment")),
        variables,
        inputs,
        outputs,
        tree.has("timeout_ms")
            ? Optional.of(Duration.ofMillis(tree.get("timeout_ms").asLong()))
            : Optional.empty(),
        tree.get("deterministic").asBoolean(),
        tree.has("checkpointed"),
        tree.get("compute").asString(),
        texts(tree, "tags"),
        new Where(
            tree.get("file").asString(), tree.get("line").asInt(), tree.get("column").asInt()),
        services(tree));
  }

  private static void writeServices(Map<String, Service> services, JsonGenerator out) {
    if (services.isEmpty()) {
      return;
    }
    out.writeObjectPropertyStart("services");
    services.forEach((name, service) -> {
      out.writeObjectPropertyStart(name);
      out.writeStringProperty("kind", service.kind().yaml());
      service.port().ifPresent(it -> out.writeNumberProperty("port", it));
      out.writeStringProperty("log_folder", service.logFolder());
      out.writeEndObject();
    });
    out.writeEndObject();
  }

  private static Map<String, Service> services(JsonNode tree) {
    var services = new LinkedHashMap<String, Service>();
    if (tree.has("services")) {
      tree.get("services")
          .properties()
          .forEach(e ->
              services.put(
                  e.getKey(),
                  new Service(
                      Service.Kind.valueOf(
                          e.getValue().get("kind").asString().toUpperCase(Locale.ROOT)),
                      text(e.getValue(), "port").map(Integer::parseInt),
                      e.getValue().get("log_folder").asString())));
    }
    return services;
  }

  private static List<Segment> segments(JsonNode tree) {
    var segments = new ArrayList<Segment>();
    for (var it : tree) {
      if (it.has("text")) {
        segments.add(new Segment.Text(it.get("text").asString()));
      } else if (it.has("parameter")) {
        segments.add(new Segment.Value(it.get("parameter").asString(), it.get("value").asString()));
      } else if (it.has("input")) {
        segments.add(new Segment.InputPath(it.get("input").asString()));
      } else {
        segments.add(new Segment.OutputPath(it.get("output").asString()));
      }
    }
    return segments;
  }

  private static EnvironmentSpec environment(JsonNode tree) {
    var packages = new ArrayList<String>();
    if (tree.has("packages")) {
      tree.get("packages").forEach(it -> packages.add(it.asString()));
    }
    return new EnvironmentSpec(
        text(tree, "name"),
        text(tree, "image"),
        text(tree, "conda_file"),
        text(tree, "context")
            .map(it -> new EnvironmentSpec.Build(it, tree.get("dockerfile").asString())),
        packages);
  }

  static StepInput input(JsonNode tree) {
    if (tree.has("value")) {
      return new StepInput.Literal(tree.get("value").asString());
    }
    if (tree.has("value_of")) {
      return new StepInput.MadeValue(
          new StepId(tree.get("value_of").asString()),
          tree.get("output").asString(),
          valueType(tree.get("type").asString()));
    }
    if (tree.has("after")) {
      return new StepInput.After(
          new StepId(tree.get("after").asString()), tree.get("succeeded").asBoolean());
    }
    if (tree.has("if_made")) {
      return new StepInput.IfMade((StepInput.FromStep) input(tree.get("if_made")));
    }
    if (tree.has("how_ended")) {
      var steps = new ArrayList<StepId>();
      tree.get("how_ended").forEach(it -> steps.add(new StepId(it.asString())));
      return new StepInput.HowEnded(steps);
    }
    var type = type(tree);
    var mode = StepInput.Mode.valueOf(tree.get("mode").asString().toUpperCase(Locale.ROOT));
    if (tree.has("path")) {
      return new StepInput.Local(Path.of(tree.get("path").asString()), type, mode);
    }
    if (tree.has("step")) {
      return new StepInput.FromStep(
          new StepId(tree.get("step").asString()), tree.get("output").asString(), type, mode);
    }
    if (tree.has("of_item")) {
      return new StepInput.OfItem(tree.get("of_item").asString(), type, mode);
    }
    if (tree.has("digest")) {
      return new StepInput.Stored(
          new Digest(tree.get("digest").asString()), tree.get("name").asString(), type, mode);
    }
    return new StepInput.Remote(tree.get("uri").asString(), type, mode);
  }

  private static StepOutput output(JsonNode tree) {
    return new StepOutput(
        type(tree),
        StepOutput.Mode.valueOf(tree.get("mode").asString().toUpperCase(Locale.ROOT)),
        text(tree, "register_name")
            .map(it -> new StepOutput.AssetRef(it, text(tree, "register_version"))),
        text(tree, "path"),
        text(tree, "value").map(PlanText::valueType));
  }

  private static ValueType valueType(String text) {
    return ValueType.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static DataType type(JsonNode tree) {
    return DataType.valueOf(tree.get("type").asString().toUpperCase(Locale.ROOT));
  }

  private static Optional<String> text(JsonNode tree, String name) {
    return tree.has(name) ? Optional.of(tree.get(name).asString()) : Optional.empty();
  }

  private static Map<String, String> texts(JsonNode tree, String name) {
    var map = new LinkedHashMap<String, String>();
    if (tree.has(name)) {
      tree.get(name).properties().forEach(e -> map.put(e.getKey(), e.getValue().asString()));
    }
    return map;
  }
}
