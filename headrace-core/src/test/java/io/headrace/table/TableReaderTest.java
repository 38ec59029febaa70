package io.headrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TableReaderTest {
  private static final List<String> FILES =
      List.of("MLTable", "a/1.csv", "a/2.csv", "a/b/3.csv", "a/b/4.txt", "z.csv", "{x}.csv");

  private static List<String> files(String text) {
    return TableFiles.of(TableReader.read(text, "MLTable"), FILES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file: ./z.csv | z.csv",
        "file: a/../a/./1.csv | a/1.csv",
        "folder: ./a/ | a/1.csv,a/2.csv,a/b/3.csv,a/b/4.txt",
        "folder: ./ | a/1.csv,a/2.csv,a/b/3.csv,a/b/4.txt,z.csv,{x}.csv",
        "pattern: ./*.csv | z.csv,{x}.csv",
        "pattern: a/*.csv | a/1.csv,a/2.csv",
        "pattern: ./**/*.csv | a/1.csv,a/2.csv,a/b/3.csv,z.csv,{x}.csv",
        "pattern: a/[2-9].csv | a/2.csv",
        "pattern: a/?/3.* | a/b/3.csv",
        "pattern: '{x}.csv' | {x}.csv",
      })
  void a_path_selects_files_of_the_folder_but_not_the_MLTable_file(String path, String expected) {
    assertThat(files("paths:\n- " + path)).isEqualTo(List.of(expected.split(",")));
  }

  @Test
  void several_paths_stand_in_their_order_and_a_file_comes_once() {
    assertThat(files("paths:\n- file: z.csv\n- folder: a/b\n- pattern: '*.csv'\n"))
        .containsExactly("z.csv", "a/b/3.csv", "a/b/4.txt", "{x}.csv");
  }

  @Test
  void without_a_reader_the_rows_are_files() {
    assertThat(files("paths: [{folder: .}]\ntransformations:\n- skip: 1\n- take: 2\n"))
        .containsExactly("a/2.csv", "a/b/3.csv");
    var sample =
        "paths: [{folder: .}]\ntransformations:\n- take_random_sample: {probability: 0.5, seed: 7}";
    assertThat(files(sample)).isEqualTo(files(sample)).hasSizeBetween(1, 5);
  }

  @Test
  void the_definition_is_handed_on_as_JSON_with_lines() {
    var table =
        TableReader.read(
            """
            type: mltable
            paths:
              - pattern: ./a/*.csv
            transformations:
              - read_delimited:
                  delimiter: ";"
                  empty_as_string: false
              - filter: 'col("a") > 1'
              - take: 0x10
            """,
            "data/MLTable");
    assertThat(new String(TableText.of(table, TableFiles.of(table, FILES)), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"file\":\"data/MLTable\",\"files\":[\"a/1.csv\",\"a/2.csv\"],"
                + "\"read\":{\"name\":\"read_delimited\",\"line\":5,\"arguments\":"
                + "{\"delimiter\":\";\",\"empty_as_string\":false}},"
                + "\"transformations\":[{\"name\":\"filter\",\"line\":8,\"arguments\":"
                + "\"col(\\\"a\\\") > 1\"},{\"name\":\"take\",\"line\":9,\"arguments\":16}]}");
  }

  @Test
  void a_bare_reader_is_one_without_arguments() {
    var table = TableReader.read("paths: [{file: z.csv}]\ntransformations:\n- read_parquet\n", "f");
    assertThat(table.read().orElseThrow().name()).isEqualTo("read_parquet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'transformations: []' | is missing | 1",
        "'paths: x' | paths must be a list | 1",
        "'paths:\n- ./x' | has one key | 2",
        "'paths:\n- path: ./x' | not a kind of path | 2",
        "'paths:\n- file: https://h/x.csv' | not on this machine | 2",
        "'paths:\n- file: ../x.csv' | leads out of | 2",
        "'paths:\n- file: /x.csv' | leads out of | 2",
        "'paths: []\npath: x' | is not a field | 2",
        "'paths: []\ntransformations:\n- read_csv' | not a transformation | 3",
        "'paths: []\ntransformations:\n- read_delimited:\n    separator: x' | has no argument | 4",
        "'paths: []\ntransformations:\n- read_parquet\n- read_json_lines' | read in one way | 4",
        "'paths: []\ntransformations:\n- read_delta_lake: {version_as_of: 1}' | Delta | 3",
        "'paths: []\ntransformations:\n- take: -1' | number of rows | 3",
        "'paths: []\ntransformations:\n- take_random_sample: {seed: 1}' | probability | 3",
        "'paths: []\ntransformations:\n- convert_column_types: [x]' | columns and column_type | 3",
      })
  void what_is_wrong_is_told_with_its_line(String text, String message, int line) {
    assertThatThrownBy(() -> TableReader.read(text, "MLTable"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              var problem = e.problems().getFirst();
              assertThat(problem.message()).contains(message);
              assertThat(problem.where().orElseThrow().line()).isEqualTo(line);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"file: none.csv", "folder: none", "pattern: '*.parquet'"})
  void a_path_that_selects_nothing_is_named(String path) {
    assertThatThrownBy(() -> files("paths:\n- " + path))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problems().getFirst().toString()).contains("no file is", "MLTable:2"));
  }
}
