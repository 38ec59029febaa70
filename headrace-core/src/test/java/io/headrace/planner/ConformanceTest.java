package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConformanceTest {
  @Test
  void every_file_gets_the_right_verdict() throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var wrong = new ArrayList<String>();
    var cases = Conformance.cases();
    for (var it : cases) {
      var problems =
          Documents.validate(
              Conformance.given().resolve(it.path()), List.of(), Conformance.given());
      boolean errors = problems.stream().anyMatch(Problem::isError);
      String verdict = errors ? "error" : problems.isEmpty() ? "ok" : "warning";
      boolean right =
          switch (it.expect()) {
            case "error" -> errors;
            case "warning" -> !problems.isEmpty();
            default -> !errors;
          };
      if (!right) {
        wrong.add(it.op() + " " + it.path() + " expected " + it.expect() + ", was " + verdict + "\n" + problems);
      }
    }
    System.out.println(cases.size() + " files, " + wrong.size() + " wrong");
    wrong.forEach(System.out::println);
    assertThat(wrong).isEmpty();
  }
}
