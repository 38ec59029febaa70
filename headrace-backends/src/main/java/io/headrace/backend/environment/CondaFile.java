package io.headrace.backend.environment;

import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A conda environment file: what counts of it. Its name, prefix and comments do not.
 *
 * @param channels in order
 * @param packages conda's lines as written, {@code python} among them
 * @param pip the lines under {@code pip:}, as for a requirements file
 * @param variables to be set when the environment is in use
 */
record CondaFile(
    List<String> channels, List<String> packages, List<String> pip, Map<String, String> variables) {
  CondaFile {
    channels = List.copyOf(channels);
    packages = List.copyOf(packages);
    pip = List.copyOf(pip);
    variables = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /**
   * Reads a conda file.
   *
   * @param label names it to its author
   * @throws ProblemException with all that is wrong in it
   */
  static CondaFile parse(String text, String label) {
    PlainYaml yaml = new PlainYaml(label);
    Optional<Node> root = yaml.read(text);
    if (root.isEmpty()) {
      return new CondaFile(List.of(), List.of(), List.of(), Map.of());
    }
    return read(yaml, root.get());
  }

  /** Reads a conda file that stands within another. */
  static CondaFile read(PlainYaml yaml, Node root) {
    return new Reader(yaml).read(root);
  }

  /** The Python that is asked for; any when none is. */
  VersionRange python() {
    return packages.stream()
        .map(CondaSpec::parse)
        .filter(spec -> spec.name().equals("python"))
        .map(CondaSpec::version)
        .findFirst()
        .orElse(VersionRange.ANY);
  }

  /** The same file, asking for another Python. */
  CondaFile withPython(String series) {
    List<String> lines = new ArrayList<>();
    lines.add("python=" + series);
    for (String line : packages) {
      if (!CondaSpec.parse(line).name().equals("python")) {
        lines.add(line);
      }
    }
    return new CondaFile(channels, lines, pip, variables);
  }

  /** The same file, with those of these requirements whose packages it does not name. */
  CondaFile withPackages(List<String> added) {
    List<String> lines = new ArrayList<>(pip);
    for (String requirement : added) {
      String name = distribution(requirement);
      boolean named =
          pip.stream().anyMatch(line -> distribution(line).equals(name))
              || packages.stream()
                  .map(CondaSpec::parse)
                  .anyMatch(spec -> spec.name().replace('_', '-').equals(name));
      if (!named) {
        lines.add(requirement);
      }
    }
    return new CondaFile(channels, packages, lines, variables);
  }

  /** The package that a requirement asks for, as pip compares names. */
  private static String distribution(String requirement) {
    return requirement
        .split("[\\s\\[<>=!~;@]", 2)[0]
        .toLowerCase(java.util.Locale.ROOT)
        .replace('_', '-')
        .replace('.', '-');
  }

  /**
   * As conda reads it, and the same text for the same meaning, so that it can be digested. Strings
   * are quoted in JSON's way, which is YAML too.
   */
  String canonical() {
    StringBuilder text = new StringBuilder();
    section(text, "channels", channels);
    section(text, "dependencies", packages);
    if (!pip.isEmpty()) {
      text.append(packages.isEmpty() ? "dependencies:\n" : "").append("  - pip:\n");
      pip.forEach(line -> text.append("      - ").append(quote(line)).append('\n'));
    }
    if (!variables.isEmpty()) {
      text.append("variables:\n");
      variables.forEach((name, value) ->
          text.append("  ").append(quote(name)).append(": ").append(quote(value)).append('\n'));
    }
    return text.toString();
  }

  private static void section(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append(title).append(":\n");
      lines.forEach(line -> text.append("  - ").append(quote(line)).append('\n'));
    }
  }

  static String quote(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /** Goes through the tree and collects every problem. */
  private static final class Reader {
    private final PlainYaml yaml;
    private final Problems problems = new Problems();
    private final List<String> channels = new ArrayList<>();
    private final List<String> packages = new ArrayList<>();
    private final List<String> pip = new ArrayList<>();
    private final Map<String, String> variables = new LinkedHashMap<>();

    Reader(PlainYaml yaml) {
      this.yaml = yaml;
    }

    CondaFile read(Node root) {
      Map<String, Node> fields = yaml.fields(root);
      each(fields, "channels", node -> channels.add(line(node)));
      each(fields, "dependencies", this::dependency);
      attempt(() -> {
        Node node = fields.get("variables");
        if (node != null && !yaml.isEmpty(node)) {
          yaml.fields(node).forEach((name, value) -> variables.put(name, line(value)));
        }
      });
      problems.throwIfErrors();
      return new CondaFile(channels, packages, pip, variables);
    }

    private void each(
        Map<String, Node> fields, String name, java.util.function.Consumer<Node> reader) {
      attempt(() -> {
        Node list = fields.get(name);
        if (list != null) {
          yaml.items(list).forEach(item -> attempt(() -> reader.accept(item)));
        }
      });
    }

    private void dependency(Node node) {
      if (yaml.isScalar(node)) {
        String line = line(node);
        if (line.isEmpty()) {
          return;
        }
        try {
          CondaSpec.parse(line);
        } catch (IllegalArgumentException e) {
          throw yaml.wrong(node, "'" + line + "' is not a conda package: " + e.getMessage())
              .fix("write it as numpy=1.21 or 'numpy>=1.21,<2'; pip's packages go under '- pip:'")
              .asException();
        }
        packages.add(line);
        return;
      }
      yaml.fields(node)
          .forEach((key, value) -> {
            if (!key.equals("pip")) {
              throw yaml.wrong(node, "'" + key + ":' is not known among the dependencies")
                  .fix("write a package as '- " + key + "=VERSION', or pip's list as '- pip:'")
                  .asException();
            }
            yaml.items(value).forEach(item -> attempt(() -> pip(item)));
          });
    }

    private void pip(Node node) {
      String line = line(node);
      if (!line.isEmpty() && !line.startsWith("#")) {
        pip.add(line);
      }
    }

    /** A text that stays on its line wherever it is written. */
    private String line(Node node) {
      String text = yaml.text(node).strip();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw yaml.wrong(node, "a line break or control character has no place here").asException();
      }
      return text;
    }

    private void attempt(Runnable step) {
      try {
        step.run();
      } catch (ProblemException e) {
        for (Problem problem : e.problems()) {
          problems.add(problem);
        }
      }
    }
  }
}
