package io.headrace.kfp;

import io.headrace.kfp.Spec.ArtifactPort;
import io.headrace.kfp.Spec.Component;
import io.headrace.kfp.Spec.Executor;
import io.headrace.kfp.Spec.Parameter;
import io.headrace.kfp.Spec.Retry;
import io.headrace.name.StepId;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.EnvironmentSpec;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the step of one task: our launcher, told what to run and where things are. Values reach it
 * as words of their own, never as shell text.
 */
final class TaskSteps {
  static final String LAUNCHER = "headrace-launcher";
  private static final StepInput.Supplied LAUNCHER_FILES =
      new StepInput.Supplied(
          "io/headrace/kfp/launcher",
          List.of(
              "__main__.py",
              "importer.py",
              "loops.py",
              "metrics.py",
              "placeholders.py",
              "ports.py",
              "runner.py"));

  /** The type of a value that only stands in a text: no component declares it. */
  private static final String AS_IT_IS = "ANY";

  private static final EnvironmentSpec HERE = EnvironmentSpec.named("azureml:local");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Linux takes 128 KiB for one variable. */
  private static final int MOST_BYTES = 120_000;

  private static final Pattern PYTHON_IMAGE =
      Pattern.compile("(?:docker\\.io/)?(?:library/)?python:(3(?:\\.\\d+)?)(?:[.-].*)?");

  private final String pipeline;
  private final Problems problems;

  TaskSteps(String pipeline, Problems problems) {
    this.pipeline = pipeline;
    this.problems = problems;
  }

  /**
   * All that one task is.
   *
   * @param after steps that must have succeeded, beside those that it reads from
   * @param afterEnd steps that must have ended
   * @param status the steps whose end a parameter tells, by the parameter's name
   */
  record Use(
      StepId id,
      String name,
      String displayName,
      Map<String, Bound> inputs,
      List<StepId> after,
      List<StepId> afterEnd,
      Map<String, Status> status,
      Retry retry,
      Optional<Duration> timeout,
      boolean cached,
      Where where) {}

  /** How another task ended. */
  record Status(String task, List<StepId> steps) {}

  Step container(Use use, Component component, Executor.Container it) {
    var prelude = PipPrelude.of(it.command());
    var command = JSON.objectNode();
    command.set("command", texts(prelude.map(PipPrelude::command).orElse(it.command())));
    command.set("args", texts(it.args()));
    var requirements = prelude.map(PipPrelude::requirements).orElse(List.of());
    var environment =
        new EnvironmentSpec(
            Optional.of(it.image()),
            Optional.of(it.image()),
            requirements.isEmpty()
                ? Optional.empty()
                : Optional.of(conda(it.image(), requirements)),
            Optional.empty());
    return step(use, component, command, environment, it.variables(), Map.of());
  }

  Step importer(Use use, Component component, Executor.Importer it, Map<String, StepInput> data) {
    var what = JSON.objectNode();
    it.uri().ifPresent(uri -> what.put("uri", uri));
    what.set("metadata", it.metadata());
    var command = JSON.objectNode();
    command.set("importer", what);
    return step(use, component, command, HERE, Map.of(), data);
  }

  /** Writes down what a loop goes through. */
  Step items(Use use, String loop) {
    var command = JSON.objectNode();
    command.put("items", loop);
    return step(
        use, component("items", ParameterType.LIST, use), command, HERE, Map.of(), Map.of());
  }

  /** Writes down the places in what a loop has gathered, for another loop to go through. */
  Step places(Use use, String loop) {
    var command = JSON.objectNode();
    command.put("places", loop);
    var artifact = new ArtifactPort(JSON.objectNode(), true, false, use.where());
    var items = new Parameter(ParameterType.LIST, Optional.empty(), false, use.where());
    var component =
        new Component(
            "places",
            new Spec.Ports(Map.of(), Map.of("items", artifact)),
            new Spec.Ports(Map.of("items", items), Map.of()),
            new Spec.Work.Label("", use.where()),
            use.where());
    return step(use, component, command, HERE, Map.of(), Map.of());
  }

  /** Writes a part of a value down alone, for a condition to read. */
  Step value(Use use) {
    var command = JSON.objectNode();
    command.put("value", true);
    return step(
        use, component("value", ParameterType.STRING, use), command, HERE, Map.of(), Map.of());
  }

