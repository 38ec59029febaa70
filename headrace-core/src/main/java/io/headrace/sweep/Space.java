package io.headrace.sweep;

import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Option;
import io.headrace.plan.SearchSpace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A search space as a tree whose parameters, those of branches too, have dimensions from 0 in the
 * order written. A trial is then a probability for each dimension, and which dimensions it has
 * depends on the choices.
 *
 * <p>A nested parameter {@code lr} in an option of {@code model} is named {@code model.lr}; {@code
 * model} itself is the whole option as JSON.
 */
final class Space {
  private final List<Parameter> parameters;
  private final int dimensions;

  Space(SearchSpace space, OptionalDouble base) {
    var compiling = new Compiling(base);
    this.parameters = compiling.parameters(space, "");
    this.dimensions = compiling.next;
  }

  /** From a dimension to a probability above 0 and below 1. */
  interface Point {
    double at(Dimension dimension);
  }

  /**
   * One of a trial's coordinates.
   *
   * @param options how many a choice has; 0 for a number
   */
  record Dimension(int index, int options) {
    boolean isChoice() {
      return options > 0;
    }
  }

  /** A node of the tree. */
  sealed interface Parameter {
    String path();

    Dimension dimension();
  }

  /** A number of some distribution. */
  record Numeric(String path, Dimension dimension, Distribution distribution)
      implements Parameter {}

  /** One of some branches. */
  record Pick(String path, Dimension dimension, List<Branch> branches) implements Parameter {
    int chosen(double probability) {
      return Math.min(branches.size() - 1, (int) (probability * branches.size()));
    }

    Cell cell(int branch) {
      return new Cell((double) branch / branches.size(), (branch + 1.0) / branches.size(), true);
    }
  }

  /** What a choice may be. */
  sealed interface Branch {}

  record Leaf(String value) implements Branch {}

  record Inner(List<Parameter> parameters) implements Branch {}

  List<Parameter> parameters() {
    return parameters;
  }

  int dimensions() {
    return dimensions;
  }

  /** The values at a point, in the order written. */
  Map<String, String> values(Point point) {
    var values = new LinkedHashMap<String, String>();
    put(values, parameters, point);
    return values;
  }

  private static void put(Map<String, String> values, List<Parameter> level, Point point) {
    for (var parameter : level) {
      double probability = point.at(parameter.dimension());
      switch (parameter) {
        case Numeric it -> values.put(it.path(), it.distribution().value(probability));
        case Pick it -> putPicked(values, it, point, it.branches().get(it.chosen(probability)));
      }
    }
  }

  private static void putPicked(Map<String, String> values, Pick pick, Point point, Branch branch) {
    switch (branch) {
      case Leaf leaf -> values.put(pick.path(), leaf.value());
      case Inner inner -> {
        values.put(pick.path(), "");
        put(values, inner.parameters(), point);
        values.put(pick.path(), json(pick.path(), inner, values));
      }
    }
  }

  private static String json(String path, Inner inner, Map<String, String> values) {
    var members = new LinkedHashMap<String, String>();
    for (var parameter : inner.parameters()) {
      members.put(
          parameter.path().substring(path.length() + 1), values.getOrDefault(parameter.path(), ""));
    }
    return JsonText.object(members);
  }

  /**
   * Where a trial's values lie, by dimension; without what cannot be read back, so that values that
   * were edited by hand count as far as they are understood.
   */
  Map<Integer, Cell> cells(Map<String, String> values) {
    var cells = new LinkedHashMap<Integer, Cell>();
    locate(cells, parameters, values);
    return cells;
  }

  private static void locate(
      Map<Integer, Cell> cells, List<Parameter> level, Map<String, String> values) {
    for (var parameter : level) {
      var value = Optional.ofNullable(values.get(parameter.path()));
      switch (parameter) {
        case Numeric it ->
            value
                .flatMap(Space::number)
                .ifPresent(
                    number -> cells.put(it.dimension().index(), it.distribution().cell(number)));
        case Pick it -> value.ifPresent(text -> locatePicked(cells, it, text, values));
      }
    }
  }

  private static void locatePicked(
      Map<Integer, Cell> cells, Pick pick, String value, Map<String, String> values) {
    for (int i = 0; i < pick.branches().size(); i++) {
      switch (pick.branches().get(i)) {
        case Leaf leaf -> {
          if (leaf.value().equals(value)) {
            cells.put(pick.dimension().index(), pick.cell(i));
            return;
          }
        }
        case Inner inner -> {
          if (holds(pick.path(), inner, value, values)) {
            cells.put(pick.dimension().index(), pick.cell(i));
            locate(cells, inner.parameters(), values);
            return;
          }
        }
      }
    }
  }

  /** Whether the values may come from this branch. */
  private static boolean holds(String path, Inner inner, String value, Map<String, String> values) {
    if (!json(path, inner, values).equals(value)) {
      return false;
    }
    var cells = new LinkedHashMap<Integer, Cell>();
    locate(cells, inner.parameters(), values);
    return inner.parameters().stream()
        .allMatch(parameter -> cells.containsKey(parameter.dimension().index()));
  }

  private static Optional<Double> number(String text) {
    try {
      return Optional.of(Double.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Numbers the dimensions while the tree is made. */
  private static final class Compiling {
    private final OptionalDouble base;
    private int next;

    Compiling(OptionalDouble base) {
      this.base = base;
    }

    List<Parameter> parameters(SearchSpace space, String prefix) {
      var level = new ArrayList<Parameter>();
      space
          .parameters()
          .forEach((name, parameter) -> level.add(parameter(prefix + name, parameter)));
      return List.copyOf(level);
    }

    private Parameter parameter(String path, Hyperparameter parameter) {
      int index = next++;
      return switch (parameter) {
        case Hyperparameter.Choice choice ->
            new Pick(
                path,
                new Dimension(index, choice.options().size()),
                choice.options().stream().map(option -> branch(path, option)).toList());
        case Hyperparameter.RandInt it -> numeric(path, index, it);
        case Hyperparameter.Uniform it -> numeric(path, index, it);
        case Hyperparameter.QUniform it -> numeric(path, index, it);
        case Hyperparameter.Normal it -> numeric(path, index, it);
        case Hyperparameter.QNormal it -> numeric(path, index, it);
      };
    }

    private Numeric numeric(String path, int index, Hyperparameter parameter) {
      return new Numeric(path, new Dimension(index, 0), Distribution.of(parameter, base));
    }

    private Branch branch(String path, Option option) {
      return switch (option) {
        case Option.Single single -> new Leaf(single.value());
        case Option.Nested nested -> new Inner(parameters(nested.space(), path + "."));
      };
    }
  }
}
