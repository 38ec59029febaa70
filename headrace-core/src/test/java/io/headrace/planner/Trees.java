package io.headrace.planner;

import io.headrace.job.ValueText;
import io.headrace.spec.Value;
import io.headrace.yaml.YamlNode;
import java.util.LinkedHashMap;

/** YAML trees as JSON, word for word. */
final class Trees {
  private Trees() {}

  static String json(YamlNode node) {
    return ValueText.json(value(node));
  }

  private static Value value(YamlNode node) {
    return switch (node) {
      case YamlNode.Sequence sequence ->
          new Value.Items(sequence.items().stream().map(Trees::value).toList());
      case YamlNode.Mapping mapping -> {
        var entries = new LinkedHashMap<String, Value>();
        mapping.entries().forEach(entry -> entries.put(entry.key().text(), value(entry.value())));
        yield new Value.Table(entries);
      }
      case YamlNode.Scalar scalar ->
          switch (scalar.value()) {
            case YamlNode.Value.Text(String text) -> new Value.Text(text);
            case YamlNode.Value.Timestamp(String text) -> new Value.Text(text);
            case YamlNode.Value.Int(var value) -> new Value.Whole(value);
            case YamlNode.Value.Real(double value) -> new Value.Real(value);
            case YamlNode.Value.Bool(boolean value) -> new Value.Flag(value);
            case YamlNode.Value.Null _ -> new Value.Nothing();
          };
    };
  }
}
