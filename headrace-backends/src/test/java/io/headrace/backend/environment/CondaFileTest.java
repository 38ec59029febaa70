package io.headrace.backend.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CondaFileTest {
  private static Requirements pip(String text) {
    return Requirements.of(CondaFile.parse(text, "conda file"), "environment 'e'");
  }

  @Nested
  class Given_one_line_of_conda {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        textBlock =
            """
            numpy; numpy
            numpy=1.21; numpy==1.21.*
            numpy=1.21.*; numpy==1.21.*
            numpy=1.21*; numpy==1.21.*
            numpy==1.21.2; numpy==1.21.2
            numpy 1.21.2; numpy==1.21.2
            numpy 1.21.*; numpy==1.21.*
            numpy=1.21.2=py38_0; numpy==1.21.2.*
            numpy==1.21.2=py38_0; numpy==1.21.2
            numpy 1.21.2 py38_0; numpy==1.21.2
            pandas>=1.1,<1.2; pandas>=1.1,<1.2
            pandas >=1.1, <1.2; pandas>=1.1,<1.2
            pandas >= 1.1; pandas>=1.1
            pandas~=1.3; pandas~=1.3
            pandas~=1; pandas>=1
            pandas!=1.19; pandas!=1.19
            pandas=1.2|1.3; pandas==1.2.*
            pandas=*; pandas
            pandas>=1.2.*; pandas>=1.2
            conda-forge::pandas=1.2; pandas==1.2.*
            conda-forge/linux-64::pandas; pandas
            'pandas[version=">=1,<2",build=py38]'; pandas>=1,<2
            dask[complete]; dask[complete]
            pytorch=1.13; torch==1.13.*
            pytorch::pytorch==1.13.0; torch==1.13.0
            msgpack-python; msgpack
            Scikit-Learn=1.2.2; scikit-learn==1.2.2.*
            """)
    void when_it_is_put_into_pips_words_then_it_means_the_same(String conda, String pip) {
      String text = "dependencies:\n  - '" + conda.replace("'", "''") + "'\n";
      assertThat(pip(text).lines()).containsExactly(pip.strip());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"=1", "numpy=", "numpy>=", "numpy=abc", "num py$", "a[b", "numpy=1;x", "-r x"})
    void when_it_makes_no_sense_then_the_place_is_told(String line) {
      assertThatThrownBy(
              () -> CondaFile.parse("dependencies:\n  - \"" + line + "\"\n", "conda file"))
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> assertThat(e.problems().getFirst().where().orElseThrow().line()).isEqualTo(2));
    }

    @Test
    void when_any_text_is_read_then_it_is_understood_or_refused_but_never_dangerous() {
      Random random = new Random(7);
      String alphabet = "abnumpy=<>!~.,*|[]: 0123'\"-_/@;#\t";
      for (int i = 0; i < 50_000; i++) {
        StringBuilder line = new StringBuilder();
        for (int n = random.nextInt(24); n >= 0; n--) {
          line.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        try {
          CondaSpec spec = CondaSpec.parse(line.toString());
          assertThat(spec.name()).matches("[a-z0-9._-]+");
          assertThat(spec.version().toString()).matches("[a-z0-9.<>=!~*,_+-]*");
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageNotContaining("Index");
        }
      }
    }

    @Test
    void when_the_same_version_is_asked_for_in_conda_and_pip_then_the_same_pythons_are_in_range() {
      Random random = new Random(11);
      for (int i = 0; i < 5_000; i++) {
        PythonVersion python = new PythonVersion(3, random.nextInt(15), random.nextInt(20));
        PythonVersion bound = new PythonVersion(3, random.nextInt(15), random.nextInt(20));
        assertThat(VersionRange.ofConda(">=" + bound).contains(python))
            .isEqualTo(python.compareTo(bound) >= 0)
            .isNotEqualTo(VersionRange.ofConda("<" + bound).contains(python));
        assertThat(VersionRange.ofConda("=" + bound.series()).contains(python))
            .isEqualTo(python.sameMinor(bound))
            .isNotEqualTo(VersionRange.ofConda("!=" + bound.series() + ".*").contains(python));
        assertThat(VersionRange.ofConda("==" + bound).containsSeries(python))
            .isEqualTo(python.sameMinor(bound));
      }
    }
  }

  @Nested
  class Given_a_whole_file {
    @Test
    void when_it_is_as_azures_samples_are_then_all_of_it_is_read() {
      CondaFile file =
          CondaFile.parse(
              """
              # an environment
              channels:
                - conda-forge
              dependencies:
                - python=3.8
                - numpy=1.21.2
                - pip=21.2.4
                - 'pandas>=1.1,<1.2'
                - cudatoolkit=11.1
                - pip:
                    - 'inference-schema[numpy-support]==1.3.0'
                    - xlrd==2.0.1 # a comment
                    - --extra-index-url=https://example.org/simple
                    - git+https://example.org/x.git@v1#egg=x
              name: model-env
              """,
              "conda file");
      Requirements requirements = Requirements.of(file, "environment 'e'");

      assertThat(file.python()).hasToString("==3.8.*");
      assertThat(requirements.lines())
          .containsExactly(
              "numpy==1.21.2.*",
              "pandas>=1.1,<1.2",
              "inference-schema[numpy-support]==1.3.0",
              "xlrd==2.0.1",
              "--extra-index-url=https://example.org/simple",
              "git+https://example.org/x.git@v1#egg=x");
      assertThat(requirements.warnings())
          .extracting(Problem::code)
          .containsExactly(ErrorCode.PACKAGE_LEFT_OUT);
      assertThat(requirements.warnings().getFirst().message()).contains("cudatoolkit");
    }

    @Test
    void when_values_look_like_numbers_or_booleans_then_they_stay_as_written() {
      CondaFile file =
          CondaFile.parse("name: no\nvariables: {A: 3.10, B: yes, C: 017, D: ~}\n", "conda file");

      assertThat(file.variables())
          .containsEntry("A", "3.10")
          .containsEntry("B", "yes")
          .containsEntry("C", "017")
          .containsEntry("D", "~");
    }

    @Test
    void when_it_uses_anchors_and_merges_then_they_are_followed() {
      CondaFile file =
          CondaFile.parse(
              "x: &x {A: one, B: two}\nvariables:\n  <<: *x\n  B: three\n", "conda file");

      assertThat(file.variables()).containsEntry("A", "one").containsEntry("B", "three");
    }

    @Test
    void when_it_is_written_canonically_and_read_again_then_nothing_is_lost() {
      Random random = new Random(3);
      for (int i = 0; i < 500; i++) {
        CondaFile file =
            new CondaFile(
                words(random),
                List.of("python=3." + i % 14),
                words(random),
                java.util.Map.of("V", "a: 'b' \"c\" \\"));
        assertThat(CondaFile.parse(file.canonical(), "conda file")).isEqualTo(file);
      }
    }

    private List<String> words(Random random) {
      return random
          .ints(random.nextInt(4), 1, 1000)
          .mapToObj(n ->
              "w" + n + (n % 3 == 0 ? "==1; python_version < \"3." + n % 15 + "\"" : ": {[*&!"))
          .toList();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "dependencies: numpy",
          "dependencies: [{npm: [x]}]",
          "dependencies: [[numpy]]",
          "dependencies: [\"a\\nb\"]",
          "dependencies: [{pip: [\"a\\n--index-url http://evil\"]}]",
          "dependencies: [a]\ndependencies: [b]",
          "dependencies: [a",
          "[]",
          "text"
        })
    void when_it_is_wrong_then_a_problem_tells_so(String text) {
      assertThatThrownBy(() -> CondaFile.parse(text, "conda file"))
          .isInstanceOf(ProblemException.class);
    }

    @Test
    void when_several_lines_are_wrong_then_all_are_told() {
      assertThatThrownBy(
              () -> CondaFile.parse("dependencies: ['=1', ok, 'b=', {npm: []}]", "conda file"))
          .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(e.problems()).hasSize(3));
    }

    @Test
    void when_it_is_hostile_then_the_answer_comes_quickly() {
      String deep = "[".repeat(200_000);
      String laughs =
          "a: &a [x,x]\n"
              + Stream.iterate(0, n -> n + 1)
                  .limit(60)
                  .map(n -> "b" + n + ": *a\n")
                  .reduce("", String::concat);
      for (String text :
          List.of(deep, laughs, "x".repeat(2 << 20), "a: &a [*a]\ndependencies: *a")) {
        assertThatThrownBy(() -> CondaFile.parse(text, "conda file"))
            .isInstanceOf(ProblemException.class);
      }
    }

    @Test
    void when_it_is_empty_then_nothing_is_asked_for() {
      assertThat(pip("# nothing\n").lines()).isEmpty();
      assertThat(pip("dependencies:\n  - pip:\n").lines()).isEmpty();
    }
  }

  @Nested
  class Given_lines_that_name_files {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
        strings = {
          "-r requirements.txt",
          "--requirement=more.txt",
          "-e .",
          "-e ./x",
          "./x",
          "-c c.txt",
          "file:./x"
        })
    void when_the_path_is_relative_then_it_is_refused_with_the_reason(String line) {
      assertThatThrownBy(() -> pip("dependencies: [{pip: ['" + line + "']}]"))
          .hasMessageContaining("relative to the conda file");
    }

    @Test
    void when_it_is_absolute_then_its_content_counts() throws IOException {
      Path file = folder.resolve("r.txt");
      Files.writeString(file, "a\n");
      String text = "dependencies: [{pip: ['-r " + file + "']}]";
      List<String> before = pip(text).files();
      Files.writeString(file, "b\n");

      assertThat(pip(text).files()).hasSize(1).isNotEqualTo(before);
    }

    @Test
    void when_it_is_not_there_then_it_is_told() {
      assertThatThrownBy(() -> pip("dependencies: [{pip: ['-r /nowhere/r.txt']}]"))
          .hasMessageContaining("/nowhere/r.txt");
    }
  }

  @Nested
  class Given_packages_that_a_step_needs {
    private static List<String> added(String text, String... packages) {
      return CondaFile.parse(text, "conda file").withPackages(List.of(packages)).pip();
    }

    @Test
    void when_they_are_not_named_then_they_are_added() {
      assertThat(added("dependencies: [python=3.11]", "pyspark==3.5.*", "pg8000"))
          .containsExactly("pyspark==3.5.*", "pg8000");
    }

    @Test
    void when_they_are_named_then_they_stay_as_they_were() {
      assertThat(added("dependencies: [pyspark=3.4]", "pyspark==3.5.*")).isEmpty();
      assertThat(added("dependencies: [{pip: ['PySpark[sql]>=3.2']}]", "pyspark==3.5.*"))
          .containsExactly("PySpark[sql]>=3.2");
    }

    @Test
    void when_others_have_such_a_name_in_theirs_then_they_are_added_all_the_same() {
      assertThat(added("dependencies: [{pip: [pyspark-extras]}]", "pyspark==3.5.*"))
          .containsExactly("pyspark-extras", "pyspark==3.5.*");
    }
  }
}
