package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.job.ComponentSource;
import io.headrace.job.DocumentLoader;
import io.headrace.job.LoadedDocument;
import io.headrace.job.ValueText;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document shown and created again is the same document, for every kind. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WrittenBackTest {
  @TempDir Path elsewhere;

  @Test
  void every_accepted_file_written_and_read_again_from_another_folder_is_the_same()
      throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var counts = new TreeMap<String, Integer>();
    var changed = new ArrayList<String>();
    for (var it : Conformance.cases()) {
      var file = Conformance.given().resolve(it.path());
      var first = load(file);
      if (first.isPresent()) {
        counts.merge(first.get().kind().yaml(), 1, Integer::sum);
        String text = ValueText.json(first.get().written());
        var again = load(Files.writeString(elsewhere.resolve("again.yml"), text));
        if (again.isEmpty() || !again.get().written().equals(first.get().written())) {
          changed.add("GOT " + it.path() + problems(elsewhere.resolve("again.yml")));
        }
      }
    }
    System.out.println("written back: " + counts);
    assertThat(changed).isEmpty();
    assertThat(counts.keySet()).hasSizeGreaterThan(24);
  }

  private static Optional<LoadedDocument> load(Path file) {
    var problems = new Problems();
    var loaded =
        new DocumentLoader(Conformance.given(), ComponentSource.NONE, problems)
            .loaded(file, List.of());
    return loaded.filter(it -> !problems.hasErrors());
  }

  private static List<Problem> problems(Path file) {
    return Documents.validate(file, List.of(), Conformance.given());
  }

  /** Fields that the client's dump leaves out, or has under another name. */
  private static final Set<String> LEFT_OUT = Set.of(".$schema", ".source", ".target_environment");

  /** Words that the client's dump adds or spells in its own way; none changes the meaning. */
  private static boolean isArtefact(String path, String wanted, String got) {
    return wanted.equals(got)
        || wanted.contains("@root")
        || wanted.startsWith("azureml:")
        || got.startsWith("/")
        || wanted.replace("_", "").equalsIgnoreCase(got.replace("_", ""))
        || isSameNumber(wanted, got)
        || path.endsWith("conda_file");
  }

  private static boolean isSameNumber(String wanted, String got) {
    try {
      return Double.parseDouble(wanted) == Double.parseDouble(got);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  @Test
  void what_azures_client_makes_of_a_file_agrees_with_what_is_written_back() throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    var differences = new ArrayList<String>();
    int compared = 0;
    for (String line : Files.readAllLines(Conformance.root().resolve("given-oracle.jsonl"))) {
      var record = (YamlNode.Mapping) Conformance.json(line);
      String kind = Conformance.text(record, "kind");
      var normalised = record.get("normalised");
      if (normalised.isPresent() && !kind.endsWith("Job") && !kind.endsWith("Component")) {
        String path = Conformance.text(record, "path");
        var loaded = load(Conformance.given().resolve(path));
        if (loaded.isPresent()) {
          compared++;
          var ours = Conformance.json(ValueText.json(loaded.get().written()));
          compare(path, "", ours, normalised.get(), differences);
        }
      }
    }
    System.out.println(compared + " documents compared, " + differences.size() + " differences");
    assertThat(differences).isEmpty();
    assertThat(compared).isGreaterThan(80);
  }

  /** Everything that we have, they have too, and the same; what they add is defaults. */
  private static void compare(
      String file, String path, YamlNode ours, YamlNode theirs, List<String> differences) {
    switch (ours) {
      case YamlNode.Mapping mapping -> {
        if (theirs instanceof YamlNode.Mapping other) {
          mapping
              .entries()
              .forEach(entry -> {
                String key = entry.key().text();
                var value = other.get(key);
                if (value.isPresent()) {
                  compare(file, path + "." + key, entry.value(), value.get(), differences);
                } else if (!LEFT_OUT.contains(path + "." + key) && !isNothing(entry.value())) {
                  differences.add("GOT " + file + " " + path + "." + key + " is not theirs");
                }
              });
        } else {
          differences.add("GOT " + file + " " + path + ": a mapping, not " + theirs);
        }
      }
      case YamlNode.Sequence(var _, List<YamlNode> items) -> {
        if (theirs instanceof YamlNode.Sequence(var _, List<YamlNode> others)
            && others.size() == items.size()) {
          for (int i = 0; i < items.size(); i++) {
            compare(file, path + "." + i, items.get(i), others.get(i), differences);
          }
        } else {
          differences.add("GOT " + file + " " + path + ": a list, not " + theirs);
        }
      }
      case YamlNode.Scalar scalar -> {
        String wanted = theirs instanceof YamlNode.Scalar other ? other.text() : "a " + theirs;
        if (!isArtefact(path, wanted, scalar.text())) {
          differences.add("GOT " + file + " " + path + ": " + scalar.text() + ", not " + wanted);
        }
      }
    }
  }

  private static boolean isNothing(YamlNode node) {
    return node instanceof YamlNode.Scalar(var _, var _, YamlNode.Value.Null _)
        || (node instanceof YamlNode.Mapping mapping && mapping.entries().isEmpty());
  }
}
