package io.headrace.engine;

import io.headrace.plan.Group.Condition;
import io.headrace.plan.Group.Operand;
import io.headrace.plan.Group.Operator;
import io.headrace.plan.Plan;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Tells whether conditions hold, once what they name is made. */
final class Conditions {
  private Conditions() {}

  static boolean hold(Condition condition, GroupControl.Members members) {
    return switch (condition) {
      case Condition.Always(boolean holds) -> holds;
      case Condition.IsTrue(Plan.StepRef ref) -> isTrue(members.text(ref));
      case Condition.Compare it ->
          compare(text(it.left(), members), it.operator(), text(it.right(), members));
      case Condition.Not(Condition inner) -> !hold(inner, members);
      case Condition.All(List<Condition> inner) -> inner.stream().allMatch(it -> hold(it, members));
      case Condition.Any(List<Condition> inner) -> inner.stream().anyMatch(it -> hold(it, members));
    };
  }

  private static boolean isTrue(String text) {
    var word = text.toLowerCase(Locale.ROOT);
    return word.equals("true") || word.equals("1");
  }

  private static String text(Operand operand, GroupControl.Members members) {
    return switch (operand) {
      case Operand.Constant(String value) -> value;
      case Operand.Made(Plan.StepRef ref) -> members.text(ref);
    };
  }

  static boolean compare(String left, Operator operator, String right) {
    var a = number(left);
    var b = number(right);
    int order;
    if (a.isPresent() && b.isPresent()) {
      if (Double.isNaN(a.getAsDouble()) || Double.isNaN(b.getAsDouble())) {
        return operator == Operator.NOT_EQUAL;
      }
      order = Double.compare(a.getAsDouble() + 0.0, b.getAsDouble() + 0.0); // -0.0 equals 0.0
    } else {
      order = left.compareTo(right);
    }
    return switch (operator) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
