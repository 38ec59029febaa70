package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.Input;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code jobs:} of a pipeline, from a tree that has been validated. */
final class NodeReader {
  private static final List<String> CLOUD_DATA =
      List.of("training_data", "validation_data", "test_data");

  private final PartsReader parts;
  private final PortReader ports;
  private final ComponentReader components;
  private final SweepReader sweeps;
  private final WorkReader work;
  private final ControlFlowReader controlFlow;
  private final Problems problems;

  NodeReader(PartsReader parts, PortReader ports, ComponentReader components, Problems problems) {
    this.parts = parts;
    this.ports = ports;
    this.components = components;
    this.sweeps = new SweepReader(problems, true);
    this.work = new WorkReader(parts, problems);
    this.controlFlow = new ControlFlowReader(ports, problems);
    this.problems = problems;
  }

  List<Node> nodes(Entries pipeline, Source source) {
    var nodes = new ArrayList<Node>();
    for (var entry : pipeline.mapping("jobs").entries()) {
      nodes.add(node(entry, source));
    }
    return nodes;
  }

  private Node node(Entry entry, Source source) {
    String name = entry.key().text();
    Where where = entry.key().where();
    if (!(entry.value() instanceof YamlNode.Mapping)) {
      return new Node.BrokenNode(name, where);
    }
    var entries = Entries.of(entry.value());
    if (!entries.has("type")) {
      return command(name, where, entries, source, false);
    }
    return switch (entries.text("type").orElse("").toLowerCase(Locale.ROOT)) {
      case "command" -> command(name, where, entries, source, true);
      case "pipeline" -> pipelineNode(name, where, entries, source);
      case "sweep" -> sweepNode(name, where, entries, source);
      case "parallel" -> parallelNode(name, where, entries, source);
      case "spark" -> sparkNode(name, where, entries, source);
      case "import" -> importNode(name, where, entries, source);
      case "data_transfer" -> dataTransferNode(name, where, entries, source);
      case "if_else" -> controlFlow.ifElse(name, where, entries);
      case "do_while" -> controlFlow.doWhile(name, where, entries);
      case "parallel_for" -> controlFlow.parallelFor(name, where, entries, source);
      case "automl" -> cloudNode(name, where, entries, source);
      default -> new Node.BrokenNode(name, where); // reported by the validator
    };
  }

  private Node command(String name, Where where, Entries entries, Source source, boolean typed) {
    return entries.has("component")
        ? commandNode(name, where, entries, source, typed)
        : inlineNode(name, where, entries, source);
  }

  private Node sweepNode(String name, Where where, Entries entries, Source source) {
    var trial = use(entries, "trial", source, "command");
    return new Node.SweepNode(
        name,
        where,
        trial,
        sweeps.sweep(entries, "jobs." + name + "."),
        ports.inputs(entries, source, true, declared(trial)),
        ports.outputs(entries),
        overrides(entries, source, false));
  }

  private Node parallelNode(String name, Where where, Entries entries, Source source) {
    var component = component(entries, source, "parallel");
    return new Node.ParallelNode(
        name,
        where,
        component,
        work.parallel(entries, source),
        inputs(entries, source, component),
        ports.outputs(entries),
        overrides(entries, source, false));
  }

  private Node sparkNode(String name, Where where, Entries entries, Source source) {
    var component = component(entries, source, "spark");
    return new Node.SparkNode(
        name,
        where,
        component,
        work.spark(entries, source),
        inputs(entries, source, component),
        ports.outputs(entries),
        overrides(entries, source, true));
  }

  private Node importNode(String name, Where where, Entries entries, Source source) {
    var component = component(entries, source, "import");
    var outputs = ports.outputs(entries);
    if (component.isEmpty()) {
      outputs = new LinkedHashMap<>(outputs);
      for (var entry : entries.entries()) {
        if (entry.key().text().equals("output")) {
          outputs.put("output", PortReader.output(entry));
        }
      }
    }
    return new Node.ImportNode(
        name,
        where,
        component,
        WorkReader.source(entries, "source"),
        inputs(entries, source, component),
        outputs,
        overrides(entries, source, true));
  }

  private Node dataTransferNode(String name, Where where, Entries entries, Source source) {
    var component = component(entries, source, "data_transfer");
    return new Node.DataTransferNode(
        name,
        where,
        component,
        WorkReader.transfer(entries),
        inputs(entries, source, component),
        ports.outputs(entries),
        overrides(entries, source, true));
  }

  /** Its data are fields of their own, which may be bindings as inputs are. */
  private Node cloudNode(String name, Where where, Entries entries, Source source) {
    var data =
        entries.entries().stream()
            .filter(entry -> CLOUD_DATA.contains(entry.key().text()))
            .toList();
    return new Node.CloudNode(
        name,
        where,
        entries.text("type").orElse("").toLowerCase(Locale.ROOT),
        entries.except(List.of()),
        ports.inputs(data, source, true, Map.of()),
        ports.outputs(entries));
  }

