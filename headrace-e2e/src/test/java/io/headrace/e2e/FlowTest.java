package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes from step to step, what runs before and after all, and what runs beside. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FlowTest {
  @TempDir Path folder;

  private static String example(String file) {
    return Headrace.ROOT.resolve("examples/control-flow").resolve(file).toString();
  }

  private static String read(Headrace user, String out, String path) throws IOException {
    var found = Pattern.compile("(?m)^  run +(\\S+)").matcher(out);
    assertThat(found.find()).isTrue();
    return Files.readString(user.state().resolve("runs").resolve(found.group(1)).resolve(path));
  }

  @Test
  void when_a_step_finds_values_then_others_get_them_as_data_and_the_same_again_is_reused()
      throws IOException {
    try (var user = new Headrace(folder)) {
      var out = user.run("run", example("values.yml")).exits(0).out();
      assertThat(read(user, out, "report/1/out/report/report"))
          .isEqualTo("first of 6: it's; (long: true)\n");
      assertThat(
              user.run("run", example("values.yml"), "--set", "inputs.text=it's; one two three x y")
                  .exits(0)
                  .out())
          .contains("1 step run, 1 reused");
    }
  }

  @Test
  void when_what_a_step_wrote_is_no_value_of_its_type_then_that_step_fails_and_says_so() {
    try (var user = new Headrace(folder)) {
      user.write(
          "p.yml",
          """
          type: pipeline
          settings: {default_compute: azureml:local}
          jobs:
            make:
              component:
                type: command
                command: echo 7.5 > ${{outputs.n}}
                environment: azureml:local
                outputs: {n: {type: integer}}
          """);
      assertThat(user.run("run", "p.yml").exits(1).out())
          .contains("output n is declared as integer, but its file holds '7.5'");
    }
  }
}
