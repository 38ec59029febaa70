package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.LocalPath;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads components: written inside a node, from files, or from what a reference stands for. */
final class ComponentReader {
  /** Deeper than any real pipeline; keeps a long chain of files from exhausting the stack. */
  private static final int DEEPEST = 50;

  private final Shapes shapes;
  private final Problems problems;
  private final DisplayNames names;
  private final PartsReader parts;
  private final PortReader ports;
  private final NodeReader nodes;
  private final WorkReader work;
  private final ComponentSource references;
  private final Map<Path, Optional<Component>> read = new HashMap<>();
  private final LinkedHashSet<Path> chain = new LinkedHashSet<>();

  ComponentReader(
      Shapes shapes, Problems problems, DisplayNames names, ComponentSource references) {
    this.shapes = shapes;
    this.problems = problems;
    this.names = names;
    this.references = references;
    this.parts = new PartsReader(shapes, problems, names);
    this.ports = new PortReader(problems);
    this.work = new WorkReader(parts, problems);
    this.nodes = new NodeReader(parts, ports, this, problems);
  }

  PartsReader parts() {
    return parts;
  }

  PortReader ports() {
    return ports;
  }

  WorkReader work() {
    return work;
  }

  NodeReader nodes() {
    return nodes;
  }

  /** Notes the file that is being read, so that one which leads back to it is found. */
  void enter(Path file) {
    chain.add(canonical(file));
  }

  /** What {@code azureml:name:version} stands for, if that is known here. */
  ComponentUse referenced(Written reference, String type) {
    return references
        .file(reference.text())
        .map(file ->
            known(
                new LocalPath(reference.text(), file.toAbsolutePath(), reference.where()),
                Source.of(DisplayNames.folder(file), problems),
                type))
        .orElseGet(() -> new ComponentUse.Reference(reference));
  }

  /** The component in a file. */
  ComponentUse file(Written written, Source source, String type) {
    if (written.hasExpression()) {
      problems.add(
          Problem.of(ErrorCode.BAD_EXPRESSION, "component: cannot be an expression")
              .at(written.where())
              .fix("name a file, or azureml:NAME:VERSION"));
      return new ComponentUse.Broken(written.where());
    }
    return source
        .path(written)
        .map(path -> known(path, source, type))
        .orElseGet(() -> new ComponentUse.Broken(written.where()));
  }

  private ComponentUse known(LocalPath path, Source source, String type) {
    if (!Files.isRegularFile(path.absolute())) {
      if (source.exists(path.absolute())) {
        problems.add(
            Problem.of(ErrorCode.WRONG_VALUE, "component: '" + path.written() + "' is not a file")
                .at(path.where()));
      } else {
        source.mustExist(path, "component:");
      }
      return new ComponentUse.Broken(path.where());
    }
    Path file = canonical(path.absolute());
    if (chain.contains(file)) {
      problems.add(selfInclusion(file, path));
      return new ComponentUse.Broken(path.where());
    }
    if (chain.size() >= DEEPEST) {
      problems.add(
          Problem.of(ErrorCode.YAML_LIMIT, "components nest deeper than " + DEEPEST + " files")
              .at(path.where()));
      return new ComponentUse.Broken(path.where());
    }
    Optional<Component> component = read.get(file);
    if (component == null) {
      component = read(path, file, source);
      read.put(file, component);
    }
    return component
        .filter(it -> isOfType(it, type, path))
        .<ComponentUse>map(it -> new ComponentUse.Known(it, path.written(), path.where()))
        .orElseGet(() -> new ComponentUse.Broken(path.where()));
  }

  private boolean isOfType(Component component, String type, LocalPath path) {
    String is = type(component);
    if (type.isEmpty() || type.equals(is)) {
      return true;
    }
    problems.add(
        Problem.of(
                ErrorCode.WRONG_VALUE,
                "component: '" + path.written() + "' is of type " + is + ", not " + type)
            .at(path.where())
            .fix("write 'type: " + is + "' in the node, or name another component"));
    return false;
  }

  private static String type(Component component) {
    return switch (component) {
      case Component.CommandComponent _ -> "command";
      case Component.PipelineComponent _ -> "pipeline";
      case Component.ParallelComponent _ -> "parallel";
      case Component.SparkComponent _ -> "spark";
      case Component.ImportComponent _ -> "import";
      case Component.DataTransferComponent _ -> "data_transfer";
    };
  }