  private static Component component(String name, ParameterType type, Use use) {
    var parameter = new Parameter(type, Optional.empty(), false, use.where());
    var ports = new Spec.Ports(Map.of(name, parameter), Map.of());
    return new Component(name, ports, ports, new Spec.Work.Label("", use.where()), use.where());
  }

  private Step step(
      Use use,
      Component component,
      ObjectNode command,
      EnvironmentSpec environment,
      Map<String, String> variables,
      Map<String, StepInput> data) {
    var call = new Call();
    use.inputs().forEach((name, bound) -> call.input(name, bound, component));
    data.forEach(call::raw);
    use.status()
        .forEach((name, status) -> {
          var port = port(name, "status");
          port.put("task", status.task());
          call.add(port, new StepInput.HowEnded(status.steps()), new Segment.InputPath(name));
        });
    component.outputs().parameters().forEach(call::output);
    component.outputs().artifacts().forEach(call::output);
    call.order(use);
    var ports = JSON.objectNode();
    ports.put("pipeline", pipeline);
    ports.put("task", use.name());
    ports.set("inputs", call.ports);
    ports.set("outputs", call.outputPorts);
    if (use.retry().count() > 0) {
      ports.set("retry", retry(use.retry()));
    }
    var all = new LinkedHashMap<String, List<Segment>>();
    variables.forEach((name, value) -> all.put(name, List.of(new Segment.Text(value))));
    all.put("HEADRACE_KFP_COMMAND", text(use, command));
    all.put("HEADRACE_KFP_PORTS", text(use, ports));
    return new Step(
        use.id(),
        use.displayName(),
        call.command(),
        new Code.None(),
        environment,
        all,
        call.inputs,
        call.outputs,
        use.timeout(),
        use.cached(),
        false,
        "",
        Map.of(),
        use.where(),
        Map.of());
  }

