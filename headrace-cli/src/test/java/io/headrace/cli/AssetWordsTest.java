package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code update} and {@code list} of things with names, and what a stored component refers to. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AssetWordsTest {
  private static final String COMPONENT =
      """
      name: look
      type: command
      command: echo %s
      environment: azureml:local:1
      """;

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void arrive() {
    shell = new Shell(folder);
    shell.write("words.txt", "one\n");
  }

  private String ask(String... line) {
    return shell.run(line).exits(0).out();
  }

  @Test
  void when_a_stored_pipeline_names_the_latest_then_it_keeps_what_that_is_today() {
    shell.write("look.yml", COMPONENT.formatted("one"));
    ask("component", "create", "-f", "look.yml");
    ask("data", "create", "-n", "words", "-p", "words.txt", "-t", "uri_file");
    shell.write(
        "pipe.yml",
        """
        name: pipe
        type: pipeline
        jobs:
          at: {type: command, component: azureml:look@latest}
          bare: {type: command, component: azureml:look}
          own:
            type: command
            command: cat ${{inputs.words}}
            environment: azureml:local@latest
            inputs: {words: {type: uri_file, path: "azureml:words@latest"}}
        """);
    ask("component", "create", "-f", "pipe.yml");
    shell.write("look.yml", COMPONENT.formatted("two"));
    ask("component", "create", "-f", "look.yml");
    shell.write("words.txt", "two\n");
    ask("data", "create", "-n", "words", "-p", "words.txt", "-t", "uri_file");
    assertThat(
            ask(
                "component",
                "show",
                "-n",
                "pipe",
                "--query",
                "jobs.[at.component, bare.component, own.inputs.words.path]",
                "-o",
                "tsv"))
        .isEqualTo("azureml:look:1\nazureml:look:1\nazureml:words:1\n");
  }

  @Test
  void when_a_stored_pipeline_names_what_is_not_there_then_it_is_refused_at_its_place() {
    shell.write(
        "pipe.yml",
        """
        name: pipe
        type: pipeline
        jobs:
          one: {type: command, component: azureml:nothing@latest}
        """);
    assertThat(shell.run("component", "create", "-f", "pipe.yml").exits(2).err())
        .contains("azureml:nothing@latest", "pipe.yml:4");
  }

  @Test
  void when_update_sets_adds_and_removes_then_all_is_done_and_a_misspelling_is_told() {
    shell.write(
        "s.yml",
        """
        name: nightly
        trigger: {type: recurrence, frequency: day, interval: 1, schedule: {hours: [1, 2], minutes: 0}}
        create_job: azureml:job
        tags: {a: x, b: y}
        """);
    ask("schedule", "create", "-f", "s.yml");
    assertThat(
            ask(
                "schedule",
                "update",
                "-n",
                "nightly",
                "--set",
                "tags.c=z",
                "--add",
                "trigger.schedule.hours",
                "5",
                "--remove",
                "tags.a",
                "--remove",
                "trigger.schedule.hours",
                "0",
                "--query",
                "[trigger.schedule.hours, tags]",
                "-o",
                "json"))
        .isEqualToIgnoringWhitespace("[[2, 5], {\"b\": \"y\", \"c\": \"z\"}]");
    assertThat(
            shell
                .run("schedule", "update", "-n", "nightly", "--set", "trigger.intervall=2")
                .exits(2)
                .err())
        .contains("HR-1004", "interval");
    assertThat(shell.run("schedule", "update", "-n", "nightly", "--remove", "no").exits(2).err())
        .contains("'no' is not there");
    assertThat(
            shell.run("schedule", "update", "-n", "nightly", "--add", "tags", "x").exits(2).err())
        .contains("is no list");
  }

  @Test
  void when_lists_are_asked_for_none_few_or_archived_ones_then_they_are_so_many() {
    for (var version : new String[] {"1", "2", "3"}) {
      shell.write("words.txt", version);
      ask("data", "create", "-n", "w", "-v", version, "-p", "words.txt", "-t", "uri_file");
    }
    ask("data", "archive", "-n", "w", "-v", "2");
    String length = "length(@)";
    assertThat(ask("data", "list", "-n", "w", "--query", length)).isEqualTo("2\n");
    assertThat(ask("data", "list", "-n", "w", "-r", "0", "--query", length)).isEqualTo("0\n");
    assertThat(ask("data", "list", "-n", "w", "-r", "1", "--query", length)).isEqualTo("1\n");
    assertThat(ask("data", "list", "-n", "w", "--include-archived", "--query", length))
        .isEqualTo("3\n");
    assertThat(ask("data", "list", "-n", "w", "--archived-only", "--query", "[].version"))
        .isEqualToIgnoringWhitespace("[\"2\"]");
    assertThat(shell.run("data", "list", "-r", "-1").exits(2).err()).contains("0 or more");
    assertThat(ask("job", "list", "-r", "0")).isEqualToIgnoringWhitespace("[]");
  }
}
