package io.headrace.planner;

import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The files that Azure's own examples and variants of them give, with the expected verdicts. */
final class Conformance {
  private static final Set<String> KINDS =
      Set.of(
          "commandJob",
          "pipelineJob",
          "sweepJob",
          "sparkJob",
          "commandComponent",
          "pipelineComponent",
          "sparkComponent");
  private static final Set<String> NODE_TYPES =
      Set.of("command", "pipeline", "sweep", "parallel", "spark", "import", "data_transfer");

  private Conformance() {}

  /**
   * One file.
   *
   * @param expect error, warning or ok
   * @param field that an error should be about; empty when the file is an original
   */
  record Case(String path, String kind, String op, String expect, Optional<String> field) {}

  static Path root() {
    String shared =
        Optional.ofNullable(System.getenv("HEADRACE_SHARED"))
            .orElseGet(() -> System.getProperty("headrace.root", ".") + "/../shared");
    return Path.of(shared, "conformance", "azureml-yaml").toAbsolutePath().normalize();
  }

  static Path given() {
    return root().resolve("given");
  }

  /** The cases of the kinds that this version reads, made only of command and pipeline nodes. */
  static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    for (String line : Files.readAllLines(root().resolve("given-oracle.jsonl"))) {
      add(line, false, cases);
    }
    for (String line : Files.readAllLines(root().resolve("given-cases.jsonl"))) {
      add(line, true, cases);
    }
    return cases;
  }

  private static void add(String line, boolean variant, List<Case> cases) {
    var record = (YamlNode.Mapping) json(line);
    String kind = text(record, "kind");
    String path = text(record, "path");
    if (!KINDS.contains(kind)) {
      return;
    }
    String base = variant ? text(record, "base") : path;
    if (!isOfReadableNodes(given().resolve(base))) {
      return;
    }
    if (variant) {
      String op = text(record, "op");
      cases.add(
          new Case(
              path,
              kind,
              op,
              text(record, "expect"),
              Optional.of(text(record, "expect_field")).filter(it -> !it.isEmpty())));
    } else {
      boolean accept = text(record, "verdict").equals("accept");
      cases.add(new Case(path, kind, "", accept ? "ok" : "error", Optional.empty()));
    }
  }

  private static boolean isOfReadableNodes(Path file) {
    try {
      if (!(YamlReader.read(file, file.toString()) instanceof YamlNode.Mapping mapping)) {
        return true;
      }
      if (!(mapping.get("jobs").orElse(null) instanceof YamlNode.Mapping jobs)) {
        return true;
      }
      for (var entry : jobs.entries()) {
        if (entry.value() instanceof YamlNode.Mapping node
            && node.get("type").isPresent()
            && !NODE_TYPES.contains(text(node, "type"))) {
          return false;
        }
      }
      return true;
    } catch (io.headrace.problem.ProblemException e) {
      return true;
    }
  }

  /** JSON is YAML, so our own reader will do for these records. */
  static YamlNode json(String line) {
    return YamlReader.read(line, "record");
  }

  static String text(YamlNode.Mapping record, String key) {
    return record.get(key).orElse(null) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }
}
