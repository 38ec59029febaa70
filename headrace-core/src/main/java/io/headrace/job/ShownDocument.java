package io.headrace.job;

import io.headrace.yaml.YamlNode.Entry;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import java.util.Set;

/** A document that a {@code show} command printed, given back to {@code create}. */
final class ShownDocument {
  /** What the workspace adds when it shows a thing, and nobody says of it. */
  private static final Set<String> ADDED =
      Set.of(
          "id",
          "creation_context",
          "resourceGroup",
          "provisioning_state",
          "latest_version",
          "latest version",
          "labels",
          "job_name");

  private ShownDocument() {}

  /** The document itself. One that nobody showed is left as it is. */
  static Mapping own(Mapping document) {
    return document.get("creation_context").isEmpty()
        ? document
        : new Mapping(
            document.where(), document.entries().stream().filter(it -> !isAdded(it)).toList());
  }

  private static boolean isAdded(Entry entry) {
    return ADDED.contains(entry.key().text())
        // Where a compute is that does not say where it is.
        || (entry.key().text().equals("location")
            && entry.value() instanceof Scalar scalar
            && scalar.text().equals("local"));
  }
}
