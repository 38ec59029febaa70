package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of data, imports from and exports to a database and a folder. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TransferTest {
  @TempDir Path folder;

  /** The examples write into their database and folder: each test has its own. */
  @BeforeEach
  void copyTheExamples() throws IOException, InterruptedException {
    var examples = Headrace.ROOT.resolve("examples/transfer");
    try (var files = Files.walk(examples)) {
      for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        var target = folder.resolve("project").resolve(examples.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    var project = folder.resolve("project");
    var made =
        new ProcessBuilder("python3", project.resolve("make_data.py").toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).isZero();
  }

  @Test
  void when_the_examples_are_run_then_rows_and_files_come_in_and_go_out() {
    try (var user = new Headrace(folder)) {
      // Builds a virtual environment with pyarrow.
      user.start("run", "import.yml").result(10).exits(0);
      assertThat(read(attempt(user, "main").resolve("out/output/MLTable")))
          .contains("read_parquet");
      assertThat(log(user, "main")).contains("155 rows imported");

      user.run("data", "import", "-f", "data-import.yml", "--stream").exits(0);
      assertThat(
              user.run(
                      "data",
                      "show",
                      "--name",
                      "paid_rides",
                      "--query",
                      "[version, type]",
                      "-o",
                      "tsv")
                  .exits(0)
                  .out())
          .startsWith("1\nmltable");
      user.write(
          "nightly.yml",
          """
          name: nightly
          trigger: {type: cron, expression: "0 3 * * *"}
          import_data: ./data-import.yml
          """);
      user.run("schedule", "create", "-f", "nightly.yml").exits(0);

      user.run("run", "pipeline.yml").exits(0);
      assertThat(log(user, "merge")).contains("3 files copied");
      assertThat(attempt(user, "merge").resolve("out/merged/tuesday.txt"))
          .hasContent("the water is higher");
      assertThat(user.file("share/outgoing/friday.txt")).hasContent("no water");
      assertThat(rows(user, "select zone, rides from zone_fares")).containsExactly("Hill 53");

      // Databases are asked and written again; files that are the same are not copied again.
      assertThat(user.run("run", "pipeline.yml").exits(0).out()).contains("3 steps run, 2 reused");
      assertThat(rows(user, "select zone from zone_fares")).hasSize(2);
    }
  }

  @Test
  void when_two_inputs_have_a_file_in_common_then_the_copy_may_fail_instead() {
    try (var user = new Headrace(folder)) {
      user.write(
          "copy.yml",
          """
          type: pipeline
          jobs:
            copy:
              type: data_transfer
              task: copy_data
              data_copy_mode: fail_if_conflict
              inputs:
                one: {type: uri_folder, path: ./data/a}
                two: {type: uri_folder, path: ./share/incoming/notes}
              outputs:
                all: {type: uri_folder}
          """);
      user.run("run", "copy.yml").exits(1);
      assertThat(log(user, "copy")).contains("'tuesday.txt' is in two inputs");
    }
  }

  @Test
  void when_a_connection_is_unknown_then_what_to_write_is_told_before_anything_runs() {
    try (var user = new Headrace(folder)) {
      var said =
          user.run("run", "import.yml", "--set", "source.connection=azureml:elsewhere")
              .exits(2)
              .said();
      assertThat(said).contains("'elsewhere' is not known here", "connections.yml", "target:");
    }
  }

  @Test
  void when_a_connection_has_a_password_then_it_is_in_no_record_log_or_plan() throws IOException {
    try (var user = new Headrace(folder).with("SALES_PASSWORD", "open-sesame-4711")) {
      user.write(
          "connections.yml",
          """
          connections:
            rides:
              target: postgresql://127.0.0.1:1/nothing
              credentials: {type: username_password, username: me, password: "env:SALES_PASSWORD"}
          """);
      assertThat(user.run("plan", "import.yml").said()).doesNotContain("open-sesame");
      assertThat(user.start("run", "import.yml").result(10).exits(1).said())
          .doesNotContain("open-sesame");
      assertThat(log(user, "main")).contains("the connection 'rides' cannot be opened");

      user.write(
          "made.yml",
          """
          name: made
          type: azure_postgres_db
          target: postgresql://127.0.0.1:1/nothing
          credentials: {type: username_password, username: me, password: closed-sesame-4712}
          """);
      user.run("connection", "create", "-f", "made.yml").exits(0);
      var made = user.run("run", "import.yml", "--set", "source.connection=azureml:made");
      assertThat(made.exits(1).said()).doesNotContain("closed-sesame");
      assertThat(log(user, "main")).contains("the connection 'made' cannot be opened");
      try (var files = Files.walk(user.state())) {
        for (var file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          if (!file.startsWith(user.state().resolve("environments"))
              && !file.startsWith(user.state().resolve("secrets"))) {
            assertThat(
                    new String(
                        Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                .as("%s", file)
                .doesNotContain("open-sesame", "closed-sesame");
          }
        }
      }
    }
  }

  private static List<String> rows(Headrace user, String query) {
    var rows = new ArrayList<String>();
    try (var database = DriverManager.getConnection("jdbc:sqlite:" + user.file("rides.db"));
        var statement = database.createStatement();
        var result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(" ", row));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String log(Headrace user, String step) {
    return read(attempt(user, step).resolve("user_logs/std_log.txt"));
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
