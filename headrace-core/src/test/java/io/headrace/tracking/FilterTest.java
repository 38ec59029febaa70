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

  private static void assertRead(String filter, Clause... clauses) {
    assertThat(Filter.parse(filter))
        .as(filter)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("operator", "right")
        .containsExactly(clauses);
  }

  private static Clause clause(String entity, String key, Comparator comparator, Value value) {
    return new Clause(entity, key, comparator, value, "", "");
  }

  @Nested
  class Given_a_filter_that_mlflow_takes {
    @Test
    void when_it_is_empty_then_there_is_no_condition() {
      assertThat(Filter.parse("")).isEmpty();
    }

    @Test
    void when_clauses_are_joined_by_and_in_any_case_then_each_is_read() {
      assertRead(
          "metrics.rmse < 1 and params.model = 'tree' AND tags.a IS NULL",
          clause("metrics", "rmse", Comparator.LESS, new Value.Numeral("1")),
          clause("params", "model", Comparator.EQUAL, new Value.Text("tree")),
          clause("tags", "a", Comparator.IS_NULL, new Value.None()));
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
      assertRead(
          "metrics.a>=-1.5e-3",
          clause("metrics", "a", Comparator.GREATER_OR_EQUAL, new Value.Numeral("-1.5e-3")));
    }

    @Test
    void when_a_text_holds_words_of_the_language_then_they_are_text() {
      assertThat(only("tags.a = 'x AND y = ''z'''").text()).isEqualTo("x AND y = 'z'");
    }

    @Test
    void when_a_list_is_given_then_its_texts_are_read() {
      Clause list = only("run_id not  in ('a' , \"b'c\")");
      assertThat(list.comparator()).isEqualTo(Comparator.NOT_IN);
      assertThat(list.texts()).containsExactly("a", "b'c");
      assertThat(only("run_id IN ('a',)").texts()).containsExactly("a");
    }

    @Test
    void when_a_comparator_is_of_another_language_then_a_search_can_name_it() {
      Clause foreign = only("tags.a not  like 'x'");
      assertThat(foreign.comparator()).isEqualTo(Comparator.FOREIGN);
      assertThat(foreign.operator()).isEqualTo("NOT LIKE");
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
          "   ",
          "params.a = 'b",
          "params.`a = 'b'",
          "params. = 'b'",
          ".a = 'b'",
          "= 'b'",
          "run_id IN 'a'",
          "run_id IN ('a'",
          "tags.a IS",
          "tags.a IS NOT",
          "1 = 1",
          "'a' = 'b'",
          "metrics.a ! 1",
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

    @ParameterizedTest
    @ValueSource(strings = {"()", "(1)", "(,)", "('a' 'b')", "('a', 1)", "('a',,'b')", "(('a'))"})
    void when_brackets_hold_no_list_of_texts_then_that_is_said(String brackets) {
      Clause clause = only("run_id IN " + brackets);
      assertThatThrownBy(clause::texts)
          .isInstanceOf(TrackingException.class)
          .hasMessageStartingWith("While parsing a list in the query, expected");
    }

    @Test
    void when_a_value_is_a_bare_word_then_it_is_named() {
      Clause clause = only("params.a = b");
      assertThatThrownBy(clause::text)
          .hasMessage(
              "Parameter value is either not quoted or unidentified quote types used for string value b. Use either single or double quotes.");
    }

    @Test
    void when_words_are_left_over_then_only_they_are_named() {
      assertThatThrownBy(() -> Filter.parse("tags.x = 'yes' OR name = 'a'"))
          .hasMessage("Invalid clause(s) in filter string: 'OR'");
      assertThatThrownBy(() -> Filter.parse("name =", Filter.Wording.BARE))
          .hasMessage("Invalid clause(s) in filter string: name, =");
      assertThatThrownBy(() -> Filter.parse("(a = 'b')"))
          .hasMessage("Invalid clause(s) in filter string: '(a = 'b')'");
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
        assertRead(text.toString(), clauses.toArray(new Clause[0]));
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
          for (Clause clause : Filter.parse(text.toString())) {
            if (clause.comparator().isList()) {
              assertThat(clause.texts()).isNotEmpty();
            }
          }
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
      List<Comparator> comparators = new ArrayList<>(List.of(Comparator.values()));
      comparators.remove(Comparator.FOREIGN);
      Comparator comparator = comparators.get(random.nextInt(comparators.size()));
      Value value =
          switch (comparator) {
            case IN, NOT_IN -> new Value.Brackets(brackets(anyText(), anyText()));
            case IS_NULL, IS_NOT_NULL -> new Value.None();
            default ->
                random.nextBoolean()
                    ? new Value.Text(anyText())
                    : new Value.Numeral(Double.toString(random.nextGaussian() * 1e6));
          };
      return FilterTest.clause(
          pick("params", "tags", "metrics"), anyText() + "k", comparator, value);
    }

    private String write(Clause clause) {
      String key = "`" + clause.key().replace("`", "``") + "`";
      String value =
          switch (clause.value()) {
            case Value.Text(String text) -> quoted(text);
            case Value.Numeral(String number) -> number;
            case Value.Brackets(String text) -> text;
            case Value.Word _ -> "word";
            case Value.None _ -> "";
          };
      String blank = pick(" ", "  ", "\t");
      return clause.entity() + "." + key + blank + clause.comparator().text() + blank + value;
    }

    private String brackets(String first, String second) {
      return "(" + quoted(first) + pick(",", " , ") + quoted(second) + ")";
    }

    private String quoted(String text) {
      String quote = pick("'", "\"");
      return quote + text.replace(quote, quote + quote) + quote;
    }
  }
}
