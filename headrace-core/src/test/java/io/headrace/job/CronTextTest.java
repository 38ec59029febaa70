package io.headrace.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document's cron expression is judged by the reader that will start its runs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CronTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"0 3 * * Monday", "*/15 0 1 january,jul fri-sat,mon", " 5/20 * * * 7 "})
  void when_the_docs_allow_it_then_it_is_taken(String text) {
    assertThat(CronText.objection(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 3 * *", "0 0 3 * * *", "60 * * * *", "* * * * fry", "*/0 * * * *", ""})
  void when_it_is_none_then_it_says_why(String text) {
    assertThat(CronText.objection(text)).isPresent();
  }
}