  private Optional<ComponentUse> component(Entries entries, Source source, String type) {
    return entries.has("component") ? Optional.of(use(entries, source, type)) : Optional.empty();
  }

  private Map<String, Input> inputs(
      Entries entries, Source source, Optional<ComponentUse> component) {
    return ports.inputs(
        entries, source, true, component.map(NodeReader::declared).orElse(Map.of()));
  }

  private Node inlineNode(String name, Where where, Entries entries, Source source) {
    return new Node.InlineCommandNode(
        name,
        where,
        parts.command(entries, source),
        ports.inputs(entries, source, true, Map.of()),
        ports.outputs(entries),
        overrides(entries, source, true));
  }

  private static Map<String, InputDeclaration> declared(ComponentUse use) {
    return use instanceof ComponentUse.Known(Component component, String _, Where _)
        ? component.inputs()
        : Map.of();
  }

  private Node commandNode(
      String name, Where where, Entries entries, Source source, boolean typed) {
    var use = use(entries, source, typed ? "command" : "");
    var inputs = ports.inputs(entries, source, true, declared(use));
    var outputs = ports.outputs(entries);
    var overrides = overrides(entries, source, false);
    if (use instanceof ComponentUse.Known(Component.PipelineComponent _, String _, Where _)) {
      return new Node.PipelineNode(name, where, use, inputs, outputs, overrides);
    }
    for (String ignored : List.of("command", "code")) {
      entries
          .get(ignored)
          .ifPresent(node ->
              problems.add(
                  Problem.of(
                          ErrorCode.UNKNOWN_FIELD,
                          "jobs."
                              + name
                              + "."
                              + ignored
                              + " is left unread: the node's component has its own")
                      .at(node.where())
                      .warning()));
    }
    return new Node.CommandNode(name, where, use, inputs, outputs, overrides);
  }

  private Node pipelineNode(String name, Where where, Entries entries, Source source) {
    var use = use(entries, source, "pipeline");
    return new Node.PipelineNode(
        name,
        where,
        use,
        ports.inputs(entries, source, true, declared(use)),
        ports.outputs(entries),
        overrides(entries, source, false));
  }

  /**
   * The {@code component:} of a node or of a pipeline job.
   *
   * @param type what it must be; empty when any will do
   */
  ComponentUse use(Entries entries, Source source, String type) {
    return use(entries, "component", source, type);
  }

  private ComponentUse use(Entries entries, String key, Source source, String type) {
    var node = entries.get(key);
    if (node.isEmpty()) {
      return new ComponentUse.Broken(entries.where());
    }
    var written = entries.written(key);
    if (written.isEmpty()) {
      return inline(node.get(), source, type);
    }
    String text = written.get().text();
    if (text.startsWith("azureml:")) {
      if (!AzureReference.isWellFormed(text)) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    key + ": '" + Describe.brief(text) + "' is not a reference")
                .at(written.get().where())
                .fix("write azureml:NAME:VERSION, azureml:NAME@LABEL, azureml:NAME, or a file"));
        return new ComponentUse.Broken(written.get().where());
      }
      return components.referenced(written.get(), type);
    }
    return components.file(written.get(), source, type);
  }

  private ComponentUse inline(YamlNode node, Source source, String type) {
    return node instanceof YamlNode.Mapping mapping
        ? components
            .inline(mapping, source, type)
            .<ComponentUse>map(known -> new ComponentUse.Known(known, "", node.where()))
            .orElseGet(() -> new ComponentUse.Broken(node.where()))
        : new ComponentUse.Broken(node.where());
  }

  /**
   * What a node says beside its work.
   *
   * @param inline whether its work already holds its environment, resources and the like
   */
  private Node.Overrides overrides(Entries entries, Source source, boolean inline) {
    return new Node.Overrides(
        entries.text("display_name"),
        entries.text("description"),
        entries.texts("tags"),
        entries.texts("properties"),
        entries.text("comment"),
        entries.written("compute"),
        parts.identity(entries),
        parts.services(entries),
        parts.limits(entries),
        inline ? Optional.empty() : parts.resources(entries),
        inline ? Optional.empty() : parts.distribution(entries),
        inline ? Optional.empty() : parts.queueSettings(entries),
        inline ? Optional.empty() : parts.environmentReference(entries, source),
        entries.written("environment_variables").filter(Written::hasExpression),
        inline || entries.written("environment_variables").isPresent()
            ? Map.of()
            : parts.environmentVariables(entries));
  }
}
