package io.headrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.registry.FilterClause.Right;
import io.headrace.registry.RegistryFilter.Grammar;
import io.headrace.tracking.TrackingException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters of registry searches; the texts of errors are those of MLflow 3.17.2's server. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegistryFilterTest {
  private static final Grammar VERSIONS =
      new Grammar(
          List.of("name", "version_number", "run_id", "source_path"),
          List.of("name", "run_id"),
          Set.of("version_number"));

  private static List<FilterClause> parse(String filter) {
    return RegistryFilter.parse(filter, VERSIONS);
  }

  @Test
  void when_clauses_are_joined_then_each_is_read() {
    assertThat(
            parse(
                "name = 'a b' and tags.`mlflow.prompt.is_prompt` != \"x\" AND run_id in ('r','s')"
                    + " AND version_number >= 3"))
        .containsExactly(
            new FilterClause(false, "name", "=", new Right.Text("a b")),
            new FilterClause(true, "mlflow.prompt.is_prompt", "!=", new Right.Text("x")),
            new FilterClause(false, "run_id", "IN", new Right.Texts(List.of("r", "s"))),
            new FilterClause(false, "version_number", ">=", new Right.Numeral("3")));
    assertThat(parse("")).isEmpty();
    assertThat(parse("tag.a.b NOT IN ('x')".replace("tag.a.b", "name")).getFirst().comparator())
        .isEqualTo("NOT IN");
    assertThat(parse("attribute.name ilike '%A_'").getFirst())
        .isEqualTo(new FilterClause(false, "name", "ILIKE", new Right.Text("%A_")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "foo = 'x' | Invalid attribute key 'foo' specified. Valid keys are",
        "metrics.x = 1 | Invalid entity type 'metrics'. Valid entity types are ('attribute', 'tag', 'tags')",
        "name = alpha | Parameter value is either not quoted or unidentified quote types used for string value alpha.",
        "name = 5 | Only the '{'version_number'}' attributes support comparison with numeric values.",
        "tags.k = 5 | Expected a quoted string value for tag (e.g. 'my-value'). Got value 5",
        "source_path IN ('x') | Only ['name', 'run_id'] attributes support comparison with a list of quoted string values.",
        "name IN () | expected a non-empty list of string values, but got empty list",
        "name IN ('a', 1) | but got different type in list: ('a', 1)",
        "name IN (a) | but got ill-formed list.",
        "name = 'a' OR name = 'b' | Invalid clause(s) in filter string: OR",
        "name IN 'a' | Invalid clause(s) in filter string: name, IN, 'a'",
        "version = 1 | Invalid clause(s) in filter string: version, =, 1",
        "name = | Invalid clause(s) in filter string: name, =",
        "name = 'a'; drop | Search filter contained multiple expression",
      })
  void when_it_is_no_filter_then_the_words_are_those_of_mlflow(String filter, String message) {
    assertThatThrownBy(() -> parse(filter))
        .isInstanceOf(TrackingException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " name", "name asc desc", "name,version_number", "name ;", "1"})
  void when_an_order_is_none_then_it_is_refused(String order) {
    assertThatThrownBy(() -> RegistryFilter.order(order))
        .hasMessage("Invalid order_by clause '" + order + "'. Could not be parsed.");
  }

  @Test
  void when_any_text_is_given_then_it_is_read_or_refused_in_words() {
    Random random = new Random(5);
    String pieces = "name tags.k ` ' \" = != ( ) , IN NOT LIKE AND 1 -2 . ; \n é \0 % _ x";
    String[] words = pieces.split(" ", -1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder filter = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        filter.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
      }
      try {
        parse(filter.toString());
      } catch (TrackingException e) {
        assertThat(e.getMessage()).doesNotContain("\n", "\0");
      }
    }
  }
}
