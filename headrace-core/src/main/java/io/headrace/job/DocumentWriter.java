package io.headrace.job;

import io.headrace.spec.Value;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a document back as it was understood: words in their own spelling, numbers and booleans as
 * such, local paths absolute, so that the text means the same wherever it is read again. Nothing is
 * left out. Reading what was written and writing it again gives the same.
 */
final class DocumentWriter {
  private final Shapes shapes;
  private final Path folder;

  /**
   * Prepares to write a document.
   *
   * @param folder of the file that it is in, from which its relative paths start
   */
  DocumentWriter(Shapes shapes, Path folder) {
    this.shapes = shapes;
    this.folder = folder;
  }

  /** A document, or a part of one, that has been validated without an error. */
  Value write(YamlNode node, Shape shape) {
    return switch (shape) {
      case Shape.Named(String name) -> write(node, shapes.named(name));
      case Shape.Bindable(Shape inner) -> write(node, inner);
      case Shape.When when ->
          write(
              node,
              node instanceof Mapping mapping && mapping.get(when.field()).isPresent()
                  ? when.present()
                  : when.absent());
      case Shape.Tagged tagged -> tagged(node, tagged);
      case Shape.AnyOf any -> write(node, Validator.choice(node, any));
      case Shape.Fields fields -> fields(node, fields);
      case Shape.Table table -> table(node, table.value());
      case Shape.Items(Shape item) ->
          node instanceof Sequence(var _, List<YamlNode> items)
              ? new Value.Items(items.stream().map(each -> write(each, item)).toList())
              : Entries.value(node);
      case Shape.Anything _ -> Entries.value(node);
      case Shape.Text _,
          Shape.Whole _,
          Shape.Quantity _,
          Shape.Moment _,
          Shape.Flag _,
          Shape.Literal _,
          Shape.Version _,
          Shape.Choice _ ->
          node instanceof Scalar scalar ? single(scalar, shape) : Entries.value(node);
    };
  }

  private Value single(Scalar scalar, Shape shape) {
    if (Validator.isNull(scalar) || scalar.text().contains("${{")) {
      return Scalars.value(scalar);
    }
    return switch (shape) {
      case Shape.Text(Form form) -> new Value.Text(path(scalar.text(), form));
      case Shape.Whole _ -> {
        var whole = Scalars.whole(scalar);
        yield whole.isPresent()
            ? new Value.Whole(java.math.BigInteger.valueOf(whole.getAsLong()))
            : Scalars.value(scalar);
      }
      case Shape.Quantity _ -> quantity(scalar);
      case Shape.Flag _ ->
          Scalars.flag(scalar).<Value>map(Value.Flag::new).orElseGet(() -> Scalars.value(scalar));
      case Shape.Version _ ->
          Scalars.version(scalar)
              .<Value>map(Value.Text::new)
              .orElseGet(() -> Scalars.value(scalar));
      case Shape.Choice(List<String> words, var spelling) ->
          new Value.Text(Validator.tagOf(scalar, words, spelling).orElse(scalar.text()));
      case Shape.Moment _ -> new Value.Text(scalar.text());
      // What a literal's text means may depend on its type, so it keeps it.
      case Shape.Literal _ -> Scalars.value(scalar);
      case Shape.Items _,
          Shape.Table _,
          Shape.Fields _,
          Shape.AnyOf _,
          Shape.Tagged _,
          Shape.When _,
          Shape.Bindable _,
          Shape.Named _,
          Shape.Anything _ ->
          throw new IllegalArgumentException("not the shape of a single value: " + shape);
    };
  }

  private static Value quantity(Scalar scalar) {
    var value = Scalars.value(scalar);
    if (!(value instanceof Value.Text)) {
      return value;
    }
    var number = Scalars.number(scalar);
    return number.isPresent() ? new Value.Real(number.getAsDouble()) : value;
  }

  private String path(String text, Form form) {
    return switch (form) {
      case PATH -> isLocal(text) ? absolute(text) : text;
      case DATA_PATH ->
          isLocal(text) && !text.startsWith("runs:/") && !text.startsWith("mlflow-model:")
              ? absolute(text)
              : text;
      case ENVIRONMENT -> text.startsWith("file:") ? "file:" + absolute(text) : text;
      default -> text;
    };
  }

  private static boolean isLocal(String text) {
    return !text.startsWith("azureml:")
        && !text.startsWith("git+")
        && !text.contains("://")
        && !PortReader.hasScheme(text);
  }

  private String absolute(String text) {
    String bare = text.startsWith("file:") ? text.substring("file:".length()) : text;
    try {
      return folder.resolve(bare).normalize().toString();
    } catch (InvalidPathException e) {
      return text;
    }
  }

  private Value tagged(YamlNode node, Shape.Tagged tagged) {
    if (!(node instanceof Mapping mapping)) {
      return Entries.value(node);
    }
    var words = List.copyOf(tagged.kinds().keySet());
    var word =
        mapping.get(tagged.tag()).flatMap(tag -> Validator.tagOf(tag, words, tagged.spelling()));
    Shape shape =
        word.map(it -> tagged.kinds().getOrDefault(it, Terms.ANYTHING))
            .or(tagged::missing)
            .orElse(Terms.ANYTHING);
    var written = write(mapping, shape);
    if (word.isEmpty() || !(written instanceof Value.Table(Map<String, Value> entries))) {
      return written;
    }
    var changed = new LinkedHashMap<>(entries);
    changed.put(tagged.tag(), new Value.Text(word.get()));
    return new Value.Table(changed);
  }

  private Value fields(YamlNode node, Shape.Fields fields) {
    if (!(node instanceof Mapping(var _, List<YamlNode.Entry> entries))) {
      return Entries.value(node);
    }
    var written = new LinkedHashMap<String, Value>();
    for (var entry : entries) {
      String name = entry.key().text();
      Shape shape = fields.field(name).map(Shape.Field::shape).orElse(Terms.ANYTHING);
      written.put(name, write(entry.value(), shape));
    }
    return new Value.Table(written);
  }

  private Value table(YamlNode node, Shape value) {
    if (!(node instanceof Mapping(var _, List<YamlNode.Entry> entries))) {
      return Entries.value(node);
    }
    var written = new LinkedHashMap<String, Value>();
    entries.forEach(entry -> written.put(entry.key().text(), write(entry.value(), value)));
    return new Value.Table(written);
  }
}
