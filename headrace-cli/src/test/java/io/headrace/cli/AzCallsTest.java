package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Main.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every call of az in the reference template's pipelines is understood. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AzCallsTest {
  private static final Pattern CALL =
      Pattern.compile("(?:^|\\$\\(|\\s)az ((?:[^\\n\\\\)]|\\\\\\s*\\n)+)");
  private static final Pattern PARAMETER =
      Pattern.compile("(?m)^\\s*amlJobSetCommand: \"((?:[^\"])*)\"");

  private static Path template() {
    var shared = System.getenv().getOrDefault("HEADRACE_SHARED", "");
    var root = Path.of(System.getProperty("headrace.root", "..")).toAbsolutePath();
    var folder =
        (shared.isEmpty() ? root.resolve("../shared") : Path.of(shared))
            .resolve("conformance/mlops-template");
    Assumptions.assumeTrue(Files.isDirectory(folder), "no reference template at " + folder);
    return folder;
  }

  /** Each call's words, as the agent's shell would have them after its own variables are filled. */
  private static Set<List<String>> calls() throws IOException {
    var texts = new LinkedHashMap<Path, String>();
    var template = template();
    for (var folder : List.of("devops", "jenkins")) {
      try (var files = Files.walk(template.resolve(folder))) {
        for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
          // The agent fills its own macros before any shell sees the text.
          texts.put(file, Files.readString(file).replaceAll("\\$\\(([A-Z_][A-Za-z_.]+)\\)", "$1"));
        }
      }
    }
    var sets = new LinkedHashSet<String>();
    for (var text : texts.values()) {
      var found = PARAMETER.matcher(text);
      while (found.find()) {
        sets.add(found.group(1));
      }
    }
    assertThat(sets).as("the --set values that the pipelines hand to job creation").isNotEmpty();
    var calls = new LinkedHashSet<List<String>>();
    for (var text : texts.values()) {
      var found = CALL.matcher(text);
      while (found.find()) {
        for (var set : sets) {
          calls.add(words(found.group(1).replace("${{ parameters.amlJobSetCommand }}", set)));
        }
      }
    }
    return calls;
  }

  private static List<String> words(String call) {
    var filled =
        call.replaceAll("\\\\\\s+", " ")
            .replaceAll("\\$\\{\\{ *parameters\\.([a-z_A-Z]+) *}}", "$1")
            .replaceAll("\\$([A-Za-z_]+)", "$1");
    return List.of(filled.strip().split("\\s+"));
  }

  @Test
  void when_they_are_parsed_then_each_is_a_command_with_its_flags_or_an_answer()
      throws IOException {
    var calls = calls();
    var understood = new ArrayList<String>();
    for (var call : calls) {
      switch (AzLine.of(call)) {
        case AzLine.Meaning.Ours(var ours) -> {
          var parsed = tree().parseArgs(ours.toArray(String[]::new));
          var last = parsed;
          while (last.subcommand() != null) {
            last = last.subcommand();
          }
          assertThat(last.unmatched()).as("az %s", String.join(" ", call)).isEmpty();
        }
        case AzLine.Meaning.Answer _ -> {}
      }
      understood.add("az " + String.join(" ", call));
    }
    System.out.println(understood.size() + " calls of az understood:");
    understood.forEach(it -> System.out.println("  " + it));
    assertThat(understood)
        .anyMatch(
            it -> it.startsWith("az ml job create") && it.contains("jobs.score_job.environment"))
        .anyMatch(it -> it.startsWith("az ml job show") && it.contains("--query status -o tsv"))
        .anyMatch(it -> it.startsWith("az ml compute create") && it.contains("--tier"))
        .anyMatch(it -> it.startsWith("az ml environment create"));
  }

  private static CommandLine tree() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return CommandLineProgram.commands(
            new Surroundings(nowhere, nowhere, Map.of(), Path.of("").toAbsolutePath(), false))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
