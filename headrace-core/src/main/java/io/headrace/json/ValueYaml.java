package io.headrace.json;

import io.headrace.spec.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Values as YAML text. A text stands without quotes only where every reader takes it for one: also
 * those that hold {@code yes} to be true.
 */
public final class ValueYaml {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_/][\\w./@+-]*(?:[ :]?[\\w./@+-]+)*|[A-Za-z]+://[\\w./@+-]+");
  private static final Set<String> WORDS =
      Set.of("yes", "no", "on", "off", "true", "false", "null", "y", "n");

  private ValueYaml() {}

  /** In block style; ends in a line break. */
  public static String text(Value value) {
    var text = new StringBuilder();
    switch (value) {
      case Value.Table(var entries) when !entries.isEmpty() -> table(entries, text, 0);
      case Value.Items(var items) when !items.isEmpty() -> items(items, text, 0);
      case Value.Table _,
          Value.Items _,
          Value.Text _,
          Value.Whole _,
          Value.Real _,
          Value.Flag _,
          Value.Nothing _ ->
          text.append(single(value)).append('\n');
    }
    return text.toString();
  }

  private static void table(Map<String, Value> entries, StringBuilder text, int depth) {
    entries.forEach((name, value) -> {
      text.append("  ".repeat(depth)).append(plain(name)).append(':');
      below(value, text, depth);
    });
  }

  private static void below(Value value, StringBuilder text, int depth) {
    switch (value) {
      case Value.Table(var entries) when !entries.isEmpty() -> {
        text.append('\n');
        table(entries, text, depth + 1);
      }
      case Value.Items(var items) when !items.isEmpty() -> {
        text.append('\n');
        items(items, text, depth);
      }
      case Value.Table _,
          Value.Items _,
          Value.Text _,
          Value.Whole _,
          Value.Real _,
          Value.Flag _,
          Value.Nothing _ ->
          text.append(' ').append(single(value)).append('\n');
    }
  }

  private static void items(List<Value> items, StringBuilder text, int depth) {
    String dash = "  ".repeat(depth) + "- ";
    for (var item : items) {
      switch (item) {
        case Value.Table(var entries) when !entries.isEmpty() -> {
          var inner = new StringBuilder();
          table(entries, inner, depth + 1);
          text.append(dash).append(inner.substring(dash.length()));
        }
        case Value.Items(var nested) when !nested.isEmpty() -> {
          var inner = new StringBuilder();
          items(nested, inner, depth + 1);
          text.append(dash).append(inner.substring(dash.length()));
        }
        case Value.Table _,
            Value.Items _,
            Value.Text _,
            Value.Whole _,
            Value.Real _,
            Value.Flag _,
            Value.Nothing _ ->
            text.append(dash).append(single(item)).append('\n');
      }
    }
  }

  private static String single(Value value) {
    return value instanceof Value.Text(String text) ? plain(text) : ValueJson.compact(value);
  }

  private static String plain(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))
        ? text
        : ValueJson.compact(new Value.Text(text));
  }
}
