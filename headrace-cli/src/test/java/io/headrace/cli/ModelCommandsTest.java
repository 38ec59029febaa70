package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only models can do: be promoted, compared, and copied to another workspace. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ModelCommandsTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void arrive() {
    shell = new Shell(folder);
    for (String version : new String[] {"1", "2"}) {
      shell.write("model/MLmodel", "flavors:\n  sklearn: {}\n");
      shell.write("model/weights.txt", "w" + version);
      shell.write("model/model.pkl", "cposix\nsystem\n(Vid\ntR.");
      shell
          .run("model", "create", "-n", "price", "-v", version, "-p", "model", "-t", "mlflow_model")
          .exits(0);
    }
  }

  private String told(String query, String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 4);
    all[arguments.length] = "--query";
    all[arguments.length + 1] = query;
    all[arguments.length + 2] = "-o";
    all[arguments.length + 3] = "tsv";
    return shell.run(all).exits(0).out().strip();
  }

  @Test
  void when_promoted_then_the_alias_moves_and_who_moved_it_is_kept() {
    shell.run("model", "promote", "-n", "price", "-v", "1").exits(0);
    assertThat(told("[0].[from, to, by]", "model", "promote", "-n", "price", "-v", "2"))
        .isEqualTo("1\n2\ntester");
    assertThat(told("version", "model", "show", "-n", "price", "-l", "champion")).isEqualTo("2");
    assertThat(told("length(@)", "model", "promote", "-n", "price", "--history")).isEqualTo("2");
    assertThat(
            shell
                .run("model", "promote", "-n", "price", "-v", "1", "--alias", "latest")
                .exits(2)
                .err())
        .contains("'latest' alias name (case insensitive) is reserved.");
  }

  @Test
  void when_shown_then_it_was_looked_at_and_never_loaded() {
    assertThat(told("properties.\"headrace.findings\"", "model", "show", "-n", "price"))
        .isEqualTo("model.pkl: loading it runs posix.system");
    assertThat(told("properties.\"headrace.format\"", "model", "show", "-n", "price"))
        .isEqualTo("sklearn");
  }

  @Test
  void when_compared_then_the_files_that_differ_are_told() {
    shell.run("model", "promote", "-n", "price", "-v", "2").exits(0);
    assertThat(told("files.changed[0]", "model", "compare", "price:1", "price@champion"))
        .isEqualTo("weights.txt");
    assertThat(told("models[].version", "model", "compare", "price:1", "price")).isEqualTo("1\n2");
    shell.run("model", "compare", "price:1", "price:9").exits(2);
  }

  @Test
  void when_copied_then_the_other_workspace_has_the_same_bytes() throws IOException {
    Files.createDirectories(folder.resolve("production"));
    String path = told("path", "model", "show", "-n", "price", "-v", "2");
    assertThat(told("path", "model", "copy", "-n", "price", "-v", "2", "--to", "production"))
        .isEqualTo(path);
    shell.run("model", "copy", "-n", "price", "-v", "2", "--to", "production").exits(0);
    shell
        .run(
            "--workspace", "production", "model", "download", "-n", "price", "-v", "2", "-p", "got")
        .exits(0);
    assertThat(folder.resolve("got/price/model/weights.txt")).hasContent("w2");
  }

  @Test
  void
      when_a_card_is_asked_for_then_it_tells_what_is_recorded_and_nothing_written_in_it_is_markup() {
    shell
        .run(
            "model",
            "create",
            "-n",
            "price",
            "-v",
            "3",
            "-p",
            "model",
            "-t",
            "mlflow_model",
            "--description",
            "Not for <b>loans</b>|or rent",
            "--tags",
            "team=a*b")
        .exits(0);
    shell.run("model", "promote", "-n", "price", "-v", "3").exits(0);
    var card = shell.run("model", "card", "price@champion").exits(0).out();
    assertThat(card)
        .startsWith("# price, version 3\n")
        .contains(
            "- **aliases:** champion\n",
            "- **flavors:** sklearn\n",
            "  - model.pkl: loading it runs posix.system\n",
            "Not for \\<b>loans\\</b>\\|or rent\n",
            "| team | a\\*b |",
            "No run is recorded",
            "## Evaluation\n\nNone is recorded.\n");
    var json = shell.run("model", "card", "price:3", "-o", "json").exits(0).out();
    assertThat(json)
        .contains("\"stage\" : \"None\"", "\"made\" : null", "Not for <b>loans</b>|or rent");
    assertThat(shell.run("model", "card", "price:9").exits(2).err()).contains("price");
  }
}
