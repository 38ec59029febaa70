package io.headrace.job;

import io.headrace.spec.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes documents from their descriptions: valid by shape, of no sense. */
final class RandomDocument {
  private static final int DEEPEST = 7;

  private final Shapes shapes = new Shapes();
  private final Random random;

  RandomDocument(Random random) {
    this.random = random;
  }

  Value of(Shape shape, int depth) {
    return switch (shape) {
      case Shape.Named(String name) -> of(shapes.named(name), depth);
      case Shape.Bindable(Shape inner) -> of(inner, depth);
      case Shape.When when -> of(random.nextBoolean() ? when.present() : when.absent(), depth);
      case Shape.AnyOf any -> of(any.choices().get(random.nextInt(any.choices().size())), depth);
      case Shape.Tagged tagged -> tagged(tagged, depth);
      case Shape.Fields fields -> new Value.Table(fields(fields, depth));
      case Shape.Table table -> table(table, depth);
      case Shape.Items(Shape item) -> items(item, depth);
      case Shape.Anything _, Shape.Literal _ -> literal();
      case Shape.Text(Form form) -> new Value.Text(text(form));
      case Shape.Whole(long least, long most) ->
          new Value.Whole(
              BigInteger.valueOf(Math.max(least, 0) + random.nextLong(Math.min(most, 9) + 1) % 9)
                  .min(BigInteger.valueOf(most)));
      case Shape.Quantity(double least, double _) ->
          new Value.Real(Math.max(least, 0) + random.nextDouble());
      case Shape.Flag _ -> new Value.Flag(random.nextBoolean());
      case Shape.Moment _ -> new Value.Text("2026-03-29T02:30:00");
      case Shape.Version _ -> new Value.Text(Integer.toString(random.nextInt(9)));
      case Shape.Choice(List<String> words, var _) ->
          new Value.Text(words.get(random.nextInt(words.size())));
    };
  }

  private Value literal() {
    return switch (random.nextInt(4)) {
      case 0 -> new Value.Text("it's \"odd\"\n\ttext: #\u00fc");
      case 1 -> new Value.Whole(BigInteger.valueOf(random.nextInt()));
      case 2 -> new Value.Real(random.nextGaussian() * 1e20);
      default -> new Value.Flag(random.nextBoolean());
    };
  }

  private String text(Form form) {
    return switch (form) {
      case ANY, NOT_BLANK, PATH, DATA_PATH -> "yes";
      case NODE_NAME, COMPONENT_NAME, PORT_NAME, JOB_NAME, ASSET_NAME, ENDPOINT_NAME -> name();
      case ASSET_VERSION -> "1.2";
      case MEMORY -> "2g";
      case AZUREML_REFERENCE, ENVIRONMENT -> "azureml:a:1";
      case AZUREML_NAME -> "azureml:a";
      case OUTPUT_BINDING -> "${{parent.outputs.o}}";
      case NODE_BINDING -> "${{parent.jobs.a}}";
      case FILE_URI -> "file:x";
      case CRON -> "0 3 * * mon";
      case TIME_ZONE -> "Pacific Standard Time";
      case ARM_ID -> "/subscriptions/s/x";
      case URL -> "https://x.invalid/y";
    };
  }

  private String name() {
    return "n" + random.nextInt(1_000);
  }

  private Value tagged(Shape.Tagged tagged, int depth) {
    var words = List.copyOf(tagged.kinds().keySet());
    String word = words.get(random.nextInt(words.size()));
    if (of(tagged.kinds().getOrDefault(word, Terms.ANYTHING), depth)
        instanceof Value.Table(Map<String, Value> entries)) {
      var changed = new LinkedHashMap<>(entries);
      changed.put(tagged.tag(), new Value.Text(word));
      return new Value.Table(changed);
    }
    return new Value.Nothing();
  }

  private Map<String, Value> fields(Shape.Fields fields, int depth) {
    var made = new LinkedHashMap<String, Value>();
    fields
        .fields()
        .forEach((name, field) -> {
          if (field.required() || (depth < DEEPEST && random.nextInt(3) == 0)) {
            made.put(name, of(field.shape(), depth + 1));
          }
        });
    return made;
  }

  private Value table(Shape.Table table, int depth) {
    var made = new LinkedHashMap<String, Value>();
    for (int i = depth < DEEPEST ? random.nextInt(3) : 0; i >= 0 && depth < DEEPEST + 3; i--) {
      made.put(table.key() == Form.ANY ? "k " + i : name(), of(table.value(), depth + 1));
    }
    return new Value.Table(made);
  }

  private Value items(Shape item, int depth) {
    var made = new ArrayList<Value>();
    for (int i = depth < DEEPEST ? random.nextInt(3) : 0; i > 0; i--) {
      made.add(of(item, depth + 1));
    }
    return new Value.Items(made);
  }
}
