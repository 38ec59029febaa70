package io.headrace.mlproject;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes a project's entry point as Azure ML documents that stand in the project's folder. */
public final class AzureDocuments {
  private static final String BASE_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{|\\}\\}|\\{([A-Za-z_][A-Za-z0-9_]*)\\}");

  private final MlProject project;
  private final Map<String, String> values;
  private final Problems problems = new Problems();

  private AzureDocuments(MlProject project, Map<String, String> values) {
    this.project = project;
    this.values = values;
  }

  /**
   * The documents by file name: the component, the job, and a conda file where one is made.
   *
   * @param values of parameters, over their defaults
   * @throws ProblemException when a parameter has no value, or a value no parameter
   */
  public static Map<String, String> of(MlProject project, Map<String, String> values) {
    return new AzureDocuments(project, values).documents();
  }

  private Map<String, String> documents() {
    var point = project.entryPoint();
    for (var name : values.keySet()) {
      if (!point.parameters().containsKey(name)) {
        problems.add(
            Problem.of(
                    ErrorCode.BAD_ARGUMENT,
                    "entry point '" + point.name() + "' has no parameter '" + name + "'")
                .fix("parameters: " + String.join(", ", point.parameters().keySet())));
      }
    }
    var files = new LinkedHashMap<String, String>();
    files.put(point.name() + ".component.yml", component());
    files.put(point.name() + ".job.yml", job());
    if (project.software() instanceof MlProject.Software.Python it) {
      files.put(point.name() + ".conda.yml", conda(it));
    }
    problems.throwIfErrors();
    return files;
  }

  private String component() {
    var point = project.entryPoint();
    var text = new StringBuilder();
    text.append(
        "$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json\n");
    text.append("type: command\n");
    text.append("name: ").append(identifier(project.name() + "_" + point.name())).append('\n');
    text.append("display_name: ").append(quote(project.name() + " " + point.name())).append('\n');
    text.append("version: \"1\"\n");
    if (!point.parameters().isEmpty()) {
      text.append("inputs:\n");
      point
          .parameters()
          .forEach((name, parameter) -> {
            text.append("  ").append(name).append(":\n");
            text.append("    type: ").append(type(name, parameter)).append('\n');
            if (!isData(name, parameter)) {
              parameter
                  .defaultValue()
                  .ifPresent(it ->
                      text.append("    default: ").append(scalar(parameter, it)).append('\n'));
            }
          });
    }
    text.append("code: .\n");
    text.append("environment:").append(environment()).append('\n');
    text.append("command: ").append(quote(command())).append('\n');
    return text.toString();
  }

  private String job() {
    var point = project.entryPoint();
    var text = new StringBuilder();
    text.append("$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\n");
    text.append("type: pipeline\n");
    text.append("display_name: ").append(quote(project.name())).append('\n');
    text.append("experiment_name: ").append(identifier(project.name())).append('\n');
    if (!point.parameters().isEmpty()) {
      text.append("inputs:\n");
      point.parameters().forEach((name, parameter) -> text.append(given(name, parameter)));
    }
    text.append("jobs:\n  ").append(identifier(point.name())).append(":\n");
    text.append("    type: command\n");
    text.append("    component: ./").append(point.name()).append(".component.yml\n");
    if (!point.parameters().isEmpty()) {
      text.append("    inputs:\n");
      for (var name : point.parameters().keySet()) {
        text.append("      ")
            .append(name)
            .append(": ${{parent.inputs.")
            .append(name)
            .append("}}\n");
      }
    }
    return text.toString();
  }

  private String given(String name, MlProject.Parameter parameter) {
    var value = value(name, parameter);
    if (value.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.MISSING_FIELD, "parameter '" + name + "' has no default, and no value")
              .at(parameter.where())
              .fix("give one: -P " + name + "=VALUE; the job keeps it, and --set changes it"));
      return "";
    }
    return isData(name, parameter)
        ? "  "
            + name
            + ":\n    type: "
            + type(name, parameter)
            + "\n    path: "
            + quote(value.get())
            + "\n"
        : "  " + name + ": " + scalar(parameter, value.get()) + "\n";
  }

  private Optional<String> value(String name, MlProject.Parameter parameter) {
    return Optional.ofNullable(values.get(name)).or(parameter::defaultValue);
  }

  /** MLflow hands a path on as a local one, and an address as it is. */
  private boolean isData(String name, MlProject.Parameter parameter) {
    return parameter.type().equals("path") && value(name, parameter).isPresent();
  }

  private String type(String name, MlProject.Parameter parameter) {
    if (isData(name, parameter)) {
      var path = value(name, parameter).orElse("");
      boolean file =
          path.contains("://")
              ? path.startsWith("http")
              : Files.isRegularFile(project.folder().resolve(path));
      return file ? "uri_file" : "uri_folder";
    }
    return parameter.type().equals("float") ? "number" : "string";
  }

  private static String scalar(MlProject.Parameter parameter, String value) {
    return parameter.type().equals("float") && value.matches("-?[0-9.]+([eE][+-]?[0-9]+)?")
        ? value
        : quote(value);
  }

  private String environment() {
    return switch (project.software()) {
      case MlProject.Software.Conda(String file) ->
          "\n  image: " + BASE_IMAGE + "\n  conda_file: " + quote("./" + file);
      case MlProject.Software.Python _ ->
          "\n  image: "
              + BASE_IMAGE
              + "\n  conda_file: "
              + quote("./" + project.entryPoint().name() + ".conda.yml");
      case MlProject.Software.Image(String image) -> "\n  image: " + quote(image);
      case MlProject.Software.Here _ -> " azureml:local@latest";
    };
  }

  private static String conda(MlProject.Software.Python it) {
    var text = new StringBuilder("dependencies:\n");
    it.version().ifPresent(version -> text.append("  - python=").append(version).append('\n'));
    text.append("  - pip\n");
    if (!it.requirements().isEmpty()) {
      text.append("  - pip:\n");
      it.requirements().forEach(line -> text.append("      - ").append(quote(line)).append('\n'));
    }
    return text.toString();
  }

  /**
   * {@code {name}} becomes an expression; doubled braces are braces, as MLflow has it. MLflow
   * quotes each value, so that it is one word: what stands outside quotes is put into some.
   */
  private String command() {
    var point = project.entryPoint();
    var matcher = PLACE.matcher(point.command());
    var text = new StringBuilder();
    var quotes = new Quotes();
    int end = 0;
    while (matcher.find()) {
      var between = point.command().substring(end, matcher.start());
      text.append(between);
      quotes.pass(between);
      end = matcher.end();
      var name = matcher.group(1);
      if (name == null) {
        text.append(matcher.group().charAt(0));
      } else if (point.parameters().containsKey(name)) {
        var mark = quotes.areOpen() ? "" : "\"";
        text.append(mark).append("${{inputs.").append(name).append("}}").append(mark);
      } else {
        problems.add(
            Problem.of(
                    ErrorCode.UNDECLARED,
                    "the command of '"
                        + point.name()
                        + "' names {"
                        + name
                        + "}, which is no parameter")
                .fix("parameters: " + String.join(", ", point.parameters().keySet())));
      }
    }
    return text.append(point.command().substring(end)).toString().strip();
  }

  /** Whether a place in a command is within quotes, by the shell's rules. */
  private static final class Quotes {
    private static final char NONE = 0;
    private char open = NONE;
    private boolean escaped;

    void pass(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (escaped) {
          escaped = false;
        } else if (c == '\\' && open != '\'') {
          escaped = true;
        } else if (open == NONE && (c == '"' || c == '\'')) {
          open = c;
        } else if (c == open) {
          open = NONE;
        }
      }
    }

    boolean areOpen() {
      return open != NONE;
    }
  }

  private static String identifier(String name) {
    var plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "p" + plain : plain;
  }

  /** In YAML's double quotes. */
  private static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029) {
            quoted.append("\\u%04x".formatted((int) c)); // YAML would read it otherwise, or not
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
