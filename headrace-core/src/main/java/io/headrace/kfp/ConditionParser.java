package io.headrace.kfp;

import io.headrace.plan.Group.Condition;
import io.headrace.plan.Group.Operand;
import io.headrace.plan.Group.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a condition as {@code kfp} compiles it: the small part of the Common Expression Language
 * that it writes. Comparisons joined by {@code &&}, {@code ||} and {@code !}; casts change nothing,
 * since values that are both numbers are compared as such.
 */
final class ConditionParser {
  private static final int MOST_DEPTH = 100;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:inputs\\.parameter_values\\[\\s*'(?<input>[^']*)'\\s*\\]"
              + "|(?<cast>(?:int|double|float|string|bool)\\s*\\()"
              + "|(?<word>true|false|null)\\b"
              + "|(?<number>-?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)"
              + "|(?<sign>&&|\\|\\||==|!=|<=|>=|<|>|!|\\(|\\)))");

  /** The compiler does not escape quotes within a text: it ends before a sign or the end. */
  private static final Pattern TEXT =
      Pattern.compile("\\s*'(.*?)'(?=\\s*(?:$|\\)|&&|\\|\\||==|!=|<=|>=|<|>))", Pattern.DOTALL);

  private static final Map<String, Operator> OPERATORS =
      Map.of(
          "==", Operator.EQUAL,
          "!=", Operator.NOT_EQUAL,
          "<", Operator.LESS,
          "<=", Operator.LESS_OR_EQUAL,
          ">", Operator.GREATER,
          ">=", Operator.GREATER_OR_EQUAL);

  private final String text;
  private final Function<String, Optional<Operand>> inputs;
  private int at;
  private int depth;

  private ConditionParser(String text, Function<String, Optional<Operand>> inputs) {
    this.text = text;
    this.inputs = inputs;
  }

  /** Says why a condition cannot be used. */
  static final class NotUnderstood extends Exception {
    private static final long serialVersionUID = 1L;

    NotUnderstood(String message) {
      super(message);
    }
  }

  /**
   * Reads one.
   *
   * @param inputs what an input's name stands for; empty when there is no such input
   */
  static Condition parse(String text, Function<String, Optional<Operand>> inputs)
      throws NotUnderstood {
    var parser = new ConditionParser(text, inputs);
    var condition = condition(parser.either());
    if (!text.substring(parser.at).isBlank()) {
      throw parser.here();
    }
    return condition;
  }

  /** Either a condition, or a value that is to be compared. */
  private sealed interface Part {
    record Whole(Condition condition) implements Part {}

    record Value(Operand operand) implements Part {}
  }

  private Part either() throws NotUnderstood {
    var first = both();
    var all = new ArrayList<Condition>(List.of(condition(first)));
    while (take("||")) {
      all.add(condition(both()));
    }
    return all.size() == 1 ? first : new Part.Whole(new Condition.Any(all));
  }

  private Part both() throws NotUnderstood {
    var first = part();
    var all = new ArrayList<Condition>(List.of(condition(first)));
    while (take("&&")) {
      all.add(condition(part()));
    }
    return all.size() == 1 ? first : new Part.Whole(new Condition.All(all));
  }

  private static Condition condition(Part part) {
    return switch (part) {
      case Part.Whole(Condition it) -> it;
      case Part.Value(Operand it) ->
          new Condition.Compare(it, Operator.EQUAL, new Operand.Constant("true"));
    };
  }

  private Part part() throws NotUnderstood {
    var left = operand();
    if (left instanceof Part.Value(Operand value)) {
      var sign = peek("sign");
      var operator = sign.flatMap(it -> Optional.ofNullable(OPERATORS.get(it)));
      if (operator.isPresent()) {
        next();
        if (operand() instanceof Part.Value(Operand right)) {
          return new Part.Whole(new Condition.Compare(value, operator.get(), right));
        }
        throw here();
      }
    }
    return left;
  }

  private Part operand() throws NotUnderstood {
    if (++depth > MOST_DEPTH) {
      throw new NotUnderstood("it holds more than " + MOST_DEPTH + " values within one another");
    }
    var part = inner();
    depth--;
    return part;
  }

  private Part inner() throws NotUnderstood {
    if (take("!")) {
      return new Part.Whole(new Condition.Not(condition(operand())));
    }
    if (take("(")) {
      return closed();
    }
    var quoted = TEXT.matcher(text).region(at, text.length());
    quoted.useTransparentBounds(true);
    if (quoted.lookingAt()) {
      at = quoted.end();
      return new Part.Value(new Operand.Constant(quoted.group(1)));
    }
    var token = next();
    if (token.group("cast") != null) {
      return closed();
    }
    var input = token.group("input");
    if (input != null) {
      return new Part.Value(
          inputs
              .apply(input)
              .orElseThrow(() -> new NotUnderstood("it reads '" + input + "', which is no input")));
    }
    var constant = token.group("word") != null ? token.group("word") : token.group("number");
    if (constant == null) {
      throw here();
    }
    return new Part.Value(new Operand.Constant(constant));
  }

  /** What stands between brackets: a condition, or one value. */
  private Part closed() throws NotUnderstood {
    var inner = either();
    if (!take(")")) {
      throw here();
    }
    return inner;
  }

  private boolean take(String sign) {
    if (peek("sign").filter(sign::equals).isPresent()) {
      var token = TOKEN.matcher(text).region(at, text.length());
      if (token.lookingAt()) {
        at = token.end();
        return true;
      }
    }
    return false;
  }

  private Optional<String> peek(String group) {
    var token = TOKEN.matcher(text).region(at, text.length());
    return token.lookingAt() ? Optional.ofNullable(token.group(group)) : Optional.empty();
  }

  private Matcher next() throws NotUnderstood {
    var token = TOKEN.matcher(text).region(at, text.length());
    if (!token.lookingAt()) {
      throw here();
    }
    at = token.end();
    return token;
  }

  private NotUnderstood here() {
    var rest = text.substring(at).strip();
    return new NotUnderstood(
        rest.isEmpty() ? "it ends too early" : "it is not understood from here: " + rest);
  }
}
