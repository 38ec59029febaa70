package io.headrace.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IgnoreRulesTest {
  private static boolean ignores(String lines, String path) {
    var rules = IgnoreRules.parse(lines);
    var at = rules.top();
    var parts = path.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      at = rules.enter(at, parts[i]);
      if (rules.ignoresAllBelow(at)) {
        return true;
      }
    }
    return rules.ignores(at, parts[parts.length - 1]);
  }

  /**
   * Expected values from pathspec 0.12.1's GitWildMatchPattern, tested as Azure ML's client does.
   */
  @ParameterizedTest
  @CsvSource({
    "*.pyc,            a.pyc,            true",
    "*.pyc,            a/b/c.pyc,        true",
    "*.pyc,            a.py,             false",
    "data,             data,             true",
    "data,             x/data/y,         true",
    "data/,            data,             false",
    "data/,            data/y,           true",
    "data/,            x/data/y,         true",
    "/data,            data/y,           true",
    "/data,            x/data,           false",
    "a/b,              a/b/c,            true",
    "a/b,              x/a/b,            false",
    "**/a/b,           x/a/b,            true",
    "a/**/b,           a/b,              true",
    "a/**/b,           a/x/y/b,          true",
    "a/**,             a,                false",
    "a/**,             a/x,              true",
    "**,               anything,         true",
    "**/,              anything,         false",
    "**/,              a/b,              true",
    "/**/,             a/b,              false",
    "/,                a,                false",
    "*,                a/b,              true",
    "?.py,             a.py,             true",
    "?.py,             ab.py,            false",
    "[a-c].py,         b.py,             true",
    "[!a-c].py,        b.py,             false",
    "[!a-c].py,        d.py,             true",
    "[]x].py,          ].py,             true",
    "a[.py,            a[.py,            true",
    "\\!keep,          !keep,            true",
    "\\#x,             #x,               true",
    "#x,               #x,               false",
    "a//b,             a/b,              false",
    ".git,             .git/config,      true",
    "a**b,             axyb,             true"
  })
  void patterns(String pattern, String path, boolean ignored) {
    assertThat(ignores(pattern, path)).isEqualTo(ignored);
  }

  @Nested
  class Given_several_lines {
    @Test
    void then_the_last_that_matches_decides() {
      assertThat(ignores("*.csv\n!keep.csv\n", "a/keep.csv")).isFalse();
      assertThat(ignores("!keep.csv\n*.csv\n", "a/keep.csv")).isTrue();
    }

    @Test
    void then_a_file_below_an_ignored_folder_can_be_taken_back_in_unlike_in_git() {
      assertThat(ignores("data/\n!data/small.csv\n", "data/small.csv")).isFalse();
      assertThat(ignores("data/\n!data/small.csv\n", "data/big.csv")).isTrue();
      assertThat(ignores("*\n!*.py\n", "deep/down/a.py")).isFalse();
    }

    @Test
    void then_blanks_ends_of_lines_and_a_byte_order_mark_do_not_matter() {
      assertThat(ignores("\uFEFF*.csv  \r\n\r\n  b.txt\t\n", "a.csv")).isTrue();
      assertThat(ignores("\uFEFF*.csv  \r\n\r\n  b.txt\t\n", "b.txt")).isTrue();
    }

    @Test
    void then_a_folder_is_pruned_only_when_no_later_line_can_take_back_from_it() {
      assertThat(prunes("data/\n", "data")).isTrue();
      assertThat(prunes("data/\n!data/x\n", "data")).isFalse();
      assertThat(prunes("data/\n!other/x\n", "data")).isTrue();
      assertThat(prunes("data/\n!*.py\n", "data")).isFalse();
      assertThat(prunes("!*.py\ndata/\n", "data")).isTrue();
      assertThat(prunes("*.csv\n", "data")).isFalse();
      assertThat(prunes("data/**\n", "data")).isTrue();
    }

    private static boolean prunes(String lines, String folder) {
      var rules = IgnoreRules.parse(lines);
      return rules.ignoresAllBelow(rules.enter(rules.top(), folder));
    }
  }

  @Nested
  class Given_hostile_patterns {
    @Test
    void then_they_take_bounded_time() {
      var stars = "a*".repeat(2_000) + "b";
      assertThat(ignores(stars, "a".repeat(4_000))).isFalse();
      assertThat(ignores("**/".repeat(3_000) + "x", "y")).isFalse();
      assertThat(ignores("a/".repeat(3_000) + "x", "y")).isFalse();
      assertThat(ignores("[".repeat(10_000), "y")).isFalse();
    }
  }

  @Nested
  class Given_gits_own_judgement {
    @TempDir Path folder;

    private static final List<String> NAMES =
        List.of("a", "b", "foo", "bar", "x.pyc", "y.py", ".hidden", "data", "t_1.txt");
    private static final List<String> PARTS =
        List.of(
            "a", "b", "foo", "*.py", "*.pyc", "data", "*", "**", "?", "[ab]", "[!a]", "f*", "*o",
            "t_?.txt", "[a-c]*", ".h*", "x.*");

    @Test
    void when_nothing_is_taken_back_in_then_ours_is_the_same() throws Exception {
      assumeTrue(run(List.of(), "git", "init", "-q", ".") == 0, "git is not installed");
      var random = new Random(20261122);
      for (int round = 0; round < 40; round++) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
          lines.add(pattern(random));
        }
        Files.write(folder.resolve(".gitignore"), lines);
        var paths = paths(random);
        var ours = new TreeSet<String>();
        for (var path : paths) {
          if (ignores(String.join("\n", lines), path)) {
            ours.add(path);
          }
        }
        assertThat(ours).as("patterns %s", lines).isEqualTo(ignoredByGit(paths));
      }
    }

    private static String pattern(Random random) {
      var parts = new ArrayList<String>();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        parts.add(PARTS.get(random.nextInt(PARTS.size())));
      }
      var pattern = String.join("/", parts);
      return (random.nextInt(4) == 0 && !pattern.startsWith("**") ? "/" : "") + pattern;
    }

    private static Set<String> paths(Random random) {
      var paths = new HashSet<String>();
      for (int i = 0; i < 40; i++) {
        var parts = new ArrayList<String>();
        for (int j = 0; j < 1 + random.nextInt(4); j++) {
          parts.add(NAMES.get(random.nextInt(NAMES.size())));
        }
        paths.add(String.join("/", parts));
      }
      return paths;
    }

    /** The paths do not exist: git then takes each for a file, and its parents for folders. */
    private Set<String> ignoredByGit(Set<String> paths) throws Exception {
      var out = folder.resolve("../ignored-" + folder.getFileName());
      run(List.copyOf(paths), "sh", "-c", "git check-ignore --no-index --stdin > '" + out + "'");
      var ignored = new TreeSet<>(Files.readAllLines(out));
      Files.delete(out);
      return ignored;
    }

    private int run(List<String> input, String... command)
        throws IOException, InterruptedException {
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.redirectErrorStream(true);
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        return 127;
      }
      try (var to = process.getOutputStream()) {
        to.write(String.join("\n", input).getBytes(UTF_8));
      }
      return process.waitFor();
    }
  }
}