  private List<Segment> text(Use use, JsonNode json) {
    var text = Values.json(json);
    if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "task " + use.name() + ": its command is longer than " + MOST_BYTES + " bytes")
              .at(use.where())
              .fix("put the code into a package, and name it in packages_to_install"));
    }
    return List.of(new Segment.Text(text));
  }

  private static ObjectNode retry(Retry retry) {
    var made = JSON.objectNode();
    made.put("count", retry.count());
    made.put("delay", retry.delay());
    made.put("factor", retry.factor());
    made.put("most", retry.most());
    return made;
  }

  private static ArrayNode texts(List<String> texts) {
    var made = JSON.arrayNode();
    texts.forEach(made::add);
    return made;
  }

  private static ObjectNode port(String name, String kind) {
    var port = JSON.objectNode();
    port.put("name", name);
    port.put("kind", kind);
    return port;
  }

  /** The packages that the command would install, over the Python that the image's name tells. */
  private static String conda(String image, List<String> requirements) {
    var made = JSON.objectNode();
    var dependencies = made.putArray("dependencies");
    var python = PYTHON_IMAGE.matcher(image);
    if (python.matches()) {
      dependencies.add("python=" + python.group(1));
    }
    var pip = JSON.objectNode();
    pip.set("pip", texts(requirements));
    dependencies.add(pip);
    return Values.json(made);
  }

  /** The launcher's call, as it grows. */
  private static final class Call {
    private final Map<String, StepInput> inputs = new LinkedHashMap<>();
    private final Map<String, StepOutput> outputs = new LinkedHashMap<>();
    private final ArrayNode ports = JSON.arrayNode();
    private final ArrayNode outputPorts = JSON.arrayNode();
    private final List<Segment> arguments = new ArrayList<>();
    private final List<Segment> outputArguments = new ArrayList<>();

    Call() {
      inputs.put(LAUNCHER, LAUNCHER_FILES);
    }

    void input(String name, Bound bound, Component component) {
      var artifact = component.inputs().artifacts().get(name);
      if (artifact != null) {
        artifact(name, bound, artifact);
        return;
      }
      var declared = Optional.ofNullable(component.inputs().parameters().get(name));
      parameter(name, bound, declared.map(Parameter::type));
    }

    private void parameter(String name, Bound bound, Optional<ParameterType> declared) {
      switch (bound) {
        case Bound.Known(JsonNode value) -> {
          var type =
              declared.orElse(value.isString() ? ParameterType.STRING : ParameterType.STRUCT);
          var typed = Values.typed(value, type);
          if (!typed.isNull()) {
            literal(name, Values.text(typed), type.name(), List.of(), type.name());
          }
        }
        case Bound.Item(String loop, List<String> select) ->
            literal(
                name,
                Slot.of(loop),
                "JSON",
                select,
                declared.map(ParameterType::name).orElse(AS_IT_IS));
        case Bound.Made it -> {
          var from = it.type().orElse(ParameterType.STRING);
          var port = port(name, "parameter");
          port.put("from", from.name());
          port.put("type", (it.depth() > 0 ? ParameterType.LIST : declared.orElse(from)).name());
          made(port, it, it.depth() > 0 ? DataType.URI_FOLDER : DataType.URI_FILE);
        }
        case Bound.Outside _, Bound.Absent _ -> {}
      }
    }

    private void literal(String name, String text, String from, List<String> select, String type) {
      var port = port(name, "literal");
      port.put("from", from);
      port.put("type", type);
      if (!select.isEmpty()) {
        port.set("select", texts(select));
      }
      add(port, new StepInput.Literal(text), new Segment.Value(name, text));
    }

    private void artifact(String name, Bound bound, ArtifactPort declared) {
      switch (bound) {
        case Bound.Made it -> {
          var port = port(name, "artifact");
          port.set("type", declared.type());
          made(port, it, DataType.URI_FOLDER);
        }
        case Bound.Outside(StepInput input) -> {
          var port = port(name, "artifact");
          port.set("type", declared.type());
          port.put("raw", true);
          add(port, input, new Segment.InputPath(name));
        }
        case Bound.Known _, Bound.Item _, Bound.Absent _ -> {}
      }
    }

    private void made(ObjectNode port, Bound.Made it, DataType type) {
      if (!it.select().isEmpty()) {
        port.set("select", texts(it.select()));
      }
      if (it.depth() > 0) {
        port.put("depth", it.depth());
      }
      if (!it.at().isEmpty()) {
        port.set("at", texts(it.at().stream().map(this::place).toList()));
      }
      var from = new StepInput.FromStep(it.step(), it.output(), type, StepInput.Mode.RO_MOUNT);
      var name = port.get("name").asString();
      add(port, it.optional() ? new StepInput.IfMade(from) : from, new Segment.InputPath(name));
    }

    /** The number of a loop's item, as an input of its own. */
    private String place(String loop) {
      var name = "headrace-at-" + ports.size();
      literal(name, Slot.of(loop), "JSON", List.of(), AS_IT_IS);
      return name;
    }

    /** A file or folder from outside, for an importer. */
    void raw(String name, StepInput input) {
      var port = port(name, "artifact");
      port.set("type", JSON.objectNode());
      port.put("raw", true);
      add(port, input, new Segment.InputPath(name));
    }

    void add(ObjectNode port, StepInput input, Segment argument) {
      inputs.put(port.get("name").asString(), input);
      ports.add(port);
      arguments.add(argument);
    }

    void output(String name, Parameter parameter) {
      var port = port(name, "parameter");
      port.put("type", parameter.type().name());
      output(port, DataType.URI_FILE);
    }

    void output(String name, ArtifactPort artifact) {
      var port = port(name, "artifact");
      port.set("type", artifact.type());
      output(port, DataType.URI_FOLDER);
    }

    private void output(ObjectNode port, DataType type) {
      var name = port.get("name").asString();
      outputs.put(
          name, new StepOutput(type, StepOutput.Mode.RW_MOUNT, Optional.empty(), Optional.empty()));
      outputPorts.add(port);
      outputArguments.add(new Segment.OutputPath(name));
    }

    /** Steps to wait for without reading from them. */
    void order(Use use) {
      int number = 0;
      for (var step : use.after()) {
        inputs.put("headrace-after-" + number++, new StepInput.After(step, true));
      }
      for (var step : use.afterEnd()) {
        inputs.put("headrace-after-" + number++, new StepInput.After(step, false));
      }
    }

    List<Segment> command() {
      var command = new ArrayList<Segment>();
      command.add(new Segment.Text("python3 \""));
      command.add(new Segment.InputPath(LAUNCHER));
      for (var argument : arguments) {
        command.add(new Segment.Text("\" \""));
        command.add(argument);
      }
      for (var argument : outputArguments) {
        command.add(new Segment.Text("\" \""));
        command.add(argument);
      }
      command.add(new Segment.Text("\""));
      return command;
    }
  }
}
