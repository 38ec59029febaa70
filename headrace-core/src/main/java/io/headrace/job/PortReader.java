package io.headrace.job;

import io.headrace.plan.DataType;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.DataPath;
import io.headrace.spec.Input;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType;
import io.headrace.spec.LocalPath;
import io.headrace.spec.Output;
import io.headrace.spec.OutputDeclaration;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads inputs and outputs, given and declared, from a tree that has been validated. */
final class PortReader {
  private final Problems problems;

  PortReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * The inputs that a job or a node is given. Only a node's may be expressions.
   *
   * @param declared by the node's component: a text for one of type data is its path, as in Azure
   */
  Map<String, Input> inputs(
      Entries entries, Source source, boolean inNode, Map<String, InputDeclaration> declared) {
    return inputs(entries.mapping("inputs").entries(), source, inNode, declared);
  }

  /** Those of one mapping. */
  Map<String, Input> inputs(
      List<YamlNode.Entry> mapping,
      Source source,
      boolean inNode,
      Map<String, InputDeclaration> declared) {
    var inputs = LinkedHashMap.<String, Input>newLinkedHashMap(mapping.size());
    for (var entry : mapping) {
      String name = entry.key().text();
      var input = input(name, entry.value(), source, inNode);
      var declaration = declared.get(name);
      inputs.put(
          name,
          input instanceof Input.Literal literal
                  && declaration != null
                  && declaration.type() instanceof InputType.Data(DataType type)
              ? pathOnly(name, literal, entry.value(), type, source)
              : input);
    }
    return inputs;
  }

  private Input pathOnly(
      String name, Input.Literal literal, YamlNode node, DataType type, Source source) {
    if (node instanceof Scalar scalar && Entries.text(scalar).isPresent()) {
      return new Input.Data(
          Optional.of(type),
          Optional.empty(),
          dataPath("inputs." + name + ":", new Written(literal.text(), literal.where()), source),
          Optional.empty(),
          Optional.empty(),
          literal.where());
    }
    problems.add(
        Problem.of(
                ErrorCode.WRONG_TYPE,
                "inputs." + name + " must be data of type " + type.yaml() + ", not a value")
            .at(literal.where())
            .fix("write {type: " + type.yaml() + ", path: …}"));
    return new Input.Broken(literal.where());
  }

  private Input input(String name, YamlNode node, Source source, boolean inNode) {
    if (node instanceof Scalar scalar) {
      return literal(name, scalar, inNode);
    }
    var entries = Entries.of(node);
    var value = entries.scalar("value");
    if (value.isPresent()) {
      return literal(name, value.get(), inNode);
    }
    if (!(node instanceof YamlNode.Mapping) || entries.has("value")) {
      return new Input.Broken(node.where());
    }
    return data(name, entries, source, inNode);
  }

  private Input literal(String name, Scalar scalar, boolean inNode) {
    var text = Scalars.literal(scalar);
    if (text.isEmpty()) {
      return new Input.Broken(scalar.where());
    }
    if (text.get().contains("${{")) {
      if (!inNode) {
        return jobBinding(name, scalar);
      }
      var written = new Written(text.get(), scalar.where());
      return new Input.Bound(written, Optional.empty(), Optional.empty(), false, scalar.where());
    }
    return new Input.Literal(text.get(), scalar.where());
  }

  private Input jobBinding(String name, Scalar scalar) {
    problems.add(
        Problem.of(
                ErrorCode.BAD_EXPRESSION,
                "inputs." + name + " of a job cannot be an expression: " + Describe.node(scalar))
            .at(scalar.where())
            .fix("give a value; expressions belong in the nodes under jobs:"));
    return new Input.Broken(scalar.where());
  }

