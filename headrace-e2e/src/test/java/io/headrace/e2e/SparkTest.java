package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark jobs, run by Spark itself. One test, for what costs time is the environment. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SparkTest {
  @TempDir Path folder;

  @Test
  void when_the_examples_are_run_then_Spark_runs_them_and_again_they_are_reused() {
    try (var user = new Headrace(folder)) {
      // Installs pyspark, of more than 300 MB: far slower than any other command.
      user.start("run", example("pipeline.yml")).result(10).exits(0);
      assertThat(lines(user, "best", "best")).containsExactly("Harbour: $293.46", "Hill: $158.63");
      assertThat(log(user, "best"))
          .contains("spark: Spark 3.5, Java ", "The \"best\" $zones; by fare");
      assertThat(log(user, "zones")).contains("zones: 3");
      assertThat(user.run("run", example("pipeline.yml")).exits(0).out())
          .contains("0 steps run, 2 reused");
      user.start("run", example("job.yml")).result(3).exits(0);
      assertThat(log(user, "main")).contains("local[1]", "zones: 4");
    }
  }

  private static String example(String name) {
    return Headrace.ROOT.resolve("examples/spark").resolve(name).toString();
  }

  private static String log(Headrace user, String step) {
    return read(attempt(user, step).resolve("user_logs/std_log.txt"));
  }

  /** What Spark wrote as text into an output. */
  private static java.util.List<String> lines(Headrace user, String step, String output) {
    try (var files = Files.list(attempt(user, step).resolve("out").resolve(output))) {
      return files
          .filter(it -> it.getFileName().toString().startsWith("part-"))
          .flatMap(it -> read(it).lines())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of a step in the newest run. */
  private static Path attempt(Headrace user, String step) {
    var run = user.json("run", "list", "-o", "json").get(0).get("name").asString();
    return user.state().resolve("runs").resolve(run).resolve(step).resolve("1");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
