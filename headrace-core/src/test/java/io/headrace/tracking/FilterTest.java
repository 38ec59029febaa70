package io.headrace.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.tracking.Clause.Comparator;
import io.headrace.tracking.Clause.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FilterTest {
  private static Clause only(String filter) {
    List<Clause> clauses = Filter.parse(filter);
    assertThat(clauses).hasSize(1);
    return clauses.getFirst();
  }

  @Nested
  class Given_a_filter_that_mlflow_takes {
    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\n\t"})
    void when_it_is_blank_then_there_is_no_condition(String blank) {
      assertThat(Filter.parse(blank)).isEmpty();
    }

    @Test
    void when_clauses_are_joined_by_and_in_any_case_then_each_is_read() {
      assertThat(Filter.parse("metrics.rmse < 1 and params.model = 'tree' AND tags.a IS NULL"))
          .containsExactly(
              new Clause("metrics", "rmse", Comparator.LESS, new Value.Numeral("1")),
              new Clause("params", "model", Comparator.EQUAL, new Value.Text("tree")),
              new Clause("tags", "a", Comparator.IS_NULL, new Value.None()));
    }

    @Test
    void when_a_key_has_dots_then_all_after_the_first_belong_to_it() {
      assertThat(only("tags.mlflow.parentRunId = 'a'").key()).isEqualTo("mlflow.parentRunId");
    }

    @Test
    void when_a_key_is_in_quotes_then_it_may_have_blanks() {
      assertThat(only("params.`learning rate` = 'x'").key()).isEqualTo("learning rate");
      assertThat(only("tags.\"a b\" = 'x'").key()).isEqualTo("a b");
    }

    @Test
    void when_there_are_no_blanks_then_it_is_read_alike() {
      assertThat(only("metrics.a>=-1.5e-3"))
          .isEqualTo(
              new Clause(
                  "metrics", "a", Comparator.GREATER_OR_EQUAL, new Value.Numeral("-1.5e-3")));
    }

    @Test
    void when_a_text_holds_words_of_the_language_then_they_are_text() {
      assertThat(only("tags.a = 'x AND y = ''z'''").text()).isEqualTo("x AND y = 'z'");
    }

    @Test
    void when_a_list_is_given_then_its_texts_are_read() {
      assertThat(only("run_id not  in ('a' , \"b\")"))
          .isEqualTo(
              new Clause("", "run_id", Comparator.NOT_IN, new Value.Texts(List.of("a", "b"))));
    }

    @Test
    void when_an_order_is_read_then_its_direction_is_known() {
      assertThat(Filter.parseOrder(" metrics.`a b`  desc "))
          .isEqualTo(new Filter.Order("metrics", "a b", false));
      assertThat(Filter.parseOrder("start_time"))
          .isEqualTo(new Filter.Order("", "start_time", true));
    }
  }

  @Nested
  class Given_what_is_no_filter {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "metrics.a",
          "metrics.a >",
          "metrics.a > 'x' OR metrics.b > 1",
          "metrics.a > 1 metrics.b > 1",
          "metrics.a > 1 AND",
          "AND metrics.a > 1",
          "params.a = b",
          "params.a = 'b",
          "params.`a = 'b'",
          "params. = 'b'",
          ".a = 'b'",
          "= 'b'",
          "run_id IN ()",
          "run_id IN 'a'",
          "run_id IN (1)",
          "run_id IN ('a'",
          "run_id IN ('a',)",
          "tags.a IS",
          "tags.a IS NOT",
          "tags.a NOT LIKE 'x'",
          "metrics.a ! 1",
          "metrics.a > 1e999",
          "metrics.a > 1; drop table tracking_runs",
          "(metrics.a > 1)",
          "\0"
        })
    void when_parsed_then_it_is_refused_in_words(String filter) {
      assertThatThrownBy(() -> Filter.parse(filter))
          .isInstanceOfSatisfying(
              TrackingException.class,
              e -> assertThat(e.reason()).isEqualTo(TrackingException.Reason.INVALID))
          .hasMessageMatching("(?s).{20,}");
    }

    @Test
    void when_it_is_long_and_hostile_then_the_answer_comes_at_once() {
      String open = "params.a = '" + "'".repeat(99_000);
      String many = "a='' and ".repeat(11_000);
      String list = "run_id in (" + "'a',".repeat(20_000);
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(2),
          () -> {
            for (String filter :
                List.of(open, many, list, "(".repeat(100_000), "a".repeat(500_000))) {
              assertThatThrownBy(() -> Filter.parse(filter)).isInstanceOf(TrackingException.class);
            }
          });
    }
  }

  @Nested
  class Given_random_clauses {
    private final Random random = new Random(4711);

    @Test
    void when_written_and_read_then_they_are_the_same() {
      for (int round = 0; round < 2_000; round++) {
        List<Clause> clauses = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
          Clause clause = clause();
          text.append(text.isEmpty() ? "" : pick(" AND ", " and\n", "  And  "))
              .append(write(clause));
          clauses.add(clause);
        }
        assertThat(Filter.parse(text.toString())).as(text.toString()).isEqualTo(clauses);
      }
    }

    @Test
    void when_damaged_at_random_then_they_are_read_or_refused_but_nothing_else() {
      for (int round = 0; round < 5_000; round++) {
        StringBuilder text = new StringBuilder(write(clause()));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          int at = random.nextInt(text.length());
          text.setCharAt(at, pick("'\"`.=!<>() ,aN1\0é".split("")).charAt(0));
        }
        try {
          assertThat(Filter.parse(text.toString())).isNotNull();
        } catch (TrackingException e) {
          assertThat(e.reason()).isEqualTo(TrackingException.Reason.INVALID);
        }
      }
    }

    private String pick(String... these) {
      return these[random.nextInt(these.length)];
    }

    private String anyText() {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append(pick("a", "Z", "9", " ", ".", "'", "\"", "`", "=", "%", "é", "\uD83D\uDE00"));
      }
      return text.toString();
    }

    private Clause clause() {
      List<Comparator> comparators = List.of(Comparator.values());
      Comparator comparator = comparators.get(random.nextInt(comparators.size()));
      Value value =
          switch (comparator) {
            case IN, NOT_IN -> new Value.Texts(List.of(anyText(), anyText()));
            case IS_NULL, IS_NOT_NULL -> new Value.None();
            default ->
                random.nextBoolean()
                    ? new Value.Text(anyText())
                    : new Value.Numeral(Double.toString(random.nextGaussian() * 1e6));
          };
      return new Clause(pick("params", "tags", "metrics"), anyText() + "k", comparator, value);
    }

    private String write(Clause clause) {
      String key = "`" + clause.key().replace("`", "``") + "`";
      String value =
          switch (clause.value()) {
            case Value.Text(String text) -> quoted(text);
            case Value.Numeral(String number) -> number;
            case Value.Texts(List<String> texts) ->
                "(" + quoted(texts.get(0)) + pick(",", " , ") + quoted(texts.get(1)) + ")";
            case Value.None _ -> "";
          };
      String blank = pick(" ", "  ", "\t");
      return clause.entity() + "." + key + blank + clause.comparator().text() + blank + value;
    }

    private String quoted(String text) {
      String quote = pick("'", "\"");
      return quote + text.replace(quote, quote + quote) + quote;
    }
  }
}
