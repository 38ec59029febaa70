package io.headrace.mlproject;

import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An MLflow project as its {@code MLproject} file tells it.
 *
 * @param folder absolute
 */
public record MlProject(Path folder, String name, Software software, EntryPoint entryPoint) {
  private static final List<String> SOFTWARE = List.of("conda_env", "python_env", "docker_env");
  private static final Pattern REQUIREMENTS = Pattern.compile("(?:-r|--requirement)[ =]\\s*(.+)");

  /** What it runs in. */
  public sealed interface Software {
    /** {@code conda_env}: a file of the project. */
    record Conda(String file) implements Software {}

    /** {@code python_env}: a Python and lines for pip. */
    record Python(Optional<String> version, List<String> requirements) implements Software {
      public Python {
        requirements = List.copyOf(requirements);
      }
    }

    /** {@code docker_env}: an image. */
    record Image(String image) implements Software {}

    /** None of them: the Python that is here. */
    record Here() implements Software {}
  }

  /** One way to run it. */
  public record EntryPoint(String name, Map<String, Parameter> parameters, String command) {
    public EntryPoint {
      parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  /**
   * A parameter.
   *
   * @param type string, float, path or uri
   */
  public record Parameter(String type, Optional<String> defaultValue, Where where) {}

  /**
   * Reads a project's folder.
   *
   * @param entryPoint by name; a {@code .py} or {@code .sh} file of the folder is one, too
   */
  public static MlProject read(Path folder, String entryPoint) {
    var file = folder.resolve("MLproject");
    if (!Files.exists(file)) {
      return new MlProject(
          folder, name(folder), new Software.Here(), byConvention(folder, entryPoint, List.of()));
    }
    var tree = mapping(YamlReader.read(file, file.toString()), "the MLproject file");
    knows(tree, "an MLproject", "name", "entry_points", "conda_env", "python_env", "docker_env");
    var points =
        tree.get("entry_points").map(it -> mapping(it, "entry_points").entries()).orElse(List.of());
    var point =
        points.stream()
            .filter(it -> it.key().text().equals(entryPoint))
            .findFirst()
            .map(it -> entryPoint(entryPoint, mapping(it.value(), "an entry point")))
            .orElseGet(() ->
                byConvention(
                    folder, entryPoint, points.stream().map(it -> it.key().text()).toList()));
    return new MlProject(
        folder,
        tree.get("name").map(MlProject::text).orElse(name(folder)),
        software(folder, tree),
        point);
  }

  private static String name(Path folder) {
    return String.valueOf(folder.getFileName());
  }

  /**
   * Without a word about it in the file: {@code main} is main.py or main.sh; a file runs itself.
   */
  private static EntryPoint byConvention(Path folder, String name, List<String> known) {
    for (var file : name.equals("main") ? List.of("main.py", "main.sh") : List.of(name)) {
      if (Files.isRegularFile(folder.resolve(file))
          && (file.endsWith(".py") || file.endsWith(".sh"))
          && file.matches("[A-Za-z0-9._-]+")) {
        return new EntryPoint(
            file.substring(0, file.length() - 3),
            Map.of(),
            (file.endsWith(".py") ? "python " : "bash ") + file);
      }
    }
    throw Problem.of(
            ErrorCode.NOT_FOUND, "the project in " + folder + " has no entry point '" + name + "'")
        .fix(
            known.isEmpty()
                ? "name a .py or .sh file of the folder: --entry-point train.py"
                : "entry points: " + String.join(", ", known))
        .asException();
  }

  private static EntryPoint entryPoint(String name, YamlNode.Mapping tree) {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      throw Problem.of(ErrorCode.BAD_NAME, "entry point '" + name + "' cannot name a file")
          .at(tree.where())
          .fix("letters, digits, '_', '-' and '.', with no '-' or '.' first")
          .asException();
    }
    knows(tree, "an entry point", "parameters", "command");
    var parameters = new LinkedHashMap<String, Parameter>();
    tree.get("parameters")
        .map(it -> mapping(it, "parameters").entries())
        .orElse(List.of())
        .forEach(it -> parameters.put(it.key().text(), parameter(it)));
    var command =
        tree.get("command")
            .map(MlProject::text)
            .orElseThrow(() ->
                Problem.of(ErrorCode.MISSING_FIELD, "entry point '" + name + "' has no command")
                    .at(tree.where())
                    .asException());
    return new EntryPoint(name, parameters, command);
  }

  private static Parameter parameter(YamlNode.Entry entry) {
    var value = entry.value();
    var name = entry.key();
    if (!name.text().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw Problem.of(
              ErrorCode.BAD_NAME, "'" + name.text() + "' is no name for an input in Azure ML")
          .at(name.where())
          .fix("letters, digits and '_', with no digit first")
          .asException();
    }
    var type = "string";
    Optional<String> defaultValue = Optional.empty();
    if (value instanceof YamlNode.Mapping it) {
      knows(it, "a parameter", "type", "default");
      type = it.get("type").map(MlProject::text).orElse("string");
      defaultValue = it.get("default").map(MlProject::text);
    } else {
      type = text(value);
    }
    if (!List.of("string", "float", "path", "uri").contains(type)) {
      throw Problem.of(ErrorCode.WRONG_VALUE, "'" + type + "' is no type of a parameter")
          .at(value.where())
          .fix("one of string, float, path, uri")
          .asException();
    }
    return new Parameter(type, defaultValue, name.where());
  }