  private Problem selfInclusion(Path file, LocalPath path) {
    var way = new StringJoiner(" -> ");
    boolean within = false;
    for (Path each : chain) {
      within |= each.equals(file);
      if (within) {
        way.add(names.of(each));
      }
    }
    way.add(names.of(file));
    return Problem.of(ErrorCode.CYCLE, "a component that holds itself: " + way)
        .at(path.where())
        .fix("to repeat a pipeline, make it the body of a do_while node; else take this node out");
  }

  private Optional<Component> read(LocalPath path, Path file, Source source) {
    var tree = YamlReader.read(path.absolute(), names.of(path.absolute()), problems);
    if (tree.isEmpty()) {
      return Optional.empty();
    }
    chain.add(file);
    try {
      return component(tree.get(), source.in(DisplayNames.folder(path.absolute())), false);
    } finally {
      chain.remove(file);
    }
  }

  /** A component that is the document itself. */
  Optional<Component> own(YamlNode tree, Source source) {
    return component(tree, source, true);
  }

  /**
   * A component in a file.
   *
   * @param named whether it needs a good name; one that a node uses does not, as in Azure
   */
  private Optional<Component> component(YamlNode tree, Source source, boolean named) {
    var type = type(tree, "");
    if (type.isEmpty()) {
      return Optional.empty();
    }
    new Validator(shapes, problems).check(tree, shapes.component(type.get(), named), Trail.TOP);
    return component(tree, source, type.get());
  }

  /** A component inside a node: the validator has seen it with the node. */
  Optional<Component> inline(YamlNode.Mapping tree, Source source, String expected) {
    var type = type(tree, expected);
    return type.isEmpty() ? Optional.empty() : component(tree, source, type.get());
  }

  /** What it says it is; a type that there is not is reported. */
  private Optional<String> type(YamlNode tree, String otherwise) {
    var entries = Entries.of(tree);
    if (!entries.has("type")) {
      return Optional.of(
          !otherwise.isEmpty() ? otherwise : entries.has("jobs") ? "pipeline" : "command");
    }
    var type = entries.text("type").map(text -> text.toLowerCase(Locale.ROOT)).orElse("");
    if (Kinds.COMPONENT_TYPES.containsKey(type)) {
      return Optional.of(type);
    }
    Where where = entries.get("type").map(YamlNode::where).orElse(tree.where());
    problems.add(Kinds.unknownType(type, where, Kinds.COMPONENT_TYPES.keySet(), "component"));
    return Optional.empty();
  }

  private Optional<Component> component(YamlNode tree, Source source, String type) {
    if (!(tree instanceof YamlNode.Mapping)) {
      return Optional.empty();
    }
    var entries = Entries.of(tree);
    var header = header(entries);
    var inputs = ports.inputDeclarations(entries);
    var outputs = ports.outputDeclarations(entries);
    return Optional.of(
        switch (type) {
          case "pipeline" -> {
            var pipeline =
                new Component.PipelineComponent(
                    header, inputs, outputs, nodes.nodes(entries, source));
            Kinds.noNodes(entries).ifPresent(problems::add);
            yield pipeline;
          }
          case "parallel" ->
              new Component.ParallelComponent(
                  header, work.parallel(entries, source), inputs, outputs);
          case "spark" ->
              new Component.SparkComponent(header, work.spark(entries, source), inputs, outputs);
          case "import" -> importing(header, entries);
          case "data_transfer" ->
              new Component.DataTransferComponent(
                  header, WorkReader.transfer(entries), inputs, outputs);
          default ->
              new Component.CommandComponent(
                  header, parts.command(entries, source), inputs, outputs);
        });
  }

  private Component importing(Component.Header header, Entries entries) {
    return new Component.ImportComponent(
        header,
        ports.inputDeclarations(entries, "source"),
        Map.of("output", ports.outputDeclaration("output", entries.mapping("output"))));
  }

  private static Component.Header header(Entries entries) {
    return new Component.Header(
        entries.text("name"),
        entries.version("version"),
        entries.text("display_name"),
        entries.text("description"),
        entries.texts("tags"),
        entries.values("properties"),
        entries.flag("is_deterministic", true),
        entries.text("id"),
        entries.get("auto_delete_setting").map(Entries::value),
        entries.where());
  }

  /** One name for a file, whatever the way to it. */
  private static Path canonical(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }
}
