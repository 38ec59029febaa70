package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parallel nodes, and tables as inputs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParallelTest {
  /** Waits at the fourth mini batch until a file {@code go} is there. */
  private static final String WAITS =
      """
      import os, sys, time
      here = sys.argv[1]
      def run(batch):
          name = os.path.basename(batch[0])
          while name >= "f30" and not os.path.exists(here + "/go"):
              time.sleep(0.05)
          with open(here + "/ledger", "a") as ledger:
              ledger.write(name + "\\n")
          return [os.path.basename(file) for file in batch]
      """;

  @TempDir Path folder;

  @Test
  void when_the_example_of_files_is_run_then_each_file_has_its_row_and_again_it_is_reused() {
    try (var user = new Headrace(folder)) {
      var pipeline = example("files.yml");
      var first = user.run("run", pipeline).exits(0);
      assertThat(first.out()).contains("Processed Items = 25", "Completed");
      assertThat(rows(user, "count", "counts"))
          .hasSize(25)
          .isSorted()
          .startsWith("note00.txt: 1", "note01.txt: 0");
      assertThat(user.run("run", pipeline).exits(0).out()).contains("0 steps run, 1 reused");
      assertThat(user.run("run", pipeline, "--set", "inputs.word=low").exits(0).out())
          .contains("1 step run");
      assertThat(user.state().resolve("checkpoints")).isEmptyDirectory();
    }
  }

  @Test
  void when_the_example_of_tables_is_run_then_rows_are_split_by_size_and_by_key() {
    try (var user = new Headrace(folder)) {
      // Builds a virtual environment: far slower than any other command.
      user.start("run", example("tables.yml")).result(10).exits(0);
      assertThat(rows(user, "warmer", "warm"))
          .hasSize(73)
          .startsWith("station hour degrees warm", "harbour 24 11.16 True");
      assertThat(log(user, "files"))
          .contains("station=lake:", "readings.csv")
          .doesNotContain("MLTable");
    }
  }

  @Test
  void when_Headrace_is_killed_then_the_step_goes_on_and_no_mini_batch_runs_twice() {
    try (var user = new Headrace(folder)) {
      write(user, WAITS);
      var engine = user.start("run", "p.yml");
      Await.until("three mini batches end", () -> ledger(user).size() == 3);
      engine.kill();
      user.write("go", "");
      assertThat(user.run("resume").exits(0).out()).contains("Completed");
      checkAll(user);
    }
  }

  @Test
  void when_the_driver_is_killed_then_the_next_run_does_only_what_was_not_finished() {
    try (var user = new Headrace(folder)) {
      write(user, WAITS);
      var engine = user.start("run", "p.yml");
      Await.until("three mini batches are kept", () -> ledger(user).size() == 3 && kept(user) == 3);
      Processes.mentioning(user.state().toString()).stream()
          .filter(it -> it.info().commandLine().orElse("").endsWith("/in/headrace_driver"))
          .forEach(ProcessHandle::destroyForcibly);
      assertThat(engine.result().exits(1).out()).contains("step count failed");
      FirstDayTest.assertNothingRuns(user);
      user.write("go", "");
      user.run("run", "p.yml").exits(0);
      checkAll(user);
      assertThat(log(user, "count")).contains("6 mini batches, 3 of them finished before");
    }
  }

  @Test
  void when_it_is_cancelled_then_no_worker_is_left() {
    try (var user = new Headrace(folder)) {
      write(user, WAITS);
      var engine = user.start("run", "p.yml");
      Await.until("three mini batches end", () -> ledger(user).size() == 3);
      assertThat(engine.interrupt().result().code()).isEqualTo(130);
      FirstDayTest.assertNothingRuns(user);
    }
  }

  @Test
  void when_it_must_be_run_anew_then_what_a_failed_run_kept_is_not_given() {
    try (var user = new Headrace(folder)) {
      write(
          user, WAITS.replace("while name", "if name").replace("time.sleep(0.05)", "os._exit(1)"));
      user.run("run", "p.yml").exits(1);
      user.write("go", "");
      user.run("run", "p.yml", "--no-reuse").exits(0);
      assertThat(ledger(user)).hasSize(9);
    }
  }

  @Test
  void when_an_MLTable_file_is_wrong_then_its_line_is_told_before_anything_runs() {
    try (var user = new Headrace(folder)) {
      user.write("table/a.csv", "a\n1\n");
      user.write("table/MLTable", "paths:\n- file: a.csv\ntransformations:\n- read_csv\n");
      user.write("p.yml", reading("./table"));
      var said = user.run("run", "p.yml").exits(2).said();
      assertThat(said).contains("'read_csv' is not a transformation", "table/MLTable:4:3");
      user.write("table/MLTable", "paths:\n- file: b.csv\n");
      assertThat(user.run("run", "p.yml").said()).contains("no file is called 'b.csv'");
    }
  }

  private static String reading(String path) {
    return """
    type: command
    environment: azureml:local@latest
    inputs:
      table:
        type: mltable
        path: %s
        mode: eval_mount
    command: ls ${{inputs.table}}
    """
        .formatted(path);
  }

  private static String example(String name) {
    return Headrace.ROOT.resolve("examples/parallel").resolve(name).toString();
  }

  /** A parallel node over sixty files, ten at a time. */
  private static void write(Headrace user, String script) {
    IntStream.range(0, 60).forEach(i -> user.write("data/f%02d".formatted(i), "x"));
    user.write("src/score.py", script);
    user.write(
        "p.yml",
        """
        type: pipeline
        display_name: killed
        settings:
          default_compute: azureml:local
        jobs:
          count:
            type: parallel
            inputs:
              data:
                type: uri_folder
                path: ./data
            outputs:
              rows:
                type: uri_file
            input_data: ${{inputs.data}}
            max_concurrency_per_instance: 2
            mini_batch_error_threshold: 0
            task:
              type: run_function
              code: ./src
              entry_script: score.py
              program_arguments: "'%s'"
              environment: azureml:local@latest
              append_row_to: ${{outputs.rows}}
        """
            .formatted(user.project()));
  }

  private static void checkAll(Headrace user) {
    assertThat(ledger(user)).containsExactlyInAnyOrder("f00", "f10", "f20", "f30", "f40", "f50");
    assertThat(rows(user, "count", "rows"))
        .isEqualTo(IntStream.range(0, 60).mapToObj("f%02d"::formatted).toList());
    assertThat(user.run("fsck").exits(0).out()).contains("all whole");
  }

  private static List<String> ledger(Headrace user) {
    return read(user.file("ledger")).lines().toList();
  }

  /** How many mini batches are kept on the disk. */
  private static long kept(Headrace user) {
    try (var files = Files.walk(user.state().resolve("checkpoints"))) {
      return files
          .filter(it -> it.toString().endsWith(".part"))
          .mapToLong(it -> read(it).split("\"index\"", -1).length - 1L)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log of a step in the newest run. */
  private static String log(Headrace user, String step) {
    return read(attempt(user, step).resolve("user_logs/std_log.txt"));
  }

  private static List<String> rows(Headrace user, String step, String output) {
    return read(attempt(user, step).resolve("out").resolve(output).resolve(output))
        .lines()
        .toList();
  }

  /** The folder of a step in the newest run. */
  private static Path attempt(Headrace user, String step) {
    var run = user.json("run", "list", "-o", "json").get(0).get("name").asString();
    return user.state().resolve("runs").resolve(run).resolve(step).resolve("1");
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
