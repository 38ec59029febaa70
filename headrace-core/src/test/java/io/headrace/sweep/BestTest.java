package io.headrace.sweep;

import static io.headrace.sweep.Spaces.LEAST;
import static io.headrace.sweep.Spaces.MOST;
import static io.headrace.sweep.Spaces.trial;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.sweep.Trial.State;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BestTest {
  @Test
  void the_last_value_counts_and_not_the_best_on_the_way() {
    var trials = List.of(trial(0, State.FINISHED, 0.9, 0.5), trial(1, State.FINISHED, 0.1, 0.6));
    assertThat(Best.of(MOST, trials)).contains(trials.get(1));
    assertThat(Best.of(LEAST, trials)).contains(trials.get(0));
  }

  @Test
  void what_is_not_a_number_never_wins() {
    var trials =
        List.of(
            trial(0, State.FINISHED, Double.NaN),
            trial(1, State.FINISHED, 0.2),
            trial(2, State.FINISHED, 0.9, Double.NaN));
    assertThat(Best.of(MOST, trials)).contains(trials.get(1));
    assertThat(Best.of(LEAST, trials)).contains(trials.get(1));
    assertThat(Best.of(MOST, trials.subList(0, 1))).isEmpty();
  }

  @Test
  void of_equals_the_earlier_wins_whatever_their_order() {
    var first = trial(0, State.FINISHED, 0.5);
    var second = trial(1, State.FINISHED, 0.5);
    assertThat(Best.of(MOST, List.of(first, second))).contains(first);
    assertThat(Best.of(LEAST, List.of(second, first))).contains(first);
  }

  @Test
  void trials_that_were_ended_early_stand_in_only_where_none_finished() {
    var ended = trial(0, State.TERMINATED, 0.9);
    var silent = trial(1, State.FINISHED);
    var finished = trial(2, State.FINISHED, 0.1);
    assertThat(Best.of(MOST, List.of(ended, silent, finished))).contains(finished);
    assertThat(Best.of(MOST, List.of(ended, silent))).contains(ended);
  }

  @Test
  void running_and_failed_trials_are_no_candidates() {
    var trials = List.of(trial(0, State.RUNNING, 0.9), trial(1, State.FAILED, 0.8));
    assertThat(Best.of(MOST, trials)).isEmpty();
    assertThat(Best.of(MOST, List.of())).isEmpty();
  }

  @Test
  void infinity_is_a_number() {
    var trials =
        List.of(trial(0, State.FINISHED, 1), trial(1, State.FINISHED, Double.NEGATIVE_INFINITY));
    assertThat(Best.of(LEAST, trials)).contains(trials.get(1));
    assertThat(Best.of(MOST, trials.subList(1, 2))).contains(trials.get(1));
  }
}
