package io.headrace.sweep;

import static io.headrace.sweep.Spaces.LEAST;
import static io.headrace.sweep.Spaces.MOST;
import static io.headrace.sweep.Spaces.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.plan.EarlyTermination;
import io.headrace.plan.EarlyTermination.Bandit;
import io.headrace.plan.EarlyTermination.MedianStopping;
import io.headrace.plan.EarlyTermination.Truncation;
import io.headrace.plan.Objective;
import io.headrace.sweep.Trial.State;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each expectation is worked out by hand in its test. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TerminatorTest {
  private static Set<Integer> ended(EarlyTermination policy, Objective objective, Trial... trials) {
    return Terminator.toEnd(policy, objective, List.of(trials));
  }

  /** A value, so many times. */
  private static double[] times(int count, double value) {
    var metrics = new double[count];
    Arrays.fill(metrics, value);
    return metrics;
  }

  @Nested
  class Given_a_bandit {
    @Test
    void then_a_trial_below_the_best_by_more_than_the_factor_ends() {
      // Azure's example: at interval 10 the best is 0.8, so less than 0.8 / 1.2 = 0.667 ends.
      var policy = new Bandit(10, 0, 0.2, 0);
      assertThat(
              ended(
                  policy,
                  MOST,
                  trial(0, State.RUNNING, times(10, 0.8)),
                  trial(1, State.RUNNING, times(10, 0.66)),
                  trial(2, State.RUNNING, times(10, 0.67))))
          .containsExactly(1);
    }

    @Test
    void then_a_trial_below_the_best_by_more_than_the_amount_ends() {
      // Azure's example: with 0.8 the best, what is below 0.8 - 0.2 = 0.6 ends.
      var policy = new Bandit(100, 0, 0, 0.2);
      assertThat(
              ended(
                  policy,
                  MOST,
                  trial(0, State.RUNNING, times(100, 0.8)),
                  trial(1, State.RUNNING, times(100, 0.59)),
                  trial(2, State.RUNNING, times(100, 0.61))))
          .containsExactly(1);
    }

    @Test
    void then_when_minimizing_worse_is_above() {
      // 2.0 * 1.5 = 3.0, and 2.0 + 0.5 = 2.5.
      var best = trial(0, State.FINISHED, 2.0);
      var near = trial(1, State.RUNNING, 2.9);
      var far = trial(2, State.RUNNING, 3.1);
      assertThat(ended(new Bandit(1, 0, 0.5, 0), LEAST, best, near, far)).containsExactly(2);
      assertThat(ended(new Bandit(1, 0, 0, 0.5), LEAST, best, near, far)).containsExactly(1, 2);
    }

    @Test
    void then_below_zero_the_factor_still_leaves_slack() {
      // Maximizing, best -1: -1 * 1.2 = -1.2. Minimizing, best -6: -6 / 1.2 = -5.
      var policy = new Bandit(1, 0, 0.2, 0);
      assertThat(
              ended(
                  policy,
                  MOST,
                  trial(0, State.RUNNING, -1),
                  trial(1, State.RUNNING, -1.19),
                  trial(2, State.RUNNING, -1.21)))
          .containsExactly(2);
      assertThat(
              ended(
                  policy,
                  LEAST,
                  trial(0, State.RUNNING, -6),
                  trial(1, State.RUNNING, -5.1),
                  trial(2, State.RUNNING, -4.9)))
          .containsExactly(2);
    }

    @Test
    void then_the_best_value_so_far_counts_and_not_the_last() {
      assertThat(
              ended(
                  new Bandit(1, 0, 0, 0.1),
                  MOST,
                  trial(0, State.RUNNING, 0.8, 0.8),
                  trial(1, State.RUNNING, 0.75, 0.2)))
          .isEmpty();
    }

    @Test
    void then_a_young_trial_is_not_compared_with_what_others_reached_later() {
      assertThat(
              ended(
                  new Bandit(1, 0, 0, 0.1),
                  MOST,
                  trial(0, State.RUNNING, 0.3, 0.9),
                  trial(1, State.RUNNING, 0.25)))
          .isEmpty();
    }

    @Test
    void then_without_any_slack_all_but_the_best_end() {
      assertThat(
              ended(
                  new Bandit(1, 0, 0, 0),
                  MOST,
                  trial(0, State.RUNNING, 0.5),
                  trial(1, State.RUNNING, 0.5),
                  trial(2, State.RUNNING, 0.49)))
          .containsExactly(2);
    }

    @Test
    void then_a_failed_trial_is_no_measure_and_what_is_no_number_ends() {
      assertThat(
              ended(
                  new Bandit(1, 0, 0, 0.1),
                  MOST,
                  trial(0, State.FAILED, 99),
                  trial(1, State.RUNNING, 0.5),
                  trial(2, State.RUNNING, Double.NaN)))
          .containsExactly(2);
    }
  }

  @Nested
  class Given_intervals {
    private final Trial best = trial(0, State.FINISHED, times(20, 1.0));

    private Set<Integer> endedAfter(int loggings, int every, int delay) {
      return ended(
          new Bandit(every, delay, 0, 0.1),
          MOST,
          best,
          trial(1, State.RUNNING, times(loggings, 0)));
    }

    @Test
    void then_a_trial_is_looked_at_from_the_first_multiple_on() {
      assertThat(endedAfter(0, 3, 0)).isEmpty();
      assertThat(endedAfter(2, 3, 0)).isEmpty();
      assertThat(endedAfter(3, 3, 0)).containsExactly(1);
    }

    @Test
    void then_the_delay_leaves_out_the_multiples_below_it() {
      // Multiples of 3 that are 5 or more: 6, 9, …
      assertThat(endedAfter(3, 3, 5)).isEmpty();
      assertThat(endedAfter(5, 3, 5)).isEmpty();
      assertThat(endedAfter(6, 3, 5)).containsExactly(1);
      assertThat(endedAfter(5, 1, 5)).containsExactly(1);
    }

    @Test
    void then_what_was_logged_since_the_last_multiple_does_not_count_yet() {
      assertThat(ended(new Bandit(2, 0, 0, 0.1), MOST, best, trial(1, State.RUNNING, 0, 0, 1)))
          .containsExactly(1);
    }
  }

  @Nested
  class Given_median_stopping {
    @Test
    void then_a_trial_whose_best_is_below_the_median_of_the_averages_ends() {
      // Averages over 1:3: 0.8, 0.6, 0.3 and 0.2; their median (0.6 + 0.3) / 2 = 0.45.
      // Best so far: 0.9, 0.7, 0.5 and 0.3; only the last is below 0.45.
      assertThat(
              ended(
                  new MedianStopping(1, 3),
                  MOST,
                  trial(0, State.RUNNING, 0.7, 0.8, 0.9),
                  trial(1, State.RUNNING, 0.5, 0.6, 0.7),
                  trial(2, State.RUNNING, 0.1, 0.3, 0.5),
                  trial(3, State.RUNNING, 0.1, 0.2, 0.3)))
          .containsExactly(3);
    }

    @Test
    void then_when_minimizing_above_the_median_is_worse() {
      // Averages: 1, 2, 6; the median 2. Best: 0.5, 1.5, 5.
      assertThat(
              ended(
                  new MedianStopping(1, 0),
                  LEAST,
                  trial(0, State.FINISHED, 1.5, 0.5),
                  trial(1, State.RUNNING, 2.5, 1.5),
                  trial(2, State.RUNNING, 7, 5)))
          .containsExactly(2);
    }

    @Test
    void then_trials_that_have_not_come_so_far_are_left_out() {
      // At interval 2 only trials 0 and 1 are there: averages 0.8 and 0.4, median 0.6.
      assertThat(
              ended(
                  new MedianStopping(2, 0),
                  MOST,
                  trial(0, State.RUNNING, 0.8, 0.8, 0.1),
                  trial(1, State.RUNNING, 0.3, 0.5),
                  trial(2, State.RUNNING, 0.0)))
          .containsExactly(1);
    }

    @Test
    void then_one_trial_alone_goes_on() {
      assertThat(ended(new MedianStopping(1, 0), MOST, trial(0, State.RUNNING, 0.9, 0.1)))
          .isEmpty();
    }
  }

  @Nested
  class Given_truncation {
    private static Trial[] running(int count) {
      return IntStream.range(0, count)
          .mapToObj(number -> trial(number, State.RUNNING, times(5, 0.1 * number)))
          .toArray(Trial[]::new);
    }

    @Test
    void then_the_lowest_of_a_hundred_end() {
      // Azure's example: 20 % at interval 5; of ten trials the two lowest.
      assertThat(ended(new Truncation(1, 5, 20, false), MOST, running(10))).containsExactly(0, 1);
      assertThat(ended(new Truncation(1, 5, 20, false), LEAST, running(10))).containsExactly(8, 9);
    }

    @Test
    void then_a_share_of_less_than_one_trial_ends_none() {
      // 20 % of four is 0.8.
      assertThat(ended(new Truncation(1, 5, 20, false), MOST, running(4))).isEmpty();
    }

    @Test
    void then_looking_again_ends_no_more() {
      var trials = running(10);
      trials[0] = trial(0, State.TERMINATED, times(5, 0));
      trials[1] = trial(1, State.TERMINATED, times(5, 0.1));
      assertThat(ended(new Truncation(1, 5, 20, false), MOST, trials)).isEmpty();
      assertThat(ended(new Truncation(1, 5, 20, true), MOST, trials)).isEmpty();
    }

    @Test
    void then_finished_trials_count_unless_excluded() {
      // 25 % of four is one: trial 0, which has finished. Without it, 25 % of three is none;
      // 34 % of three is one: trial 1.
      var trials = running(4);
      trials[0] = trial(0, State.FINISHED, times(5, 0));
      assertThat(ended(new Truncation(1, 5, 25, false), MOST, trials)).isEmpty();
      assertThat(ended(new Truncation(1, 5, 25, true), MOST, trials)).isEmpty();
      assertThat(ended(new Truncation(1, 5, 34, false), MOST, trials)).isEmpty();
      assertThat(ended(new Truncation(1, 5, 34, true), MOST, trials)).containsExactly(1);
    }

    @Test
    void then_of_equals_the_later_ends() {
      assertThat(
              ended(
                  new Truncation(1, 0, 50, false),
                  MOST,
                  trial(0, State.RUNNING, 0.5),
                  trial(1, State.RUNNING, 0.5)))
          .containsExactly(1);
    }

    @Test
    void then_an_older_trial_is_ranked_by_what_it_had_then() {
      // At interval 1: trial 0 had 0.1, trial 1 has 0.2; so trial 1 stays although 0 has 0.9 now.
      assertThat(
              ended(
                  new Truncation(1, 0, 50, false),
                  MOST,
                  trial(0, State.RUNNING, 0.1, 0.9),
                  trial(1, State.RUNNING, 0.2)))
          .isEmpty();
    }
  }
}
