package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code jobs:} of a pipeline, from a tree that has been validated. */
final class NodeReader {
  private final PartsReader parts;
  private final PortReader ports;
  private final ComponentReader components;
  private final Problems problems;

  NodeReader(PartsReader parts, PortReader ports, ComponentReader components, Problems problems) {
    this.parts = parts;
    this.ports = ports;
    this.components = components;
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
      return other(name, where, "");
    }
    var entries = Entries.of(entry.value());
    var type = entries.text("type").map(text -> text.toLowerCase(Locale.ROOT));
    if (entries.has("type") && !type.equals(Optional.of("command"))) {
      return type.equals(Optional.of("pipeline"))
          ? pipelineNode(name, where, entries, source)
          : other(name, where, type.orElse(""));
    }
    return entries.has("component")
        ? commandNode(name, where, entries, source, type.isPresent())
        : inlineNode(name, where, entries, source);
  }

  /** A node whose fault, or whose kind, has been reported by the validator. */
  private static Node other(String name, Where where, String type) {
    return new Node.OtherNode(name, where, type, true, Map.of(), Map.of(), List.of());
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
    var node = entries.get("component");
    if (node.isEmpty()) {
      return new ComponentUse.Broken(entries.where());
    }
    var written = entries.written("component");
    if (written.isEmpty()) {
      return inline(node.get(), source, type);
    }
    String text = written.get().text();
    if (text.startsWith("azureml:")) {
      if (!AzureReference.isWellFormed(text)) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    "component: '" + Describe.brief(text) + "' is not a reference")
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

  /** An inline node's command already holds its environment and the like. */
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
