package io.headrace.mlproject;

import io.headrace.problem.DiskProblem;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An MLflow project as its {@code MLproject} file tells it.
 *
 * @param folder absolute
 */
public record MlProject(Path folder, String name, Software software, EntryPoint entryPoint) {

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
    for (var entry : tree.entries()) {
      if (!List.of("name", "entry_points", "conda_env", "python_env", "docker_env")
          .contains(entry.key().text())) {
        throw Problem.of(
                ErrorCode.UNKNOWN_FIELD, "'" + entry.key().text() + "' is no field of an MLproject")
            .at(entry.key().where())
            .asException();
      }
    }
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
    var conda = tree.get("conda_env").map(MlProject::text);
    if (conda.isPresent()) {
      return new Software.Conda(conda.get());
    }
    var python = tree.get("python_env").map(MlProject::text);
    if (python.isPresent()) {
      return python(folder, folder.resolve(python.get()));
    }
    return tree.get("docker_env")
        .flatMap(it -> mapping(it, "docker_env").get("image"))
        .<Software>map(it -> new Software.Image(text(it)))
        .orElse(new Software.Here());
  }

  private static Software python(Path folder, Path file) {
    var tree = mapping(YamlReader.read(file, file.toString()), "the python_env file");
    var requirements = new ArrayList<String>();
    for (var field : List.of("build_dependencies", "dependencies")) {
      if (tree.get(field).orElse(null) instanceof YamlNode.Sequence list) {
        list.items().forEach(it -> requirements.addAll(lines(folder, text(it))));
      }
    }
    return new Software.Python(tree.get("python").map(MlProject::text), requirements);
  }

  /** A line for pip; a requirements file's lines stand in its place, since only text travels. */
  private static List<String> lines(Path folder, String line) {
    if (!line.startsWith("-r ")) {
      return line.isBlank() || line.startsWith("#") ? List.of() : List.of(line);
    }
    var file = folder.resolve(line.substring(3).strip());
    try {
      var lines = new ArrayList<String>();
      for (var each : Files.readAllLines(file)) {
        lines.addAll(lines(folder, each.strip()));
      }
      return lines;
    } catch (IOException e) {
      throw DiskProblem.reading(file, e);
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
