package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "a/../b", "/a", "a//b", "a/", "./a", "a\nb", "a'b", "a;b", "a\\b", "a%b", "...a"
      })
  void given_a_key_that_mlflow_refuses_then_so_do_we(String key) {
    assertThatThrownBy(() -> Names.key("name", "Metric name", key))
        .isInstanceOf(TrackingException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "val/loss", "a b", "a.b-c_d:e", "été"})
  void given_a_key_that_mlflow_takes_then_so_do_we(String key) {
    assertThat(Names.key("name", "Metric name", key)).isEqualTo(key);
  }

  @Test
  void given_a_key_of_251_characters_then_it_is_refused() {
    assertThat(Names.key("key", "key", "k".repeat(250))).hasSize(250);
    assertThatThrownBy(() -> Names.key("key", "key", "k".repeat(251)))
        .isInstanceOf(TrackingException.class)
        .hasMessageContaining("250");
  }

  @Test
  void given_a_long_value_then_it_is_cut_but_no_character_is() {
    assertThat(Names.cut("abc", 2)).isEqualTo("ab");
    assertThat(Names.cut("a\uD83D\uDE00", 2)).isEqualTo("a");
    assertThat(Names.cut("abc", 3)).isEqualTo("abc");
  }
}
