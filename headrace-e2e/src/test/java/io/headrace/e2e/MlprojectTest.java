package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MLflow projects, imported and run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MlprojectTest {
  @TempDir Path folder;

  private static String log(Headrace user) throws IOException {
    try (var files = Files.walk(user.state().resolve("runs"))) {
      return Files.readString(
          files.filter(it -> it.endsWith("std_log.txt")).findFirst().orElseThrow());
    }
  }

  @Test
  void when_the_example_is_imported_then_its_job_runs_with_its_environment_and_each_kind_of_value()
      throws IOException {
    try (var user = new Headrace(folder)) {
      try (var files = Files.list(Headrace.ROOT.resolve("examples/mlproject"))) {
        for (var file : files.filter(it -> !it.toString().endsWith(".yml")).toList()) {
          Files.copy(file, user.file(String.valueOf(file.getFileName())));
        }
      }
      assertThat(user.run("import", "mlproject", ".", "-P", "tip=0.5").exits(0).out())
          .contains("wrote main.component.yml", "run it: headrace run main.job.yml");
      assertThat(user.run("import", "mlproject", ".").exits(2).err()).contains("is there already");
      assertThat(user.run("validate", "main.job.yml", "main.component.yml").exits(0).out())
          .contains("ok");
      // Builds a virtual environment: far slower than any other command.
      var out = user.start("run", "main.job.yml").result(10).exits(0).out();
      assertThat(out).contains("1 step run");
      assertThat(log(user))
          .isEqualTo("What it's worth\nhttps://example.org/fares\nshort  15.00\nlong   45.00\n");
      assertThat(user.run("run", "main.job.yml").exits(0).out()).contains("1 reused");
      user.write("fares.csv", "ride,fare\nfree,0\n");
      assertThat(user.run("run", "main.job.yml").exits(0).out()).contains("1 step run");
    }
  }

  @Test
  void when_it_is_run_then_each_value_is_one_word() throws IOException {
    try (var user = new Headrace(folder)) {
      user.write(
          "proj/MLproject",
          """
          name: train
          entry_points:
            main:
              parameters:
                rate: {type: float, default: 0.1}
                who: {type: string, default: nobody}
              command: 'python3 show.py --rate {rate} {who} "to {who}"'
          """);
      user.write("proj/show.py", "import sys\nprint(sys.argv[1:])\n");
      user.run("import", "mlproject", "proj", "-P", "who=a 'b' $(id)").exits(0);
      user.run("run", "proj/main.job.yml").exits(0);
      assertThat(log(user)).isEqualTo("['--rate', '0.1', \"a 'b' $(id)\", \"to a 'b' $(id)\"]\n");
    }
  }

  @Test
  void when_an_address_is_given_then_it_says_to_clone_it() {
    try (var user = new Headrace(folder)) {
      assertThat(user.run("import", "mlproject", "git+https://example.org/a.git").exits(2).err())
          .contains("is an address, and a folder is wanted", "clone it");
    }
  }
}