  private static Software software(Path folder, YamlNode.Mapping tree) {
    var written = SOFTWARE.stream().filter(it -> tree.get(it).isPresent()).toList();
    if (written.size() > 1) {
      throw Problem.of(
              ErrorCode.WRONG_VALUE,
              "an MLproject has one environment, and this one has " + String.join(" and ", written))
          .at(tree.get(written.get(1)).orElseThrow().where())
          .asException();
    }
    if (written.isEmpty()) {
      return new Software.Here();
    }
    var node = tree.get(written.getFirst()).orElseThrow();
    return switch (written.getFirst()) {
      case "conda_env" -> new Software.Conda(file(folder, node, "conda_env").text());
      case "python_env" -> python(folder, file(folder, node, "python_env").path());
      default -> image(mapping(node, "docker_env"));
    };
  }

  /** A container without its volumes and variables would run and find nothing: that is refused. */
  private static Software image(YamlNode.Mapping tree) {
    knows(tree, "docker_env", "image", "volumes", "environment");
    for (var field : List.of("volumes", "environment")) {
      var written = tree.get(field);
      if (written.isPresent()) {
        throw Problem.of(
                ErrorCode.NOT_SUPPORTED, "docker_env." + field + " has no match in Azure ML's YAML")
            .at(written.get().where())
            .fix(
                field.equals("volumes")
                    ? "make what is mounted a parameter of type path"
                    : "take it out, and write environment_variables into the component")
            .asException();
      }
    }
    return tree.get("image")
        .<Software>map(it -> new Software.Image(text(it)))
        .orElseThrow(() ->
            Problem.of(ErrorCode.MISSING_FIELD, "docker_env has no image")
                .at(tree.where())
                .asException());
  }

  private record Named(String text, Path path) {}

  private static Named file(Path folder, YamlNode node, String field) {
    var text = text(node);
    try {
      var path = folder.resolve(text);
      if (Files.isRegularFile(path)) {
        return new Named(text, path);
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw Problem.of(ErrorCode.MISSING_PATH, field + ": there is no file '" + text + "'")
        .at(node.where())
        .fix("a path is looked up from the project's folder, " + folder)
        .asException();
  }

  private static Software python(Path folder, Path file) {
    var tree = mapping(YamlReader.read(file, file.toString()), "the python_env file");
    knows(tree, "a python_env", "python", "build_dependencies", "dependencies");
    var requirements = new ArrayList<String>();
    for (var field : List.of("build_dependencies", "dependencies")) {
      var written = tree.get(field);
      if (written.isPresent()) {
        if (!(written.get() instanceof YamlNode.Sequence list)) {
          throw Problem.of(ErrorCode.WRONG_TYPE, field + " must be a list")
              .at(written.get().where())
              .asException();
        }
        list.items().forEach(it -> lines(folder, text(it), new HashSet<>(), requirements));
      }
    }
    return new Software.Python(tree.get("python").map(MlProject::text), requirements);
  }

  /** A line for pip; a requirements file's lines stand in its place, since only text travels. */
  private static void lines(Path folder, String line, Set<Path> open, List<String> to) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    var file = REQUIREMENTS.matcher(line);
    if (!file.matches()) {
      to.add(line);
      return;
    }
    var path = folder.resolve(file.group(1).strip()).normalize();
    if (!open.add(path)) {
      throw Problem.of(ErrorCode.CYCLE, path + " reads itself").asException();
    }
    try {
      // pip looks for a file from the one that names it.
      var parent = path.getParent();
      for (var each : Files.readAllLines(path)) {
        lines(parent == null ? folder : parent, each.strip(), open, to);
      }
    } catch (IOException e) {
      throw DiskProblem.reading(path, e);
    }
    open.remove(path);
  }

  private static void knows(YamlNode.Mapping tree, String what, String... fields) {
    for (var entry : tree.entries()) {
      var name = entry.key().text();
      if (!List.of(fields).contains(name)) {
        throw Problem.of(ErrorCode.UNKNOWN_FIELD, "'" + name + "' is no field of " + what)
            .at(entry.key().where())
            .fix("fields: " + String.join(", ", fields))
            .asException();
      }
    }
  }

  private static YamlNode.Mapping mapping(YamlNode node, String what) {
    if (node instanceof YamlNode.Mapping it) {
      return it;
    }
    throw Problem.of(ErrorCode.WRONG_TYPE, what + " must be a mapping")
        .at(node.where())
        .asException();
  }

  private static String text(YamlNode node) {
    if (node instanceof YamlNode.Scalar it) {
      return it.text();
    }
    throw Problem.of(ErrorCode.WRONG_TYPE, "a single value is wanted here")
        .at(node.where())
        .asException();
  }
}
