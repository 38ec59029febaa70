package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.json.ValueJson;
import io.headrace.problem.ProblemException;
import io.headrace.spec.Value;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The expected texts are what the Azure CLI's output module (knack 0.12) prints. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResultTextTest {
  private static final String JOBS =
      """
      [{"status":"Completed","name":"b","id":"x","n":1,"tags":{"a":"1"},"ok":true},
       {"status":"Failed","name":"a","id":"y","n":2.5,"tags":{},"ok":null,"extra":"z"}]
      """;

  private static String shown(String json, OutputFormat format, String query) {
    var value = ValueJson.read(json);
    return query.isEmpty()
        ? ResultText.of(value, format, false)
        : ResultText.of(Query.search(query, value), format, true);
  }

  @Nested
  class Given_tsv {
    @Test
    void when_one_text_is_asked_for_then_it_is_bare() {
      assertThat(shown(JOBS, OutputFormat.TSV, "[0].status")).isEqualTo("Completed\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "[0].ok")).isEqualTo("true\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "[1].n")).isEqualTo("2.5\n");
    }

    @Test
    void when_lists_of_lists_are_asked_for_then_each_is_a_row_with_tabs() {
      assertThat(shown(JOBS, OutputFormat.TSV, "[].[name, n, ok, tags]"))
          .isEqualTo("b\t1\tTrue\t\na\t2.5\tNone\t\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "[].name")).isEqualTo("b\na\n");
    }

    @Test
    void when_fields_are_chosen_then_they_stand_in_that_order_and_else_by_name() {
      assertThat(shown(JOBS, OutputFormat.TSV, "[0].{s: status, n: name}"))
          .isEqualTo("Completed\tb\n");
      assertThat(shown("{\"b\":1,\"a\":[1,2]}", OutputFormat.TSV, "")).isEqualTo("2\t1\n");
    }
  }

  @Nested
  class Given_a_table {
    @Test
    void when_objects_are_listed_then_single_values_are_columns_without_ids() {
      assertThat(shown(JOBS, OutputFormat.TABLE, ""))
          .isEqualTo(
              """
              N    Name    Ok    Status     Extra
              ---  ------  ----  ---------  -------
              1    b       True  Completed
              2.5  a             Failed     z
              """);
    }

    @Test
    void when_a_query_names_the_columns_then_they_are_so() {
      assertThat(shown(JOBS, OutputFormat.TABLE, "[].{Job: name, S: status}"))
          .isEqualTo(
              """
              Job    S
              -----  ---------
              b      Completed
              a      Failed
              """);
    }

    @Test
    void when_there_is_nothing_then_nothing_is_printed() {
      assertThat(shown("[]", OutputFormat.TABLE, "")).isEmpty();
      assertThat(shown(JOBS, OutputFormat.NONE, "")).isEmpty();
    }
  }

  @Nested
  class Given_yaml {
    @Test
    void when_texts_could_be_taken_for_something_else_then_they_are_quoted() {
      assertThat(
              shown(
                  "{\"a\":\"yes\",\"b\":\"1\",\"c\":\"azureml:x:1\",\"d\":[{\"e\":1},[]],\"f\":{},\"g\":\"a: b\"}",
                  OutputFormat.YAML,
                  ""))
          .isEqualTo(
              """
              a: "yes"
              b: "1"
              c: azureml:x:1
              d:
              - e: 1
              - []
              f: {}
              g: "a: b"
              """);
    }
  }

  @Nested
  class Given_a_query {
    @Test
    void when_it_filters_and_counts_then_it_does_as_jmespath_says() {
      assertThat(shown(JOBS, OutputFormat.TSV, "[?status=='Failed'].name")).isEqualTo("a\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "length(@)")).isEqualTo("2\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "sort_by(@, &name)[0].name")).isEqualTo("a\n");
      assertThat(shown(JOBS, OutputFormat.TSV, "[?n>`2`].n")).isEqualTo("2.5\n");
    }

    @Test
    void when_nothing_is_there_then_it_is_nothing() {
      assertThat(Query.search("nope.deeper", ValueJson.read(JOBS))).isEqualTo(new Value.Nothing());
    }

    @Test
    void when_it_is_wrong_then_it_is_a_request_that_is_wrong() {
      assertThatThrownBy(() -> Query.search("a[", ValueJson.read(JOBS)))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("--query a[");
    }
  }
}
