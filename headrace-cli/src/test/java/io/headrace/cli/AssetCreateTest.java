package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code create -f} takes, and what it says of the rest. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AssetCreateTest {
  private static final String SECRET = "Zq8yT0pW-s3cr3t";

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void arrive() {
    shell = new Shell(folder);
    shell.write("words.txt", "one\ntwo\n");
  }

  private List<Path> filesWith(String secret) throws IOException {
    try (var files = Files.walk(folder.resolve(".headrace"))) {
      var found = new ArrayList<Path>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret)) {
          found.add(file);
        }
      }
      return found;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data|{name: a, type: uri_file, path: words.txt, descripton: x}|descripton|description",
        "model|{name: a, path: words.txt, stagee: x}|stagee|stage",
        "environment|{name: a, imag: x}|imag|image",
        "component|{name: a, type: command, comand: ls, environment: 'azureml:e:1'}|comand|command",
        "compute|{name: a, type: amlcompute, max_instance: 1}|max_instance|max_instances",
        "datastore|{name: a, type: azure_blob, account: x, container_name: y}|account|account_name",
        "schedule|{name: a, triger: {type: cron}}|triger|trigger",
        "connection|{name: a, type: s3, targt: x}|targt|target"
      })
  void when_a_field_is_misspelt_then_its_place_and_the_right_name_are_told(
      String kind, String document, String wrong, String right) {
    shell.write(
        "a.yml", document.substring(1, document.length() - 1).replaceAll(", (?=\\w+:)", "\n"));
    assertThat(shell.run(kind, "create", "-f", "a.yml").exits(2).err())
        .contains("HR-1004", "'" + wrong + "'", right)
        .containsPattern("a\\.yml:\\d+:1");
    assertThat(shell.run(kind, "list", "--query", "length(@)").exits(0).out()).isEqualTo("0\n");
  }

  @Test
  void when_set_names_a_field_that_is_not_there_then_it_is_told() {
    assertThat(
            shell
                .run("data", "create", "-n", "a", "-p", "words.txt", "--set", "pathh=x")
                .exits(2)
                .err())
        .contains("HR-1004", "--set pathh=x", "path");
  }

  @Test
  void when_flags_say_all_then_no_file_is_needed_and_numbers_are_texts() {
    var said =
        shell.run(
            "data",
            "create",
            "-n",
            "12",
            "-v",
            "1.10",
            "-p",
            "words.txt",
            "-t",
            "uri_file",
            "--description",
            "7",
            "--query",
            "[name, version, description]",
            "-o",
            "tsv");
    assertThat(said.exits(0).out()).isEqualTo("12\n1.10\n7\n");
    assertThat(
            shell
                .run(
                    "data",
                    "create",
                    "-n",
                    "12",
                    "-p",
                    "words.txt",
                    "-t",
                    "uri_file",
                    "--set",
                    "version=2",
                    "--query",
                    "version")
                .exits(0)
                .out())
        .isEqualTo("\"2\"\n");
  }

  @Test
  void when_the_schema_is_of_another_kind_then_it_is_refused() {
    shell.write(
        "m.yml",
        """
        $schema: https://azuremlschemas.azureedge.net/latest/model.schema.json
        name: m
        path: words.txt
        """);
    assertThat(shell.run("data", "create", "-f", "m.yml").exits(2).err())
        .contains("this is a model, not a data asset", "m.yml:1:10");
    shell.run("model", "create", "-f", "m.yml").exits(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "credentials: {account_key: %s}",
        "credentials: {acount_key: %s}",
        "credentials: {account_key: [%s]}",
        "credentials: {account_key: {a: %s}}",
        "credentials: %s",
        "credentials: [%s]",
        "credentials: {account_key: \"%s}",
        "credentials: {account_key: *%s}",
        "credentials: {account_key: %s, account_key: b}",
        "credentials: {account_key: !!int %s}",
        "credentials: {account_key: !x %s}",
        "credentials:\n  account_key: %s\n bad",
        "credentials: {account_key: %s}\nnme: x",
      })
  void when_a_document_with_a_secret_is_taken_or_refused_then_the_secret_is_never_printed(
      String credentials) throws IOException {
    shell.write(
        "d.yml",
        "name: lake\ntype: azure_blob\naccount_name: a\ncontainer_name: c\n"
            + credentials.formatted(SECRET));
    for (var command :
        List.of(
            List.of("datastore", "create", "-f", "d.yml"),
            List.of("validate", "d.yml"),
            List.of("datastore", "list"),
            List.of("datastore", "list", "-o", "yaml"))) {
      var said = shell.run(command.toArray(String[]::new));
      assertThat(said.out() + said.err()).as("%s", said).doesNotContain(SECRET, "\tat ");
    }
    assertThat(filesWith(SECRET).stream().map(Path::getParent))
        .allMatch(it -> it.endsWith("secrets"))
        .hasSizeLessThan(2);
  }

  @Test
  void when_a_secret_comes_by_set_then_it_is_kept_apart_and_no_error_quotes_it()
      throws IOException {
    var lake = List.of("--set", "type=azure_blob", "account_name=a", "container_name=c");
    var good = new ArrayList<>(List.of("datastore", "create", "-n", "lake"));
    good.addAll(lake);
    good.add("credentials.account_key=" + SECRET);
    var said = shell.run(good.toArray(String[]::new)).exits(0);
    assertThat(said.out()).contains("\"account_key\" : null").doesNotContain(SECRET);
    assertThat(filesWith(SECRET)).hasSize(1);
    for (var more :
        List.of("credentials.acount_key=" + SECRET, "credentials." + "x..y=" + SECRET)) {
      var bad = new ArrayList<>(good);
      bad.set(bad.size() - 1, more);
      var refused = shell.run(bad.toArray(String[]::new)).exits(2);
      assertThat(refused.err()).doesNotContain(SECRET);
    }
    good.add(SECRET + "-after-a-space");
    assertThat(shell.run(good.toArray(String[]::new)).exits(2).err()).doesNotContain(SECRET);
    assertThat(shell.run("datastore", "show", "-n", "lake", "--include-secrets").exits(2).err())
        .contains("never printed");
  }
}
