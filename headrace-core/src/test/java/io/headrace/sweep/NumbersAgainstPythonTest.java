package io.headrace.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Hyperparameter.Normal;
import io.headrace.plan.Hyperparameter.Uniform;
import java.util.OptionalDouble;
import java.util.Random;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against SciPy 1.17.1 and Python 3.11, whose answers stand here. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NumbersAgainstPythonTest {
  /** {@code scipy.stats.norm.ppf(p)}. */
  @ParameterizedTest
  @CsvSource({
    "1e-15, -7.941345326170998",
    "1e-10, -6.361340902404056",
    "0.001, -3.090232306167813",
    "0.025, -1.9599639845400545",
    "0.3, -0.5244005127080409",
    "0.5, 0.0",
    "0.8, 0.8416212335729143",
    "0.999999, 4.753424308817087"
  })
  void the_normal_quantile_is_scipys(double p, double wanted) {
    assertThat(Gaussian.quantile(p)).isCloseTo(wanted, within(1e-13 * Math.abs(wanted) + 1e-15));
  }

  /**
   * {@code uniform.ppf(p, 0.1, 0.9)}, {@code loguniform.ppf(p, e**-7, e**-1)}, {@code norm.ppf(p,
   * 10, 3)}, {@code lognorm.ppf(p, 0.5, scale=e**-1)} and {@code 10**uniform.ppf(p, -5, 4)}.
   */
  @ParameterizedTest
  @CsvSource({
    "0.01, 0.109, 0.0009682695971614017, 3.0209563778774777, 0.11495966663843463, 1.0964781961431852e-05",
    "0.3, 0.37, 0.0055165644207607716, 8.426798461875878, 0.2830306010250586, 0.00015848931924611142",
    "0.5, 0.55, 0.01831563888873418, 10.0, 0.36787944117144233, 0.001",
    "0.77, 0.793, 0.09255057751034329, 12.216540547555642, 0.5322848101824419, 0.012022644346174132",
    "0.999, 0.9991, 0.3656787731305365, 19.27069691850344, 1.7248087125928409, 0.09908319448927676"
  })
  void the_distributions_quantiles_are_scipys(
      double p, double uniform, double logUniform, double normal, double logNormal, double power) {
    assertQuantile(new Uniform(0.1, 1, false), OptionalDouble.empty(), p, uniform);
    assertQuantile(new Uniform(-7, -1, true), OptionalDouble.empty(), p, logUniform);
    assertQuantile(new Normal(10, 3, false), OptionalDouble.empty(), p, normal);
    assertQuantile(new Normal(-1, 0.5, true), OptionalDouble.empty(), p, logNormal);
    assertQuantile(new Uniform(-5, -1, true), OptionalDouble.of(10), p, power);
  }

  private static void assertQuantile(
      Hyperparameter parameter, OptionalDouble base, double p, double wanted) {
    var distribution = Distribution.of(parameter, base);
    double drawn = Double.parseDouble(distribution.value(p));
    assertThat(drawn).isCloseTo(wanted, within(1e-13 * Math.abs(wanted)));
    assertThat(distribution.cell(drawn).middle()).isCloseTo(p, within(1e-12));
  }

  /** {@code scipy.stats.qmc.Sobol(5, scramble=False)}: points 0 to 7, and 1000. */
  @Test
  void sobols_points_are_scipys() {
    double[][] wanted = {
      {0, 0, 0, 0, 0},
      {0.5, 0.5, 0.5, 0.5, 0.5},
      {0.75, 0.25, 0.25, 0.25, 0.75},
      {0.25, 0.75, 0.75, 0.75, 0.25},
      {0.375, 0.375, 0.625, 0.875, 0.375},
      {0.875, 0.875, 0.125, 0.375, 0.875},
      {0.625, 0.125, 0.875, 0.625, 0.625},
      {0.125, 0.625, 0.375, 0.125, 0.125}
    };
    var sequence = new SobolSequenceGenerator(5);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(sequence.skipTo(i)).as("point %s", i).containsExactly(wanted[i]);
    }
    assertThat(sequence.skipTo(1000))
        .containsExactly(0.2197265625, 0.0966796875, 0.5185546875, 0.6767578125, 0.2802734375);
  }

  /** {@code repr(x)}. */
  @ParameterizedTest
  @CsvSource({
    "0.1",
    "0.0001",
    "1e-05",
    "1.5e-07",
    "123456789.125",
    "1000000000000000.5",
    "1e+16",
    "1.5e+22",
    "-2.5e-10",
    "3.141592653589793",
    "0.30000000000000004"
  })
  void texts_are_pythons(String text) {
    assertThat(NumberText.of(Double.parseDouble(text))).isEqualTo(text);
  }

  @Test
  void whole_numbers_have_no_point() {
    assertThat(NumberText.of(64)).isEqualTo("64");
    assertThat(NumberText.of(-0.0)).isEqualTo("0");
    assertThat(NumberText.of(-3)).isEqualTo("-3");
  }

  @Test
  void any_text_gives_the_same_double_back() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(NumberText.of(value))).as("%s", value).isEqualTo(value);
      }
    }
  }
}
