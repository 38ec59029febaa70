package io.headrace.kfp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.plan.Group.Condition;
import io.headrace.plan.Group.Operand;
import io.headrace.plan.Group.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Conditions as kfp writes them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConditionParserTest {
  private static final Map<String, String> INPUTS =
      Map.of(
          "pipelinechannel--n", "3", "pipelinechannel--s", "heads", "pipelinechannel--b", "true");

  private static final List<Map.Entry<String, Operator>> OPERATORS =
      List.of(
          Map.entry("==", Operator.EQUAL),
          Map.entry("!=", Operator.NOT_EQUAL),
          Map.entry("<", Operator.LESS),
          Map.entry("<=", Operator.LESS_OR_EQUAL),
          Map.entry(">", Operator.GREATER),
          Map.entry(">=", Operator.GREATER_OR_EQUAL));

  private static Condition parse(String text) throws ConditionParser.NotUnderstood {
    return ConditionParser.parse(
        text, name -> Optional.ofNullable(INPUTS.get(name)).map(Operand.Constant::new));
  }

  private static boolean holds(String text) throws ConditionParser.NotUnderstood {
    return holds(parse(text));
  }

  /** By the meaning of each part alone. */
  private static boolean holds(Condition condition) {
    return switch (condition) {
      case Condition.Always(boolean holds) -> holds;
      case Condition.IsTrue _ -> throw new AssertionError("kfp's conditions compare");
      case Condition.Compare it -> compare(text(it.left()), it.operator(), text(it.right()));
      case Condition.Not(Condition it) -> !holds(it);
      case Condition.All(List<Condition> all) -> all.stream().allMatch(ConditionParserTest::holds);
      case Condition.Any(List<Condition> all) -> all.stream().anyMatch(ConditionParserTest::holds);
    };
  }

  private static String text(Operand operand) {
    return switch (operand) {
      case Operand.Constant(String value) -> value;
      case Operand.Made _ -> throw new AssertionError("all inputs are constants here");
    };
  }

  private static boolean compare(String left, Operator operator, String right) {
    int order =
        left.matches("-?[0-9.]+") && right.matches("-?[0-9.]+")
            ? Double.compare(Double.parseDouble(left), Double.parseDouble(right))
            : left.compareTo(right);
    return switch (operator) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  @Test
  void when_kfp_writes_a_comparison_then_it_means_the_same_here() throws Exception {
    var truths = new LinkedHashMap<String, Boolean>();
    truths.put("inputs.parameter_values['pipelinechannel--s'] == 'heads'", true);
    truths.put("inputs.parameter_values['pipelinechannel--s'] != 'heads'", false);
    truths.put("int(inputs.parameter_values['pipelinechannel--n']) > 2", true);
    truths.put("int(inputs.parameter_values['pipelinechannel--n']) >= 3", true);
    truths.put("int(inputs.parameter_values['pipelinechannel--n']) < 3", false);
    truths.put("double(inputs.parameter_values['pipelinechannel--n']) <= 2.5e0", false);
    truths.put("int(inputs.parameter_values['pipelinechannel--n']) > -1", true);
    truths.put("inputs.parameter_values['pipelinechannel--b'] == true", true);
    truths.put("'heads' == inputs.parameter_values['pipelinechannel--s']", true);
    truths.put("inputs.parameter_values['pipelinechannel--s'] == string('it's' )", false);
    truths.put(
        "!(inputs.parameter_values['pipelinechannel--s'] == 'heads')"
            + " && int(inputs.parameter_values['pipelinechannel--n']) == 3",
        false);
    truths.put(
        "!(inputs.parameter_values['pipelinechannel--s'] == 'x')"
            + " && !(inputs.parameter_values['pipelinechannel--s'] == 'y')",
        true);
    truths.put("inputs.parameter_values['pipelinechannel--b']", true);
    truths.put("!inputs.parameter_values['pipelinechannel--b']", false);
    for (var truth : truths.entrySet()) {
      assertThat(holds(truth.getKey())).as(truth.getKey()).isEqualTo(truth.getValue());
    }
  }

  @Test
  void when_both_joints_stand_side_by_side_then_and_binds_closer_also_within_brackets()
      throws Exception {
    assertThat(holds("1 == 1 || 1 == 1 && 1 == 2")).isTrue();
    assertThat(holds("(1 == 1 || 1 == 1 && 1 == 2)")).isTrue();
    assertThat(holds("(1 == 1 || 1 == 1) && 1 == 2")).isFalse();
  }

  @Test
  void when_something_else_is_written_then_it_says_from_where_it_is_not_understood() {
    var wrong = new LinkedHashMap<String, String>();
    wrong.put("", "ends too early");
    wrong.put("1 ==", "ends too early");
    wrong.put("1 == 2 ? 3", "from here: ? 3");
    wrong.put("(1 == 2", "ends too early");
    wrong.put("1 == (2 == 2)", "it ends too early");
    wrong.put("1 == 2)", "from here: )");
    wrong.put("size(x) == 2", "from here: size(x) == 2");
    wrong.put("inputs.parameter_values['x'] == 2", "it reads 'x', which is no input");
    wrong.put("(".repeat(100_000), "more than 100 values within one another");
    wrong.put("!".repeat(100_000), "more than 100 values within one another");
    wrong.forEach((text, why) ->
        assertThatThrownBy(() -> parse(text))
            .as(text)
            .isInstanceOf(ConditionParser.NotUnderstood.class)
            .hasMessageContaining(why));
  }

  /** A condition as text, and what it comes to. */
  private record Written(String text, BooleanSupplier holds) {}

  @Test
  void when_any_conditions_are_joined_then_they_hold_as_their_parts_do() throws Exception {
    var random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      var written = either(random, 3);
      assertThat(holds(written.text()))
          .as(written.text())
          .isEqualTo(written.holds().getAsBoolean());
    }
  }

  private static Written either(Random random, int depth) {
    var parts = new ArrayList<Written>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      parts.add(both(random, depth));
    }
    return new Written(
        String.join(" || ", parts.stream().map(Written::text).toList()),
        () -> parts.stream().anyMatch(it -> it.holds().getAsBoolean()));
  }

  private static Written both(Random random, int depth) {
    var parts = new ArrayList<Written>();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      parts.add(one(random, depth));
    }
    return new Written(
        String.join(
            random.nextBoolean() ? "&&" : " && ", parts.stream().map(Written::text).toList()),
        () -> parts.stream().allMatch(it -> it.holds().getAsBoolean()));
  }

  private static Written one(Random random, int depth) {
    if (depth > 0 && random.nextInt(3) == 0) {
      var inner = either(random, depth - 1);
      boolean not = random.nextBoolean();
      return new Written(
          (not ? "!(" : "( ") + inner.text() + ")", () -> not != inner.holds().getAsBoolean());
    }
    var operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    var left = value(random);
    var right = value(random);
    return new Written(
        left.getKey() + " " + operator.getKey() + " " + right.getKey(),
        () -> compare(left.getValue(), operator.getValue(), right.getValue()));
  }

  /** As it is written, and what it stands for. */
  private static Map.Entry<String, String> value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Map.entry("int(inputs.parameter_values['pipelinechannel--n'])", "3");
      case 1 -> Map.entry("inputs.parameter_values['pipelinechannel--s']", "heads");
      case 2 -> {
        var number = Integer.toString(random.nextInt(7) - 2);
        yield Map.entry(number, number);
      }
      default -> {
        var text = List.of("heads", "it's", "", "a && b", "3").get(random.nextInt(5));
        yield Map.entry("'" + text + "'", text);
      }
    };
  }
}
