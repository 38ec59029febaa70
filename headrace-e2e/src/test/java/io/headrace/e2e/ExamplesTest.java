package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** That nothing is shown which no test runs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExamplesTest {
  private static final Path EXAMPLES = Headrace.ROOT.resolve("examples");
  private static final Path TESTS = Headrace.ROOT.resolve("headrace-e2e/src/test/java");
  private static final Pattern TYPE = Pattern.compile("(?m)^[ -]*(?:\\{ *)?type: *([a-z_]+)");

  /** Kinds of job and node that run on a machine without Azure. */
  private static final List<String> KINDS =
      List.of(
          "command",
          "pipeline",
          "sweep",
          "parallel",
          "spark",
          "import",
          "data_transfer",
          "if_else",
          "do_while",
          "parallel_for");

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(it -> it.toString().endsWith(ending) && Files.isRegularFile(it))
          .sorted()
          .toList();
    }
  }

  @Test
  void every_kind_of_job_has_an_example_and_every_example_a_test() throws IOException {
    var tests = new StringBuilder();
    for (var test : files(TESTS, "Test.java")) {
      if (!test.endsWith("ExamplesTest.java")) {
        tests.append(Files.readString(test));
      }
    }
    Map<String, TreeSet<String>> shown = new TreeMap<>();
    try (var folders = Files.newDirectoryStream(EXAMPLES, Files::isDirectory)) {
      for (var folder : folders) {
        var name = folder.getFileName().toString();
        assertThat(tests).as("an end-to-end test of examples/" + name).contains(name);
        for (var file : files(folder, ".yml")) {
          var types = TYPE.matcher(Files.readString(file));
          while (types.find()) {
            if (KINDS.contains(types.group(1))) {
              shown.computeIfAbsent(types.group(1), _ -> new TreeSet<>()).add(name);
            }
          }
        }
      }
    }
    System.out.println("job kinds with an end-to-end run: " + shown);
    assertThat(shown).containsOnlyKeys(KINDS);
  }
}
