package io.headrace.engine;

import io.headrace.name.Digest;
import io.headrace.plan.Code;
import io.headrace.plan.DataType;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.plan.ValueType;
import io.headrace.run.OutputData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a step can see, part by part: its command, code, environment, inputs by content,
 * parameters, variables, the outputs it is to make, and the seed. Its digest is the step's key: the
 * same key means the same work, whatever the step or its pipeline is called. Kept as text beside
 * the result, so that two recipes can be compared and the difference told.
 *
 * <p>What a run gives each time anew (run ids, folders, the tracking server's address) is not part
 * of it.
 *
 * @param parts by label, sorted: {@code command}, {@code code}, {@code environment}, {@code input
 *     x}, {@code parameter x}, {@code variable X}, {@code output x}, {@code seed}
 */
public record StepRecipe(Map<String, String> parts) {
  /** Changed when the same parts would mean other work, so that no old result is given for it. */
  private static final String FORMAT = "1";

  /** Sorts the parts. */
  public StepRecipe {
    parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /**
   * The recipe of a captured step whose inputs are known.
   *
   * @param environment the identity of the software
   * @param made what the steps before made, by input name
   */
  static StepRecipe of(Step step, Digest environment, Map<String, OutputData> made, long seed) {
    var parts = new TreeMap<String, String>();
    parts.put("format", FORMAT);
    parts.put("command", template(step.command()));
    parts.put("environment", environment.hex());
    parts.put("seed", Long.toString(seed));
    if (step.code() instanceof Code.Stored(Digest manifest)) {
      parts.put("code", manifest.hex());
    }
    step.environmentVariables()
        .forEach((name, value) -> parts.put("variable " + name, template(value)));
    step.inputs()
        .forEach((name, input) -> {
          var label = input instanceof StepInput.Literal ? "parameter " : "input ";
          parts.put(label + name, input(name, input, made));
        });
    step.outputs()
        .forEach((name, output) ->
            parts.put(
                "output " + name,
                output.value().map(ValueType::yaml).orElseGet(() -> output.type().yaml())));
    return new StepRecipe(parts);
  }

  private static String input(String name, StepInput input, Map<String, OutputData> made) {
    return switch (input) {
      case StepInput.Literal(String value) -> value;
      case StepInput.Stored it ->
          given(it.type(), it.mode()) + " " + it.name() + " " + it.digest().hex();
      case StepInput.FromStep it -> {
        var data = made.get(name);
        if (data == null) {
          throw new IllegalStateException("input " + name + " is not made yet");
        }
        yield given(it.type(), it.mode()) + " " + data.name() + " " + data.digest().hex();
      }
      case StepInput.Remote it -> it.type().yaml() + " " + it.uri();
      case StepInput.Local it -> it.type().yaml() + " " + it.path();
      case StepInput.Supplied it -> it.resources();
      case StepInput.OfItem _,
          StepInput.MadeValue _,
          StepInput.After _,
          StepInput.IfMade _,
          StepInput.HowEnded _ ->
          throw new IllegalStateException("input " + name + " is not settled yet");
    };
  }

  /** How the step gets at the data counts only where it then sees other files. */
  private static String given(DataType type, StepInput.Mode mode) {
    return switch (mode) {
      case RO_MOUNT, DOWNLOAD, DIRECT -> type.yaml();
      case EVAL_MOUNT, EVAL_DOWNLOAD -> type.yaml() + " evaluated";
      case TABLE -> type.yaml() + " table";
    };
  }

  private static String template(List<Segment> segments) {
    var text = new StringBuilder();
    for (var segment : segments) {
      switch (segment) {
        case Segment.Text(String it) -> text.append(it);
        case Segment.Value(String input, String _) ->
            text.append("${{inputs.").append(input).append("}}");
        case Segment.InputPath(String input) ->
            text.append("${{inputs.").append(input).append(".path}}");
        case Segment.OutputPath(String output) ->
            text.append("${{outputs.").append(output).append("}}");
      }
    }
    return text.toString();
  }

  /** The step's key. */
  Digest key() {
    return Digest.ofText(text());
  }

  /** One line a part; a part's line breaks are escaped, so that the lines can be told apart. */
  String text() {
    var text = new StringBuilder(parts.size() * 96);
    parts.forEach((label, value) ->
        text.append(escape(label)).append('\t').append(escape(value)).append('\n'));
    return text.toString();
  }

  static StepRecipe parse(String text) {
    var parts = new LinkedHashMap<String, String>();
    text.lines()
        .forEach(line -> {
          var tab = line.indexOf('\t');
          parts.put(unescape(line.substring(0, tab)), unescape(line.substring(tab + 1)));
        });
    return new StepRecipe(parts);
  }

  private static String escape(String text) {
    if (text.indexOf('\\') < 0
        && text.indexOf('\n') < 0
        && text.indexOf('\r') < 0
        && text.indexOf('\t') < 0) {
      return text;
    }
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }

  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        plain.append(
            switch (next) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> next;
            });
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** How this recipe differs from the last one, in a fixed order; empty when it does not. */
  List<Difference> since(StepRecipe last) {
    var differences = new ArrayList<Difference>();
    parts.forEach((label, value) -> {
      var was = last.parts.get(label);
      if (was == null) {
        differences.add(new Difference(label, "", value));
      } else if (!was.equals(value)) {
        differences.add(new Difference(label, was, value));
      }
    });
    last.parts.forEach((label, was) -> {
      if (!parts.containsKey(label)) {
        differences.add(new Difference(label, was, ""));
      }
    });
    return differences;
  }

  /**
   * One part that differs.
   *
   * @param was empty when the part is new
   * @param is empty when the part is gone
   */
  public record Difference(String part, String was, String is) {}
}
