package io.headrace.sweep;

import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Choice;
import io.headrace.plan.Hyperparameter.Option;
import io.headrace.plan.Hyperparameter.Uniform;
import io.headrace.plan.Objective;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.sweep.Trial.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Search spaces and histories for tests. */
final class Spaces {
  static final Objective LEAST = new Objective(Objective.Goal.MINIMIZE, "loss");
  static final Objective MOST = new Objective(Objective.Goal.MAXIMIZE, "accuracy");
  static final Sampling GRID = new Sampling.Grid();
  static final Sampling BAYESIAN = new Sampling.Bayesian();
  static final Sampling RANDOM =
      new Sampling.Random(OptionalLong.empty(), false, OptionalDouble.empty());
  static final Sampling SOBOL =
      new Sampling.Random(OptionalLong.empty(), true, OptionalDouble.empty());

  private Spaces() {}

  static SearchSpace space(String name, Hyperparameter parameter) {
    return new SearchSpace(Map.of(name, parameter));
  }

  /** The same, with one more. */
  static SearchSpace and(SearchSpace space, String name, Hyperparameter parameter) {
    var more = new LinkedHashMap<>(space.parameters());
    more.put(name, parameter);
    return new SearchSpace(more);
  }

  static Choice choice(String... values) {
    return new Choice(Arrays.stream(values).<Option>map(Option.Single::new).toList());
  }

  static Choice nested(SearchSpace... branches) {
    return new Choice(Arrays.stream(branches).<Option>map(Option.Nested::new).toList());
  }

  static Uniform uniform(double min, double max) {
    return new Uniform(min, max, false);
  }

  /** A network with a depth, or a forest with trees; each with a learning rate after it. */
  static SearchSpace models() {
    var network = and(space("kind", choice("network")), "depth", choice("2", "3"));
    var forest = and(space("kind", choice("forest")), "trees", choice("10", "50", "90"));
    return and(space("model", nested(network, forest)), "rate", choice("0.1", "0.01"));
  }

  static Trial trial(int number, State state, double... metrics) {
    return new Trial(number, Map.of(), state, Arrays.stream(metrics).boxed().toList());
  }

  /** As many trials' values as asked for, or as there are, without any result. */
  static List<Map<String, String>> drawn(Sampler sampler, int most) {
    var history = new ArrayList<Trial>();
    for (int i = 0; i < most; i++) {
      var values = sampler.next(history);
      if (values.isEmpty()) {
        break;
      }
      history.add(new Trial(i, values.orElseThrow(), State.RUNNING, List.of()));
    }
    return history.stream().map(Trial::values).toList();
  }

  static double number(Map<String, String> values, String name) {
    return Double.parseDouble(values.getOrDefault(name, "NaN"));
  }
}
