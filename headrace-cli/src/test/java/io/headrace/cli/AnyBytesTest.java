package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a file holds, a command takes it or says where it is wrong. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AnyBytesTest {
  private static final int CASES = 25;
  private static final List<String> PIECES =
      List.of(
          "\0",
          "\r",
          "\t",
          ": ",
          "- ",
          "{",
          "}",
          "[",
          "]",
          "&a ",
          "*a",
          "!!int ",
          "!x ",
          "<<: ",
          "|",
          ">",
          "'",
          "\"",
          "#",
          "%",
          "@",
          "`",
          "---\n",
          "...\n",
          "null",
          "~",
          "1e999",
          "0x",
          ".",
          "${{",
          "${{inputs.x}}",
          "azureml:",
          "azureml://",
          "file:",
          "..",
          "/",
          "\\",
          "é",
          "\u2028",
          "\ud83d\ude00",
          "9999999999999999999999",
          "2024-01-01",
          "yes",
          "latest",
          "?",
          ",");

  @TempDir Path folder;

  private static byte[] mutated(Random random, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = once(random, bytes);
    }
    return bytes;
  }

  private static byte[] once(Random random, byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + random.nextInt(12));
    var piece =
        switch (random.nextInt(4)) {
          case 0 -> new byte[0];
          case 1 -> new byte[] {(byte) random.nextInt(256)};
          case 2 -> Arrays.copyOfRange(bytes, to / 2, to);
          default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
        };
    int from = random.nextBoolean() ? at : to;
    var changed = Arrays.copyOf(bytes, at + piece.length + bytes.length - from);
    System.arraycopy(piece, 0, changed, at, piece.length);
    System.arraycopy(bytes, from, changed, at + piece.length, bytes.length - from);
    return changed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data|name: a;type: uri_file;path: words.txt;tags: {a: b}",
        "model|name: a;path: words.txt;type: custom_model;flavors: {x: {y: 1}}",
        "environment|name: a;image: x;conda_file: {dependencies: [python=3.10, {pip: [a]}]}",
        "component|name: a;type: command;command: echo ${{inputs.x}};environment: azureml:e:1;inputs: {x: {type: number, default: 1}}",
        "component|name: a;type: pipeline;jobs: {one: {type: command, component: azureml:c@latest, inputs: {x: 1}}}",
        "compute|name: a;type: amlcompute;size: s;min_instances: 0;ssh_settings: {admin_username: u, admin_password: p}",
        "datastore|name: a;type: azure_blob;account_name: b;container_name: c;credentials: {account_key: kkkk}",
        "schedule|name: a;trigger: {type: recurrence, frequency: day, interval: 1};create_job: job.yml",
        "connection|name: a;type: s3;target: t;credentials: {type: access_key, access_key_id: i, secret_access_key: s}",
        "job|type: command;command: 'true';environment: azureml:local:1;inputs: {x: 1}",
        "job|type: pipeline;jobs: {one: {type: command, command: 'true', environment: azureml:local:1}}"
      })
  void when_any_bytes_are_given_then_they_are_taken_or_their_place_is_told(
      String kind, String document) throws IOException {
    var shell = new Shell(folder);
    shell.write("words.txt", "one\n");
    shell.write("job.yml", "type: command\ncommand: ls\nenvironment: azureml:local:1\n");
    var random = new Random(document.hashCode());
    for (int i = 0; i < CASES; i++) {
      var bytes = mutated(random, document.replace(";", "\n") + "\n");
      Files.write(shell.file("f.yml"), bytes);
      var lines = new ArrayList<List<String>>();
      lines.add(List.of("validate", "f.yml"));
      lines.add(
          kind.equals("job")
              // Nothing may really run: the job reads what nobody has registered.
              ? List.of(
                  "job",
                  "create",
                  "-f",
                  "f.yml",
                  "--set",
                  "inputs.zz.type=uri_file",
                  "inputs.zz.path=azureml:not-there:1")
              : List.of(kind, "create", "-f", "f.yml"));
      for (var line : lines) {
        var said = shell.run(line.toArray(String[]::new));
        var shown = new String(bytes, StandardCharsets.ISO_8859_1) + "\n" + said;
        assertThat(said.code()).as(shown).isIn(0, 2);
        assertThat(said.err()).as(shown).doesNotContain("\tat ", "HR-9001");
        if (said.code() == 2) {
          assertThat(said.out() + said.err())
              .as(shown)
              .contains("error[HR-")
              .containsAnyOf("f.yml", "job.yml", "--set");
        }
      }
    }
  }
}
