package io.headrace.sweep;

import static io.headrace.sweep.Spaces.BAYESIAN;
import static io.headrace.sweep.Spaces.GRID;
import static io.headrace.sweep.Spaces.LEAST;
import static io.headrace.sweep.Spaces.RANDOM;
import static io.headrace.sweep.Spaces.SOBOL;
import static io.headrace.sweep.Spaces.and;
import static io.headrace.sweep.Spaces.choice;
import static io.headrace.sweep.Spaces.drawn;
import static io.headrace.sweep.Spaces.models;
import static io.headrace.sweep.Spaces.nested;
import static io.headrace.sweep.Spaces.number;
import static io.headrace.sweep.Spaces.space;
import static io.headrace.sweep.Spaces.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Normal;
import io.headrace.plan.Hyperparameter.QNormal;
import io.headrace.plan.Hyperparameter.QUniform;
import io.headrace.plan.Hyperparameter.RandInt;
import io.headrace.plan.Hyperparameter.Uniform;
import io.headrace.plan.Sampling;
import io.headrace.sweep.Trial.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.commons.math3.distribution.LogNormalDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.RealDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SamplerTest {
  private static final int MANY = 2000;

  private static Sampler sampler(Hyperparameter parameter, Sampling sampling, long seed) {
    return new Sampler(space("x", parameter), sampling, LEAST, seed);
  }

  private static double[] numbers(Hyperparameter parameter, Sampling sampling, long seed) {
    return drawn(sampler(parameter, sampling, seed), MANY).stream()
        .mapToDouble(values -> number(values, "x"))
        .toArray();
  }

  private static Sampling base(double base) {
    return new Sampling.Random(OptionalLong.empty(), false, OptionalDouble.of(base));
  }

  @Nested
  class Given_random_sampling {
    /** The chance that so large a distance from the distribution comes by chance. */
    private double kolmogorovSmirnov(Hyperparameter parameter, RealDistribution wanted) {
      var test = new KolmogorovSmirnovTest();
      return test.kolmogorovSmirnovTest(wanted, numbers(parameter, RANDOM, 7));
    }

    @Test
    void then_numbers_follow_their_distributions() {
      assertThat(kolmogorovSmirnov(uniform(-3, 5), new UniformRealDistribution(-3, 5)))
          .isGreaterThan(0.01);
      assertThat(kolmogorovSmirnov(new Normal(10, 3, false), new NormalDistribution(10, 3)))
          .isGreaterThan(0.01);
      assertThat(kolmogorovSmirnov(new Normal(-1, 0.5, true), new LogNormalDistribution(-1, 0.5)))
          .isGreaterThan(0.01);
    }

    @Test
    void then_the_test_would_see_a_distribution_that_is_a_little_off() {
      assertThat(kolmogorovSmirnov(new Normal(10, 3, false), new NormalDistribution(10.3, 3)))
          .isLessThan(0.01);
    }

    @Test
    void then_the_logarithm_of_loguniform_is_uniform_between_the_bounds() {
      double[] logs = numbers(new Uniform(-7, -1, true), RANDOM, 3);
      for (int i = 0; i < logs.length; i++) {
        logs[i] = Math.log(logs[i]);
      }
      var test = new KolmogorovSmirnovTest();
      assertThat(test.kolmogorovSmirnovTest(new UniformRealDistribution(-7, -1), logs))
          .isGreaterThan(0.01);
    }

    @Test
    void then_each_option_and_each_whole_number_is_as_likely() {
      double[] even = {1, 1, 1, 1, 1};
      long[] options = new long[5];
      drawn(sampler(choice("0", "1", "2", "3", "4"), RANDOM, 5), MANY)
          .forEach(values -> options[(int) number(values, "x")]++);
      assertThat(new ChiSquareTest().chiSquareTest(even, options)).isGreaterThan(0.01);
      long[] whole = new long[5];
      for (double value : numbers(new RandInt(5), RANDOM, 5)) {
        whole[(int) value]++;
      }
      assertThat(new ChiSquareTest().chiSquareTest(even, whole)).isGreaterThan(0.01);
    }

    @Test
    void then_hyperparameters_do_not_hang_together() {
      var both = and(space("x", uniform(0, 1)), "y", uniform(0, 1));
      long[] quarters = new long[4];
      for (var values : drawn(new Sampler(both, RANDOM, LEAST, 1), MANY)) {
        quarters[(number(values, "x") < 0.5 ? 0 : 2) + (number(values, "y") < 0.5 ? 0 : 1)]++;
      }
      double[] even = {1, 1, 1, 1};
      assertThat(new ChiSquareTest().chiSquareTest(even, quarters)).isGreaterThan(0.01);
    }

    @Test
    void then_steps_are_multiples_of_q_each_with_the_weight_of_what_rounds_to_it() {
      // uniform(0, 10) / 4 rounded: 0 has [0, 2), 4 has [2, 6), 8 has [6, 10].
      long[] counts = new long[3];
      for (double value : numbers(new QUniform(0, 10, 4, false), RANDOM, 11)) {
        counts[(int) value / 4]++;
      }
      double[] weights = {2, 4, 4};
      assertThat(new ChiSquareTest().chiSquareTest(weights, counts)).isGreaterThan(0.01);
    }

    @Test
    void then_rounding_may_leave_the_bounds_as_azures_formula_does() {
      assertThat(numbers(new QUniform(1, 10.6, 1, false), RANDOM, 1))
          .contains(11)
          .doesNotContain(0);
    }

    @Test
    void then_steps_read_as_multiples_in_decimals() {
      var texts = new HashSet<String>();
      drawn(sampler(new QUniform(0, 0.5, 0.1, false), RANDOM, 1), 200)
          .forEach(values -> texts.addAll(values.values()));
      assertThat(texts).containsExactlyInAnyOrder("0", "0.1", "0.2", "0.3", "0.4", "0.5");
      assertThat(drawn(sampler(new QNormal(50, 9, 5, false), RANDOM, 1), 50))
          .allSatisfy(values -> assertThat(values.getOrDefault("x", "")).matches("-?\\d*[05]"));
    }

    @Test
    void then_another_base_raises_what_was_drawn() {
      double[] exponents = numbers(uniform(-5, -1), RANDOM, 4);
      double[] raised = numbers(new Uniform(-5, -1, true), base(10), 4);
      for (int i = 0; i < MANY; i++) {
        assertThat(Math.log10(raised[i])).isCloseTo(exponents[i], within(1e-12));
      }
    }

    @Test
    void then_the_samplings_own_seed_outdoes_the_runs() {
      var own = new Sampling.Random(OptionalLong.of(42), false, OptionalDouble.empty());
      assertThat(numbers(uniform(0, 1), own, 1)).isEqualTo(numbers(uniform(0, 1), own, 2));
      assertThat(numbers(uniform(0, 1), RANDOM, 1)).isNotEqualTo(numbers(uniform(0, 1), RANDOM, 2));
    }

    @Test
    void then_the_first_draws_are_these_for_ever() {
      // The same few lines in Python; a run that goes on after an upgrade needs them unchanged.
      assertThat(drawn(sampler(uniform(0, 1), RANDOM, 1), 3))
          .extracting(values -> values.get("x"))
          .containsExactly("0.8760379420462315", "0.3611540064738309", "0.20363986031685577");
    }
  }

  @Nested
  class Given_nested_choices {
    @Test
    void then_only_the_chosen_branch_is_drawn_and_named_by_its_path() {
      for (var values : drawn(new Sampler(models(), RANDOM, LEAST, 1), 50)) {
        var kind = values.getOrDefault("model.kind", "");
        assertThat(values.keySet())
            .containsExactly(
                "model",
                "model.kind",
                kind.equals("network") ? "model.depth" : "model.trees",
                "rate");
      }
    }

    @Test
    void then_the_choice_itself_is_the_branch_as_json() {
      for (var values : drawn(new Sampler(models(), RANDOM, LEAST, 1), 50)) {
        if (values.containsKey("model.depth")) {
          assertThat(values)
              .containsEntry(
                  "model", "{\"kind\": \"network\", \"depth\": " + values.get("model.depth") + "}");
        }
      }
    }

    @Test
    void then_branches_nest_and_texts_are_escaped() {
      var inner = nested(space("path", choice("C:\\new \"x\"")));
      var outer = nested(and(space("inner", inner), "n", choice("1e-05")));
      assertThat(drawn(sampler(outer, RANDOM, 1), 1))
          .singleElement()
          .isEqualTo(
              Map.of(
                  "x", "{\"inner\": {\"path\": \"C:\\\\new \\\"x\\\"\"}, \"n\": 1e-05}",
                  "x.inner", "{\"path\": \"C:\\\\new \\\"x\\\"\"}",
                  "x.inner.path", "C:\\new \"x\"",
                  "x.n", "1e-05"));
    }
  }

  @Nested
  class Given_a_grid {
    @Test
    void then_each_combination_comes_once_the_last_changing_fastest() {
      var space = and(space("a", choice("1", "2")), "b", choice("x", "y", "z"));
      assertThat(drawn(new Sampler(space, GRID, LEAST, 1), 100))
          .extracting(values -> values.get("a") + values.get("b"))
          .containsExactly("1x", "1y", "1z", "2x", "2y", "2z");
    }

    @Test
    void then_branches_count_with_their_own_combinations() {
      // (2 depths + 3 numbers of trees) * 2 rates.
      var all = drawn(new Sampler(models(), GRID, LEAST, 1), 100);
      assertThat(all).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void then_a_grid_beyond_all_counting_still_begins() {
      var wide = space("p", choice("0", "1"));
      for (int i = 0; i < 100; i++) {
        wide = and(wide, "p" + i, choice("0", "1"));
      }
      assertThat(drawn(new Sampler(wide, GRID, LEAST, 1), 3)).hasSize(3).doesNotHaveDuplicates();
    }
  }

  @Nested
  class Given_sobols_sequence {
    @Test
    void then_each_part_of_the_space_gets_its_share_at_once() {
      // A (0, m, 2)-net: of 64 points, one lies in each cell of 8 by 8.
      var space = and(space("x", uniform(0, 8)), "y", uniform(0, 8));
      var cells = new HashSet<String>();
      drawn(new Sampler(space, SOBOL, LEAST, 99), 64)
          .forEach(it -> cells.add((int) number(it, "x") + " " + (int) number(it, "y")));
      assertThat(cells).hasSize(64);
    }

    @Test
    void then_each_seed_makes_a_sequence_of_its_own_and_all_distributions_are_mapped() {
      assertThat(numbers(uniform(0, 1), SOBOL, 1)).isNotEqualTo(numbers(uniform(0, 1), SOBOL, 2));
      double[] normal = numbers(new Normal(10, 3, false), SOBOL, 1);
      var test = new KolmogorovSmirnovTest();
      assertThat(test.kolmogorovSmirnovStatistic(new NormalDistribution(10, 3), normal))
          .isLessThan(0.002);
    }
  }

  @Nested
  class Given_any_sampling {
    @Test
    void then_a_new_sampler_goes_on_where_another_was() {
      for (var sampling : List.of(RANDOM, SOBOL, GRID, BAYESIAN)) {
        var history = new ArrayList<Trial>();
        var first = new Sampler(models(), sampling, LEAST, 5);
        for (int i = 0; i < 10; i++) {
          var values = first.next(history).orElseThrow();
          assertThat(new Sampler(models(), sampling, LEAST, 5).next(history)).contains(values);
          history.add(new Trial(i, values, State.FINISHED, List.of(i % 3 + 0.5)));
        }
      }
    }

    @Test
    void then_only_bayesian_looks_at_results() {
      var space = and(space("x", uniform(0, 1)), "y", uniform(0, 1));
      var asked = new HashMap<Sampling, Boolean>();
      for (var sampling : List.of(RANDOM, SOBOL, BAYESIAN)) {
        var sampler = new Sampler(space, sampling, LEAST, 1);
        var up = history(sampler, 1);
        var down = history(sampler, -1);
        asked.put(sampling, sampler.next(up).equals(sampler.next(down)));
      }
      assertThat(asked).isEqualTo(Map.of(RANDOM, true, SOBOL, true, BAYESIAN, false));
    }

    private List<Trial> history(Sampler sampler, double sign) {
      var history = new ArrayList<Trial>();
      for (int i = 0; i < 12; i++) {
        var values = sampler.next(history.subList(0, Math.min(i, 9))).orElseThrow();
        history.add(new Trial(i, values, State.FINISHED, List.of(sign * number(values, "x"))));
      }
      return history;
    }
  }
}
