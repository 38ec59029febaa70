package io.headrace.job;

import io.headrace.spec.Value;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import java.util.LinkedHashMap;

/** What a tree holds, without its places. */
final class PlainValues {
  private PlainValues() {}

  static Value of(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> scalar(scalar);
      case Sequence sequence ->
          new Value.Items(sequence.items().stream().map(PlainValues::of).toList());
      case Mapping mapping -> {
        var entries = new LinkedHashMap<String, Value>();
        mapping.entries().forEach(entry -> entries.put(entry.key().text(), of(entry.value())));
        yield new Value.Table(entries);
      }
    };
  }

  private static Value scalar(Scalar scalar) {
    return switch (scalar.value()) {
      case YamlNode.Value.Null _ -> new Value.Nothing();
      case YamlNode.Value.Bool(boolean flag) -> new Value.Flag(flag);
      case YamlNode.Value.Int(var number) -> new Value.Whole(number);
      case YamlNode.Value.Real(double number) ->
          Double.isFinite(number) ? new Value.Real(number) : new Value.Text(scalar.text());
      case YamlNode.Value.Timestamp _, YamlNode.Value.Text _ -> new Value.Text(scalar.text());
    };
  }
}
