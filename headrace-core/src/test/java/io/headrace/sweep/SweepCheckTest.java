package io.headrace.sweep;

import static io.headrace.sweep.Spaces.BAYESIAN;
import static io.headrace.sweep.Spaces.GRID;
import static io.headrace.sweep.Spaces.LEAST;
import static io.headrace.sweep.Spaces.RANDOM;
import static io.headrace.sweep.Spaces.SOBOL;
import static io.headrace.sweep.Spaces.and;
import static io.headrace.sweep.Spaces.choice;
import static io.headrace.sweep.Spaces.nested;
import static io.headrace.sweep.Spaces.space;
import static io.headrace.sweep.Spaces.uniform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.Hyperparameter.Choice;
import io.headrace.plan.Hyperparameter.Normal;
import io.headrace.plan.Hyperparameter.QNormal;
import io.headrace.plan.Hyperparameter.QUniform;
import io.headrace.plan.Hyperparameter.RandInt;
import io.headrace.plan.Hyperparameter.Uniform;
import io.headrace.plan.Sampling;
import io.headrace.plan.SearchSpace;
import io.headrace.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SweepCheckTest {
  private static List<String> messages(SearchSpace space, Sampling sampling) {
    return SweepCheck.of(space, sampling).stream().map(it -> it.problem().message()).toList();
  }

  private static List<String> fields(SearchSpace space, Sampling sampling) {
    return SweepCheck.of(space, sampling).stream().map(it -> String.join(".", it.field())).toList();
  }

  @Test
  void all_is_found_at_once_with_the_field_of_each() {
    var space =
        and(
            and(
                and(
                    and(
                        and(space("a", uniform(2, 1)), "b", new QUniform(0, 1, 0, false)),
                        "c",
                        new Normal(0, -1, false)),
                    "d",
                    new Choice(List.of())),
                "e",
                new RandInt(0)),
            "f",
            nested(space("g", new QNormal(0, 0, Double.NaN, false))));
    assertThat(fields(space, RANDOM))
        .containsExactly(
            "search_space.a.min_value",
            "search_space.b.q",
            "search_space.c.sigma",
            "search_space.d.values",
            "search_space.e.upper",
            "search_space.f.values.0.g.sigma",
            "search_space.f.values.0.g.q");
    assertThat(messages(space, RANDOM))
        .contains(
            "'a' has min_value 2 above max_value 1",
            "'d' is a choice of nothing",
            "'f.g' cannot be rounded to multiples of NaN");
    assertThatThrownBy(() -> new Sampler(space, RANDOM, LEAST, 1))
        .isInstanceOfSatisfying(
            ProblemException.class, thrown -> assertThat(thrown.problems()).hasSize(7));
  }

  @Test
  void a_grid_takes_choices_only() {
    var space = and(space("a", choice("1", "2")), "b", new Uniform(0, 1, true));
    assertThat(messages(space, GRID))
        .containsExactly("grid sampling cannot take 'b', which is loguniform");
    assertThat(messages(space("a", nested(space("c", new RandInt(3)))), GRID))
        .containsExactly("grid sampling cannot take 'a.c', which is randint");
  }

  @Test
  void bayesian_takes_choices_uniform_and_quniform() {
    var taken = and(space("a", choice("1")), "b", uniform(0, 1));
    assertThat(messages(and(taken, "c", new QUniform(0, 9, 1, false)), BAYESIAN)).isEmpty();
    assertThat(messages(and(taken, "c", new Normal(0, 1, false)), BAYESIAN))
        .containsExactly("bayesian sampling cannot take 'c', which is normal");
    assertThat(messages(and(taken, "c", new QUniform(0, 9, 1, true)), BAYESIAN))
        .containsExactly("bayesian sampling cannot take 'c', which is qloguniform");
  }

  @Test
  void an_exponent_that_is_beyond_all_numbers_is_told_to_be_a_logarithm() {
    assertThat(SweepCheck.of(space("a", new Uniform(1, 1000, true)), RANDOM))
        .singleElement()
        .satisfies(it ->
            assertThat(it.problem().toString())
                .contains("max_value 1000")
                .contains("write the logarithm"));
    assertThat(messages(space("a", new Normal(0, 100, true)), RANDOM)).hasSize(1);
    var base10 = new Sampling.Random(OptionalLong.empty(), false, OptionalDouble.of(10));
    assertThat(messages(space("a", new Uniform(1, 400, true)), RANDOM)).isEmpty();
    assertThat(messages(space("a", new Uniform(1, 400, true)), base10)).hasSize(1);
  }

  @Test
  void a_base_must_be_one_that_can_be_raised() {
    for (double base : new double[] {0, -2, 1, Double.NaN, Double.POSITIVE_INFINITY}) {
      var sampling = new Sampling.Random(OptionalLong.empty(), false, OptionalDouble.of(base));
      assertThat(fields(space("a", uniform(0, 1)), sampling))
          .as("base %s", base)
          .containsExactly("sampling_algorithm.logbase");
    }
  }

  @Test
  void an_empty_space_and_too_wide_a_one_are_told() {
    assertThat(messages(new SearchSpace(Map.of()), RANDOM))
        .containsExactly("the search space names no hyperparameter");
    var wide = space("a", choice("1"));
    for (int i = 0; i < 1000; i++) {
      wide = and(wide, "p" + i, uniform(0, 1));
    }
    assertThat(fields(wide, SOBOL)).containsExactly("search_space");
    assertThat(messages(wide, RANDOM)).isEmpty();
  }

  @Test
  void a_nested_parameters_path_is_its_own() {
    var space = and(space("a", nested(space("b", choice("1")))), "a.b", choice("2"));
    assertThat(fields(space, RANDOM)).containsExactly("search_space.a.values.0.b");
  }

  @Test
  void a_policy_is_checked_too() {
    assertThat(SweepCheck.of(new EarlyTermination.Bandit(0, -1, 0.1, 0.1), RANDOM))
        .extracting(it -> String.join(".", it.field()))
        .containsExactly(
            "early_termination.evaluation_interval",
            "early_termination.delay_evaluation",
            "early_termination.slack_amount");
    assertThat(SweepCheck.of(new EarlyTermination.Truncation(1, 0, 100, false), RANDOM)).hasSize(1);
    assertThat(SweepCheck.of(new EarlyTermination.MedianStopping(1, 0), RANDOM)).isEmpty();
    assertThat(SweepCheck.of(new EarlyTermination.MedianStopping(1, 0), BAYESIAN))
        .extracting(it -> it.problem().message())
        .containsExactly("bayesian sampling cannot be used with early termination");
  }
}
