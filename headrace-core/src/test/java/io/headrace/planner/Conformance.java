package io.headrace.planner;

import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that Azure's own examples and variants of them give, with the expected verdicts. */
final class Conformance {
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

  /** All of them: originals, then variants. */
  static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    for (String line : Files.readAllLines(root().resolve("given-oracle.jsonl"))) {
      cases.add(original((YamlNode.Mapping) json(line)));
    }
    for (String line : Files.readAllLines(root().resolve("given-cases.jsonl"))) {
      cases.add(variant((YamlNode.Mapping) json(line)));
    }
    return cases;
  }

  private static Case original(YamlNode.Mapping record) {
    boolean accept = text(record, "verdict").equals("accept");
    // Fields that the command line may give are missed with a warning.
    boolean withOptions = record.get("accept_with_set").isPresent();
    return new Case(
        text(record, "path"),
        text(record, "kind"),
        "",
        accept ? "ok" : withOptions ? "warning" : "error",
        Optional.empty());
  }

  private static Case variant(YamlNode.Mapping record) {
    return new Case(
        text(record, "path"),
        text(record, "kind"),
        text(record, "op"),
        text(record, "expect"),
        Optional.of(text(record, "expect_field")).filter(it -> !it.isEmpty()));
  }

  /** JSON is YAML, so our own reader will do for these records. */
  static YamlNode json(String line) {
    return YamlReader.read(line, "record");
  }

  static String text(YamlNode.Mapping record, String key) {
    return record.get(key).orElse(null) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }
}
