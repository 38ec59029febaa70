package io.headrace.cli;

import io.headrace.json.ValueJson;
import io.headrace.spec.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A model card as Markdown; what others wrote in it is text there, and never markup. */
final class ModelCardText {
  private final StringBuilder page = new StringBuilder();

  private ModelCardText() {}

  static String of(Value.Table card) {
    var text = new ModelCardText();
    text.model(at(card, "model"));
    text.use(at(card, "use"));
    text.made(at(card, "made"));
    text.evaluation(at(card, "evaluation"));
    return text.page.toString();
  }

  private void model(Value model) {
    line("# " + text(at(model, "name")) + ", version " + text(at(model, "version")));
    line("");
    for (var name : List.of("aliases", "stage", "type", "flavors", "created", "created_by")) {
      fact(name, text(at(model, name)));
    }
    fact("digest", code(at(model, "digest")));
    fact("bytes", text(at(model, "bytes")));
    fact("signature", code(at(model, "signature")));
    var findings = items(at(model, "findings"));
    var looked = at(model, "inspected") instanceof Value.Flag(boolean it) && it;
    fact(
        "the scanner found",
        findings.isEmpty() ? (looked ? "nothing" : "– (it has not looked)") : "");
    findings.forEach(it -> line("  - " + text(it)));
  }

  private void use(Value use) {
    section("Use and limits");
    var description = text(at(use, "description"));
    line(description.isEmpty() ? "Its makers say nothing of it." : description);
    pairs("Tag", "Value", entries(at(use, "tags")));
  }

  private void made(Value made) {
    section("How it was made");
    if (made instanceof Value.Nothing) {
      line("No run is recorded: it was registered from files.");
      return;
    }
    for (var name : List.of("experiment", "run", "step", "ended")) {
      fact(name, text(at(made, name)));
    }
    for (var name : List.of("code", "command", "environment")) {
      fact(name, code(at(made, name)));
    }
    var lock = items(at(made, "lock"));
    fact(
        "packages",
        lock.isEmpty() ? "" : String.join(", ", lock.stream().map(ModelCardText::text).toList()));
    pairs("Parameter", "Value", entries(at(made, "params")));
    pairs("Metric", "Value", entries(at(made, "metrics")));
    data(entries(at(made, "inputs")));
    for (var step : items(at(made, "before"))) {
      line("");
      line("### Before it: " + text(at(step, "step")));
      line("");
      fact("run", text(at(step, "run")));
      fact("code", code(at(step, "code")));
      pairs("Parameter", "Value", entries(at(step, "params")));
      pairs("Metric", "Value", entries(at(step, "metrics")));
      data(entries(at(step, "inputs")));
    }
  }

  private void data(Map<String, Value> inputs) {
    var rows = new ArrayList<List<String>>();
    inputs.forEach((name, it) ->
        rows.add(
            List.of(
                escape(name),
                text(at(it, "type")),
                text(at(it, "assets")),
                code(at(it, "digest")))));
    table(List.of("Input", "Type", "Known as", "Digest"), rows);
  }

  private void evaluation(Value evaluation) {
    section("Evaluation");
    if (evaluation instanceof Value.Nothing) {
      line("None is recorded.");
      return;
    }
    var report = at(evaluation, "report");
    fact("verdict", text(at(evaluation, "verdict")));
    for (var name : List.of("run", "ended")) {
      fact(name, text(at(evaluation, name)));
    }
    if (report instanceof Value.Nothing) {
      pairs("Metric", "Value", entries(at(evaluation, "metrics")));
      return;
    }
    fact("rows", text(at(report, "rows")));
    items(at(report, "thresholds")).forEach(it -> line("- " + text(at(it, "told"))));
    var rows = new ArrayList<List<String>>();
    entries(at(report, "overall"))
        .forEach((name, it) -> rows.add(List.of(escape(name), text(at(it, "value")), range(it))));
    table(List.of("Metric", "Value", "Interval (" + text(at(report, "confidence")) + ")"), rows);
    baseline(at(report, "comparison"));
    slices(report);
  }