  private Input data(String name, Entries entries, Source source, boolean inNode) {
    var type = entries.text("type").flatMap(PortReader::dataType);
    var mode = entries.text("mode").map(text -> text.toLowerCase(Locale.ROOT));
    var path = entries.written("path");
    if (path.isPresent() && path.get().hasExpression()) {
      if (!inNode) {
        return entries
            .scalar("path")
            .map(scalar -> jobBinding(name, scalar))
            .orElseGet(() -> new Input.Broken(entries.where()));
      }
      return new Input.Bound(path.get(), type, mode, true, entries.where());
    }
    if (path.isEmpty() && entries.has("path")) {
      return new Input.Broken(entries.where());
    }
    var dataPath = path.flatMap(written -> dataPath("inputs." + name + ".path:", written, source));
    return new Input.Data(
        dataPath.isPresent() && dataPath.get() instanceof DataPath.Local(LocalPath local)
            ? fitting(name, type, local, source)
            : type,
        mode,
        dataPath,
        entries.text("path_on_compute"),
        entries.text("datastore"),
        entries.where());
  }

  /** The type of local data, where what is there must not be called something else. */
  private Optional<DataType> fitting(
      String name, Optional<DataType> type, LocalPath path, Source source) {
    return switch (source.kind(path.absolute())) {
      case MISSING -> type;
      case FOLDER -> {
        if (type.equals(Optional.of(DataType.URI_FILE))) {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_VALUE,
                      "inputs." + name + ".path: '" + path.written() + "' is a folder, not a file")
                  .at(path.where())
                  .fix("write 'type: uri_folder', or name a file in it"));
        }
        yield type;
      }
      case FILE -> {
        if (type.equals(Optional.of(DataType.URI_FOLDER))) {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_VALUE,
                      "inputs."
                          + name
                          + ".path: '"
                          + path.written()
                          + "' is a file, though the type is uri_folder; it is given as a file")
                  .at(path.where())
                  .fix("write 'type: uri_file'")
                  .warning());
        }
        yield type.filter(it -> it != DataType.URI_FOLDER).or(() -> Optional.of(DataType.URI_FILE));
      }
    };
  }

  static Optional<DataPath> dataPath(String field, Written written, Source source) {
    String text = written.text();
    if (text.startsWith("azureml:")
        || text.startsWith("runs:/")
        || text.startsWith("mlflow-model:")) {
      return Optional.of(new DataPath.Reference(written));
    }
    if (hasScheme(text)) {
      return Optional.of(new DataPath.Uri(written));
    }
    return source
        .path(written)
        .map(path -> {
          source.mustExist(path, field);
          return new DataPath.Local(path);
        });
  }

  /** Whether a text begins like {@code https:} or {@code abfss://}, but not {@code file:}. */
  static boolean hasScheme(String text) {
    if (text.startsWith("file:")) {
      return false;
    }
    int colon = text.indexOf(':');
    if (colon < 2) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = text.charAt(i);
      boolean good = (c >= 'a' && c <= 'z') || (i > 0 && c >= '0' && c <= '9');
      if (!good) {
        return false;
      }
    }
    return text.startsWith("://", colon)
        || text.startsWith("http")
        || text.startsWith("wasb")
        || text.startsWith("adl:");
  }

  /** The outputs of a job or a node. Only a node's may be bindings. */
  Map<String, Output> outputs(Entries entries) {
    var outputs = new LinkedHashMap<String, Output>();
    for (var entry : entries.mapping("outputs").entries()) {
      outputs.put(entry.key().text(), output(entry));
    }
    return outputs;
  }

  static Output output(YamlNode.Entry entry) {
    var node = entry.value();
    if (node instanceof Scalar scalar) {
      if (Validator.isNull(scalar)) {
        return declaredOutput(new Entries(entry.key().where(), List.of()));
      }
      var text = Entries.text(scalar);
      return text.isPresent() && text.get().contains("${{")
          ? new Output.Bound(new Written(text.get(), scalar.where()), scalar.where())
          : new Output.Broken(scalar.where());
    }
    return node instanceof YamlNode.Mapping
        ? declaredOutput(Entries.of(node))
        : new Output.Broken(node.where());
  }

  static Output declaredOutput(Entries entries) {
    var path = entries.written("path");
    if (path.isPresent() && isParentOutput(path.get().text())) {
      // Azure's client writes a binding so when it shows a job: {path: ${{parent.outputs.x}}}.
      return new Output.Bound(path.get(), entries.where());
    }
    return new Output.Declared(
        entries.text("type").flatMap(PortReader::dataType),
        entries.text("mode").map(text -> text.toLowerCase(Locale.ROOT)),
        path,
        entries.text("name"),
        entries.version("version"),
        entries.where());
  }

  private static boolean isParentOutput(String text) {
    String bare = text.replace(" ", "");
    return bare.startsWith("${{parent.outputs.") && bare.endsWith("}}");
  }

  /** The inputs that a component declares. */
  Map<String, InputDeclaration> inputDeclarations(Entries entries) {
    return inputDeclarations(entries, "inputs");
  }

  /** The same, under another key. */
  Map<String, InputDeclaration> inputDeclarations(Entries entries, String key) {
    var declarations = new LinkedHashMap<String, InputDeclaration>();
    for (var entry : entries.mapping(key).entries()) {
      declarations.put(
          entry.key().text(),
          inputDeclaration(entry.key().text(), entry.value(), Entries.of(entry.value())));
    }
    return declarations;
  }

  private InputDeclaration inputDeclaration(String name, YamlNode node, Entries entries) {
    var type =
        entries.text("type").flatMap(PortReader::inputType).orElse(InputType.Parameter.STRING);
    var choices = entries.list("enum").stream().map(Written::text).toList();
    var declaration =
        new InputDeclaration(
            type,
            entries.flag("optional", false),
            Optional.empty(),
            literal(entries, "min"),
            literal(entries, "max"),
            choices,
            entries.text("description"),
            entries.text("mode").map(text -> text.toLowerCase(Locale.ROOT)),
            node.where());
    return Defaults.read(name, declaration, entries, problems);
  }

  private static Optional<Written> literal(Entries entries, String key) {
    return entries
        .scalar(key)
        .flatMap(scalar -> Scalars.literal(scalar).map(text -> new Written(text, scalar.where())));
  }

  /** The outputs that a component declares. */
  Map<String, OutputDeclaration> outputDeclarations(Entries entries) {
    var declarations = new LinkedHashMap<String, OutputDeclaration>();
    for (var entry : entries.mapping("outputs").entries()) {
      String name = entry.key().text();
      declarations.put(name, outputDeclaration("outputs." + name, Entries.of(entry.value())));
    }
    return declarations;
  }

  /** One output that a component declares. */
  OutputDeclaration outputDeclaration(String field, Entries output) {
    var type =
        output
            .text("type")
            .flatMap(PortReader::inputType)
            .orElse(new InputType.Data(DataType.URI_FOLDER));
    var mode = output.text("mode").map(text -> text.toLowerCase(Locale.ROOT));
    mode.ifPresent(word -> warnOfMode(field, word, output, false));
    return new OutputDeclaration(type, output.text("description"), mode, output.where());
  }

  /** Azure's client takes any of the words; only some mean something. */
  void warnOfMode(String port, String mode, Entries entries, boolean input) {
    var sensible =
        input
            ? List.of("ro_mount", "download", "direct", "eval_mount", "eval_download", "mount")
            : List.of("rw_mount", "upload", "direct", "mount");
    if (!sensible.contains(mode)) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_VALUE,
                  port
                      + ".mode: '"
                      + mode
                      + "' is a mode of "
                      + (input ? "outputs" : "inputs")
                      + "; the default is used")
              .at(entries.get("mode").map(YamlNode::where).orElse(entries.where()))
              .fix("write one of " + String.join(", ", sensible))
              .warning());
    }
  }

  static Optional<DataType> dataType(String text) {
    var types = new ArrayList<>(List.of(DataType.values()));
    for (var type : types) {
      if (type.yaml().equalsIgnoreCase(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** {@code path} is an old word for a folder. */
  private static Optional<InputType> inputType(String text) {
    for (var parameter : InputType.Parameter.values()) {
      if (parameter.yaml().equals(text)) {
        return Optional.of(parameter);
      }
    }
    return text.equals("path")
        ? Optional.of(new InputType.Data(DataType.URI_FOLDER))
        : dataType(text).map(InputType.Data::new);
  }
}
