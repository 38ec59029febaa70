package io.headrace.yaml;

import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.util.List;
import java.util.Random;

/** Writes random documents, in block and flow style, together with what is to be read from them. */
final class RandomYaml {
  private static final List<String> PLAIN =
      List.of(
          "abc", "a b", "x:y", "a#b", "1e-3", "./src", "${{inputs.x}}", "a'b", "é", "0o17", "-a");
  private static final List<String> CHARACTERS =
      List.of(
          "a", "Z", "0", " ", "'", "\"", "\\", ":", "#", "{", "}", "[", "]", ",", "é", "😀", "%",
          "-", "?", "*", "&", "!");

  private final Random random;

  /** A document and what {@link #show} prints of its tree. */
  record Written(String yaml, String shown) {}

  RandomYaml(Random random) {
    this.random = random;
  }

  Written document() {
    var written = random.nextBoolean() ? mapping(0, 0) : sequence(0, 0);
    return new Written(written.yaml().stripLeading() + "\n", written.shown());
  }

  /** The same print of a tree that was read. */
  static String show(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> show(scalar.value());
      case Sequence sequence -> {
        var text = new StringBuilder("[");
        sequence.items().forEach(item -> text.append(show(item)).append(';'));
        yield text.append(']').toString();
      }
      case Mapping mapping -> {
        var text = new StringBuilder("{");
        mapping
            .entries()
            .forEach(
                e -> text.append(e.key().text()).append('=').append(show(e.value())).append(';'));
        yield text.append('}').toString();
      }
    };
  }

  private static String show(Value value) {
    return switch (value) {
      case Value.Null() -> "null";
      case Value.Bool(boolean b) -> "bool " + b;
      case Value.Int(var i) -> "int " + i;
      case Value.Real(double d) -> "real " + d;
      case Value.Timestamp(String t) -> "time " + t;
      case Value.Text(String t) -> "text " + t;
    };
  }

  private Written node(int indent, int depth) {
    int choice = random.nextInt(depth > 4 ? 6 : 10);
    return switch (choice) {
      case 6, 7 -> mapping(indent, depth);
      case 8 -> sequence(indent, depth);
      case 9 -> flow(depth);
      default -> inline(scalar());
    };
  }

  private static Written inline(Written written) {
    return new Written(" " + written.yaml(), written.shown());
  }

  private Written mapping(int indent, int depth) {
    var yaml = new StringBuilder();
    var shown = new StringBuilder("{");
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      var value = node(indent + 2, depth + 1);
      yaml.append('\n')
          .append(" ".repeat(indent))
          .append("k")
          .append(i)
          .append(':')
          .append(value.yaml());
      shown.append("k").append(i).append('=').append(value.shown()).append(';');
    }
    return new Written(yaml.toString(), shown.append('}').toString());
  }

  private Written sequence(int indent, int depth) {
    var yaml = new StringBuilder();
    var shown = new StringBuilder("[");
    int size = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      var value = node(indent + 2, depth + 1);
      yaml.append('\n').append(" ".repeat(indent)).append('-').append(value.yaml());
      shown.append(value.shown()).append(';');
    }
    return new Written(yaml.toString(), shown.append(']').toString());
  }

  private Written flow(int depth) {
    var yaml = new StringBuilder(" [");
    var shown = new StringBuilder("[");
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      var value = depth < 4 && random.nextInt(3) == 0 ? flow(depth + 1) : quoted();
      yaml.append(value.yaml()).append(", ");
      shown.append(value.shown()).append(';');
    }
    return new Written(yaml.append(']').toString(), shown.append(']').toString());
  }

  private Written scalar() {
    return switch (random.nextInt(6)) {
      case 0 -> {
        int number = random.nextInt();
        yield new Written(Integer.toString(number), "int " + number);
      }
      case 1 -> new Written(random.nextBoolean() ? "yes" : "True", "bool true");
      case 2 -> new Written("~", "null");
      case 3 -> {
        var text = PLAIN.get(random.nextInt(PLAIN.size()));
        yield new Written(text, "text " + text);
      }
      default -> quoted();
    };
  }

  private Written quoted() {
    var text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
    }
    var yaml =
        random.nextBoolean()
            ? "'" + text.toString().replace("'", "''") + "'"
            : "\"" + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    return new Written(yaml, "text " + text);
  }
}