  private void baseline(Value comparison) {
    var rows = new ArrayList<List<String>>();
    entries(comparison)
        .forEach((name, it) ->
            rows.add(
                List.of(
                    escape(name),
                    text(at(it, "baseline")),
                    text(at(it, "difference")),
                    range(it),
                    text(at(it, "p_value")))));
    table(List.of("Metric", "Baseline", "Difference", "Interval", "p"), rows);
  }

  /** One metric tells which slices to look at; the report has all. */
  private void slices(Value report) {
    var overall = entries(at(report, "overall")).keySet();
    var metric = overall.contains("accuracy") ? "accuracy" : "mae";
    var rows = new ArrayList<List<String>>();
    for (var it : items(at(report, "slices"))) {
      var small = at(it, "small") instanceof Value.Flag(boolean flag) && flag;
      var value = at(at(it, "metrics"), metric);
      rows.add(
          List.of(
              text(at(it, "column")) + " = " + text(at(it, "value")),
              text(at(it, "rows")) + (small ? " (small)" : ""),
              text(at(value, "value")),
              range(value)));
    }
    table(List.of("Slice", "Rows", metric, "Interval"), rows);
  }

  private static String range(Value it) {
    return at(it, "low") instanceof Value.Nothing
        ? "–"
        : text(at(it, "low")) + " to " + text(at(it, "high"));
  }

  private void pairs(String first, String second, Map<String, Value> pairs) {
    var rows = new ArrayList<List<String>>();
    pairs.forEach((name, it) -> rows.add(List.of(escape(name), text(it))));
    table(List.of(first, second), rows);
  }

  private void table(List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    line("");
    row(head);
    row(head.stream().map(_ -> "---").toList());
    rows.forEach(this::row);
  }

  private void row(List<String> cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void section(String title) {
    line("");
    line("## " + title);
    line("");
  }

  /** What is not known is left out. */
  private void fact(String name, String value) {
    if (!value.isEmpty() || name.startsWith("the ")) {
      line(("- **" + name.replace('_', ' ') + ":** " + value).stripTrailing());
    }
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private static Value at(Value value, String field) {
    return entries(value).getOrDefault(field, new Value.Nothing());
  }

  private static Map<String, Value> entries(Value value) {
    return value instanceof Value.Table(var entries) ? entries : Map.of();
  }

  private static List<Value> items(Value value) {
    return value instanceof Value.Items(var items) ? items : List.of();
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Text(String text) -> escape(text);
      case Value.Real(double number) -> String.format(Locale.ROOT, "%.4g", number);
      case Value.Whole(var number) -> number.toString();
      case Value.Flag(boolean flag) -> Boolean.toString(flag);
      case Value.Nothing _ -> "";
      case Value.Items(var items) ->
          String.join(", ", items.stream().map(ModelCardText::text).toList());
      case Value.Table it -> escape(ValueJson.compact(it));
    };
  }

  /** As code; a fence longer than any within, so that nothing ends it early. */
  private static String code(Value value) {
    var text =
        switch (value) {
          case Value.Text(String it) -> it;
          case Value.Nothing _ -> "";
          case Value.Items _, Value.Table _, Value.Whole _, Value.Real _, Value.Flag _ ->
              ValueJson.compact(value);
        };
    if (text.isEmpty()) {
      return "";
    }
    var fence = "`";
    while (text.contains(fence)) {
      fence += "`";
    }
    var pad = fence.length() > 1 ? " " : "";
    return fence + pad + text.replaceAll("\\s+", " ").strip() + pad + fence;
  }

  /** Leaves alone what means nothing within a line: underscores in words, comparisons. */
  private static String escape(String text) {
    return text.replaceAll("\\s+", " ")
        .strip()
        .replaceAll("([\\\\`*\\[\\]<|#~&]|^>|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))", "\\\\$1");
  }
}
