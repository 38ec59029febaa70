package io.headrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlNode.Value;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class YamlReaderTest {
  private static final Duration SHORT = Duration.ofSeconds(5);

  @Nested
  class Given_a_pipeline {
    private final YamlNode tree =
        read(
            """
            # a comment
            name: taxi
            jobs:
              train:
                command: >-
                  python train.py
                  --lr ${{inputs.lr}}
                inputs: {lr: 1e-3, epochs: 012, "on": 'yes'}
              score:
            """);

    @Test
    void when_read_then_each_node_knows_its_place() {
      assertThat(at(tree, "name").where()).isEqualTo(new Where("f.yml", 2, 7));
      assertThat(at(tree, "jobs", "train").where()).isEqualTo(new Where("f.yml", 5, 5));
      assertThat(at(tree, "jobs", "train", "inputs", "epochs").where())
          .isEqualTo(new Where("f.yml", 8, 32));
      assertThat(((Mapping) at(tree, "jobs")).entries().get(1).key().where())
          .isEqualTo(new Where("f.yml", 9, 3));
    }

    @Test
    void when_read_then_values_mean_what_Azure_ML_reads() {
      assertThat(value(at(tree, "jobs", "train", "command")))
          .isEqualTo(new Value.Text("python train.py --lr ${{inputs.lr}}"));
      assertThat(value(at(tree, "jobs", "train", "inputs", "lr")))
          .isEqualTo(new Value.Text("1e-3"));
      assertThat(value(at(tree, "jobs", "train", "inputs", "epochs")))
          .isEqualTo(new Value.Int(java.math.BigInteger.TEN));
      assertThat(value(at(tree, "jobs", "train", "inputs", "on"))).isEqualTo(new Value.Text("yes"));
      assertThat(value(at(tree, "jobs", "score"))).isEqualTo(new Value.Null());
    }
  }

  @Nested
  class Given_keys_that_are_not_text {
    @Test
    void when_read_then_they_are_taken_by_their_text() {
      var tree = (Mapping) read("1: a\ntrue: b\n~: c\n1.50: d\n'': e\n2026-01-01: f\n");
      assertThat(tree.entries())
          .extracting(entry -> entry.key().text())
          .containsExactly("1", "true", "~", "1.50", "", "2026-01-01");
    }

    @Test
    void when_a_key_is_a_list_then_it_is_a_problem_with_its_place() {
      assertThat(problems("? [a, b]\n: c\n? {x: y}\n: d\n"))
          .extracting(problem -> problem.where().orElseThrow().toString())
          .containsExactly("f.yml:1:3", "f.yml:3:3");
    }
  }

  @Nested
  class Given_explicit_tags {
    @Test
    void when_known_then_they_are_honoured() {
      var tree =
          read(
              """
              a: !!str 12
              b: !!int "0x10"
              c: !!float 1
              d: !!bool "yes"
              e: !!null x
              f: !!binary aGVsbG8=
              g: ! 12
              h: !!str
              i: !<tag:yaml.org,2002:str> no
              j: !!map {x: !!seq [1]}
              """);
      assertThat(value(at(tree, "a"))).isEqualTo(new Value.Text("12"));
      assertThat(value(at(tree, "b"))).isEqualTo(new Value.Int(java.math.BigInteger.valueOf(16)));
      assertThat(value(at(tree, "c"))).isEqualTo(new Value.Real(1));
      assertThat(value(at(tree, "d"))).isEqualTo(new Value.Bool(true));
      assertThat(value(at(tree, "e"))).isEqualTo(new Value.Null());
      assertThat(value(at(tree, "f"))).isEqualTo(new Value.Text("hello"));
      assertThat(value(at(tree, "g"))).isEqualTo(new Value.Int(java.math.BigInteger.valueOf(12)));
      assertThat(value(at(tree, "h"))).isEqualTo(new Value.Text(""));
      assertThat(value(at(tree, "i"))).isEqualTo(new Value.Text("no"));
      assertThat(at(tree, "j", "x")).isInstanceOf(Sequence.class);
    }

    @Test
    void when_unknown_or_unfit_then_all_are_told_at_once() {
      assertThat(
              problems(
                  "a: !!python/object/apply:os.system ['x']\nb: !mine 1\nc: !!int x\nd: !!map [1]\ne:"
                      + " !!set {a}\nf: !!binary '*'\n"))
          .extracting(problem -> problem.where().orElseThrow().line())
          .containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Nested
  class Given_anchors_and_merge_keys {
    @Test
    void when_an_alias_is_read_then_it_is_the_same_tree_at_its_own_place() {
      var tree = read("a: &x {k: 1}\nb: *x\n");
      assertThat(at(tree, "b")).isSameAs(at(tree, "a"));
      assertThat(at(tree, "b", "k").where()).isEqualTo(new Where("f.yml", 1, 11));
    }

    @Test
    void when_merged_then_PyYAMLs_precedence_holds() {
      // Checked with PyYAML 6.0.3.
      var tree =
          read(
              """
              one: &one {a: 1, b: 1, c: 1}
              two: &two {b: 2, c: 2, d: 2}
              own: {c: own, <<: *one}
              list: {<<: [*one, *two], d: own}
              twice:
                <<: *one
                <<: *two
                e: own
              inline: {<<: {z: 1}}
              nested: &nested {<<: *one, f: 3}
              again: {<<: *nested}
              quoted: {"<<": 1}
              """);
      assertThat(flat(tree, "own")).isEqualTo("a=1 b=1 c=own");
      assertThat(flat(tree, "list")).isEqualTo("b=1 c=1 d=own a=1");
      assertThat(flat(tree, "twice")).isEqualTo("a=1 b=2 c=2 d=2 e=own");
      assertThat(flat(tree, "inline")).isEqualTo("z=1");
      assertThat(flat(tree, "again")).isEqualTo("a=1 b=1 c=1 f=3");
      assertThat(flat(tree, "quoted")).isEqualTo("<<=1");
    }

    @Test
    void when_they_are_wrong_then_all_are_told_at_once() {
      assertThat(problems("a: *none\nb: &x {c: *x}\nd: {<<: 3}\ne: {<<: [1]}\nf: &x 1\n"))
          .extracting(problem -> problem.where().orElseThrow().toString())
          .containsExactly("f.yml:1:4", "f.yml:2:11", "f.yml:3:9", "f.yml:4:10", "f.yml:5:4");
    }
  }

  @Nested
  class Given_keys_written_twice {
    @Test
    void when_read_then_all_are_told_with_both_places() {
      var problems = problems("a: 1\nb: {c: 1, d: 2, 'c': 3}\na: 2\n\"a\": 3\n");
      assertThat(problems).extracting(Problem::code).containsOnly(ErrorCode.DUPLICATE_KEY);
      assertThat(problems)
          .extracting(problem -> problem.where().orElseThrow() + " " + problem.message())
          .containsExactly(
              "f.yml:2:17 the key 'c' is already given at f.yml:2:5",
              "f.yml:3:1 the key 'a' is already given at f.yml:1:1",
              "f.yml:4:1 the key 'a' is already given at f.yml:1:1");
    }

    @Test
    void when_there_are_very_many_then_the_list_is_cut() {
      var problems = problems("a: 1\n".repeat(200_000));
      assertThat(problems).hasSize(101);
      assertThat(problems.getLast().message()).contains("199899");
    }
  }

  @Nested
  class Given_text_that_is_not_one_YAML_document {
    @Test
    void when_read_then_the_place_and_the_mend_are_told() {
      assertProblem("", "empty", "f.yml");
      assertProblem("# only\n", "empty", "f.yml");
      assertProblem("---\n", "empty", "f.yml");
      assertProblem("a: 1\n---\nb: 2\n", "second document", "f.yml:2:1");
      assertProblem("a:\n\tb: 1\n", "tab", "f.yml:2:1");
      assertProblem("a: 1\nb: \"never closed\nc: 2\n", "never closed", "f.yml:2:4");
      assertProblem("a: 'x\n", "never closed", "f.yml:1:4");
      assertProblem("name: {{NAME}}\n", "'{{'", "f.yml:1:7");
      assertProblem("name: {{NAME}}-x\n", "'{{'", "f.yml:1:7");
      assertProblem("a: [1, 2\nb: 3\n", "list '['", "f.yml:2:2");
      assertProblem("a: b: c\n", "':'", "f.yml:1:5");
      assertProblem("a: 1\nb\nc: 2\n", "without its ':'", "f.yml:2:1");
      assertProblem("a:\n  - 1\n b: 2\n", "indented", "f.yml:3:2");
      assertProblem("a: @x\n", "cannot begin", "f.yml:1:4");
      assertProblem("a: \"\\q\"\n", "escape", "f.yml:1:6");
      assertProblem("a: *\n", "alias", "f.yml:1:5");
      assertProblem("a: &\n", "anchor", "f.yml:1:5");
    }

    @Test
    void when_characters_are_not_allowed_then_the_place_is_told() {
      assertProblem("a: 1\nb: x\u0000y\n", "U+0000", "f.yml:2:5");
      assertProblem("a: 1\r\nb: x\u001by\n", "U+001B", "f.yml:2:5");
      assertProblem("a: \ud800\n", "U+D800", "f.yml:1:4");
    }
  }

  @Nested
  class Given_files {
    @TempDir private Path folder;

    @Test
    void when_they_are_UTF_8_or_UTF_16_with_a_mark_then_they_are_read() throws IOException {
      for (var charset :
          List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
        var tree = readFile("\uFEFFk: é😀\n".getBytes(charset));
        assertThat(at(tree, "k"))
            .isInstanceOfSatisfying(
                Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo("é😀"));
        assertThat(at(tree, "k").where()).isEqualTo(new Where("shown.yml", 1, 4));
      }
      assertThat(at(readFile("a: 1\r\nk: é\r\n".getBytes(StandardCharsets.UTF_8)), "k").where())
          .isEqualTo(new Where("shown.yml", 2, 4));
    }

    @Test
    void when_their_bytes_are_another_encoding_then_the_place_is_told() {
      assertFileProblem(
          "a: 1\nk: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1), "UTF-8", 2, 7);
      assertFileProblem("a: 1\n".getBytes(StandardCharsets.UTF_16LE), "U+0000", 1, 2);
      assertFileProblem(new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0, 'b'}, "UTF-16", 1, 2);
      assertFileProblem("a: 1\n".getBytes(Charset.forName("UTF-32BE")), "U+0000", 1, 1);
      assertFileProblem(new byte[] {0x1f, (byte) 0x8b, 8, 0}, "UTF-8", 1, 2);
    }

    @Test
    void when_they_are_missing_or_folders_then_that_is_told() {
      var missing =
          problems(() -> YamlReader.read(folder.resolve("none.yml"), "none.yml")).getFirst();
      assertThat(missing.code()).isEqualTo(ErrorCode.MISSING_PATH);
      assertThat(missing.message()).isEqualTo("'none.yml' does not exist");
      assertThat(problems(() -> YamlReader.read(folder, "sub")).getFirst().message())
          .contains("is a folder");
    }

    @Test
    void when_one_has_100_MB_then_it_is_refused_unread() throws IOException {
      var file = folder.resolve("large.yml");
      try (var large = new RandomAccessFile(file.toFile(), "rw")) {
        large.setLength(100_000_000);
      }
      Assertions.assertTimeout(
          Duration.ofMillis(500),
          () ->
              assertThat(problems(() -> YamlReader.read(file, "large.yml")).getFirst().code())
                  .isEqualTo(ErrorCode.YAML_LIMIT));
    }

    private YamlNode readFile(byte[] bytes) throws IOException {
      return YamlReader.read(Files.write(folder.resolve("f.yml"), bytes), "shown.yml");
    }

    private void assertFileProblem(byte[] bytes, String message, int line, int column) {
      var problem =
          problems(
                  () -> {
                    try {
                      return readFile(bytes);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  })
              .getFirst();
      assertThat(problem.message()).contains(message);
      assertThat(problem.where()).contains(new Where("shown.yml", line, column));
    }
  }

  @Nested
  class Given_bombs {
    @Test
    void when_aliases_multiply_then_they_are_refused_at_once() {
      var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
      for (int i = 1; i < 12; i++) {
        bomb.append("a%d: &a%d [".formatted(i, i));
        bomb.append(("*a" + (i - 1) + ",").repeat(10)).append("]\n");
      }
      assertLimit(bomb.toString());
    }

    @Test
    void when_merges_multiply_then_they_are_refused_at_once() {
      var bomb = new StringBuilder("m0: &m0 {");
      for (int i = 0; i < 10_000; i++) {
        bomb.append('k').append(i).append(": 1, ");
      }
      bomb.append("}\n");
      for (int i = 1; i < 10_000; i++) {
        bomb.append("m%d: {<<: *m0}\n".formatted(i));
      }
      assertLimit(bomb.toString());
    }

    @Test
    void when_a_long_text_is_repeated_by_alias_then_it_is_refused() {
      assertLimit("a: &a '" + "x".repeat(1_000_000) + "'\nb: [" + "*a,".repeat(1000) + "]\n");
    }

    @Test
    void when_it_nests_deeply_then_it_is_refused() {
      assertLimit("[".repeat(1_000_000));
      assertLimit("{a: ".repeat(1_000_000));
      assertLimit("- ".repeat(1_000_000));
      assertThat(read("[".repeat(100) + "]".repeat(100))).isInstanceOf(Sequence.class);
    }

    @Test
    void when_it_has_too_many_values_then_it_is_refused() {
      assertLimit("- a\n".repeat(1_100_000));
      assertThat(((Sequence) read("[" + "a,".repeat(900_000) + "]")).items()).hasSize(900_000);
    }

    @Test
    void when_many_small_aliases_are_used_then_they_are_read() {
      assertThat(read("a: &a {k: [1, 2]}\nb: [" + "*a,".repeat(5_000) + "]\n"))
          .isInstanceOf(Mapping.class);
    }

    @Test
    void when_one_scalar_is_very_long_then_it_takes_little_time() {
      for (var text :
          List.of(
              "a: " + "x".repeat(10_000_000),
              "a: '" + "x y ".repeat(2_400_000) + "'",
              "a: |\n" + "  line\n".repeat(1_400_000),
              "a: \"" + "\\n".repeat(5_000_000) + "\"",
              "a: x" + "\n ".repeat(5_000_000) + "y",
              "x".repeat(10_000_000) + ": 1",
              "#".repeat(10_000_000) + "\na: 1",
              "a: 1" + " ".repeat(10_000_000))) {
        Assertions.assertTimeoutPreemptively(SHORT, () -> attempt(text));
      }
    }

    private static void assertLimit(String text) {
      Assertions.assertTimeoutPreemptively(
          SHORT, () -> assertThat(problems(text).getLast().code()).isEqualTo(ErrorCode.YAML_LIMIT));
    }
  }

  @Nested
  class Given_random_trees_written_out {
    @Test
    void when_read_then_they_are_the_same() {
      var random = new Random(20261122);
      for (int i = 0; i < 2_000; i++) {
        var written = new RandomYaml(random).document();
        assertThat(RandomYaml.show(read(written.yaml())))
            .as(written.yaml())
            .isEqualTo(written.shown());
      }
    }
  }

  @Nested
  class Given_random_text {
    @Test
    void when_read_then_it_answers_with_a_tree_or_problems() {
      var random = new Random(42);
      var pieces =
          List.of(
              "a",
              "b: ",
              "- ",
              "\n",
              "\n  ",
              "\n    ",
              "{",
              "}",
              "[",
              "]",
              ",",
              "'",
              "\"",
              "&x ",
              "*x",
              "!!str ",
              "!",
              "|",
              ">-",
              "#",
              "%YAML 1.1\n",
              "---\n",
              "...\n",
              "<<: ",
              "? ",
              ": ",
              "\t",
              "\\",
              "{{",
              "}}",
              "012",
              "~",
              "é",
              "\u2028",
              "\u0085",
              "@",
              "`",
              "%TAG ! x\n",
              "!<",
              "\uFEFF",
              "\r");
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(60),
          () -> {
            for (int i = 0; i < 50_000; i++) {
              var text = new StringBuilder();
              for (int n = random.nextInt(25); n > 0; n--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
              }
              attempt(text.toString());
            }
          });
    }

    @Test
    void when_bytes_are_random_then_it_answers_with_a_tree_or_problems(@TempDir Path folder)
        throws IOException {
      var random = new Random(43);
      var file = folder.resolve("f.yml");
      for (int i = 0; i < 2_000; i++) {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        Files.write(file, bytes);
        try {
          YamlReader.read(file, "f.yml");
        } catch (ProblemException e) {
          assertThat(e.problems()).isNotEmpty();
        }
      }
    }
  }

  private static YamlNode read(String text) {
    return YamlReader.read(text, "f.yml");
  }

  private static void attempt(String text) {
    try {
      read(text);
    } catch (ProblemException e) {
      assertThat(e.problems()).isNotEmpty();
    }
  }

  private static YamlNode at(YamlNode node, String... keys) {
    var here = node;
    for (var key : keys) {
      here = ((Mapping) here).get(key).orElseThrow();
    }
    return here;
  }

  private static Value value(YamlNode node) {
    return ((Scalar) node).value();
  }

  private static String flat(YamlNode tree, String key) {
    var entries = new ArrayList<String>();
    for (var entry : ((Mapping) at(tree, key)).entries()) {
      entries.add(entry.key().text() + "=" + ((Scalar) entry.value()).text());
    }
    return String.join(" ", entries);
  }

  private static List<Problem> problems(String text) {
    return problems(() -> read(text));
  }

  private static List<Problem> problems(Supplier<YamlNode> reading) {
    return catchThrowableOfType(ProblemException.class, reading::get).problems();
  }

  private static void assertProblem(String text, String message, String where) {
    var problem = problems(text).getFirst();
    assertThat(problem.message()).as(text).contains(message);
    assertThat(problem.where().orElseThrow()).as(text).hasToString(where);
    assertThat(problem.fix()).as(text).isPresent();
  }
}
