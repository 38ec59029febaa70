package io.headrace.sweep;

import io.headrace.sweep.Space.Branch;
import io.headrace.sweep.Space.Dimension;
import io.headrace.sweep.Space.Inner;
import io.headrace.sweep.Space.Leaf;
import io.headrace.sweep.Space.Numeric;
import io.headrace.sweep.Space.Parameter;
import io.headrace.sweep.Space.Pick;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Each combination of choices once: a trial's number, read as digits of which each parameter is one
 * and the last changes fastest. A branch counts for as many as its own combinations.
 */
record Grid(Space space) implements Proposals {
  @Override
  public Optional<Map<String, String>> next(List<Trial> history) {
    if (history.size() >= combinations(space.parameters())) {
      return Optional.empty();
    }
    var choices = new HashMap<Integer, Double>();
    choose(choices, space.parameters(), history.size());
    return Optional.of(space.values(dimension -> choice(choices, dimension)));
  }

  private static double choice(Map<Integer, Double> choices, Dimension dimension) {
    return choices.getOrDefault(dimension.index(), 0.5);
  }

  private static void choose(Map<Integer, Double> choices, List<Parameter> level, long number) {
    long rest = number;
    for (var parameter : level.reversed()) {
      long radix = combinations(parameter);
      choose(choices, parameter, rest % radix);
      rest /= radix;
    }
  }

  private static void choose(Map<Integer, Double> choices, Parameter parameter, long number) {
    if (!(parameter instanceof Pick pick)) {
      return;
    }
    long rest = number;
    for (int i = 0; i < pick.branches().size(); i++) {
      var branch = pick.branches().get(i);
      long size = combinations(branch);
      if (rest < size) {
        choices.put(pick.dimension().index(), pick.cell(i).middle());
        if (branch instanceof Inner inner) {
          choose(choices, inner.parameters(), rest);
        }
        return;
      }
      rest -= size;
    }
  }

  /** {@link Long#MAX_VALUE} when there are more. */
  private static long combinations(List<Parameter> level) {
    long product = 1;
    for (var parameter : level) {
      long factor = combinations(parameter);
      product = product > Long.MAX_VALUE / factor ? Long.MAX_VALUE : product * factor;
    }
    return product;
  }

  private static long combinations(Parameter parameter) {
    return switch (parameter) {
      case Numeric _ -> 1;
      case Pick pick -> {
        long sum = 0;
        for (var branch : pick.branches()) {
          long more = combinations(branch);
          sum = sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
        }
        yield sum;
      }
    };
  }

  private static long combinations(Branch branch) {
    return switch (branch) {
      case Leaf _ -> 1;
      case Inner inner -> combinations(inner.parameters());
    };
  }
}
