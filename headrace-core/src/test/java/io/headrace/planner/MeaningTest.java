package io.headrace.planner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.plan.DataType;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ProblemException;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What steps are given, against what Azure's client made of the same files. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MeaningTest {
  /** Knows all data, so that a plan can be made of files that name registered data. */
  private static final References ALL_DATA =
      new References() {
        @Override
        public Optional<StepInput> data(
            String reference, Optional<DataType> type, StepInput.Mode mode) {
          return Optional.of(
              new StepInput.Remote(reference, type.orElse(DataType.URI_FOLDER), mode));
        }

        @Override
        public Optional<Path> component(String reference) {
          return Optional.empty();
        }
      };

  private final List<String> differences = new ArrayList<>();
  private int compared;

  @Test
  void steps_are_given_what_azures_client_gives_them() throws IOException {
    assumeTrue(Files.isDirectory(Conformance.given()), "no conformance files here");
    for (String line : Files.readAllLines(Conformance.root().resolve("given-oracle.jsonl"))) {
      var record = (Mapping) Conformance.json(line);
      String path = Conformance.text(record, "path");
      if (record.get("normalised").orElse(null) instanceof Mapping normalised) {
        switch (Conformance.text(record, "kind")) {
          case "commandJob" ->
              plan(path).ifPresent(plan -> compare(path, plan, "main", normalised));
          case "pipelineJob" -> plan(path).ifPresent(plan -> compareNodes(path, plan, normalised));
          default -> {}
        }
      }
    }
    System.out.println(compared + " inputs compared, " + differences.size() + " differ");
    assertThat(differences).isEmpty();
    assertThat(compared).isGreaterThan(75);
  }

  /** Empty for files that need more than is here, such as a registry's components. */
  private static Optional<Plan> plan(String path) {
    try {
      return Optional.of(
          Planner.plan(
                  Conformance.given().resolve(path),
                  List.of(),
                  ALL_DATA,
                  PlanSettings.in(Conformance.given()))
              .plan());
    } catch (ProblemException e) {
      return Optional.empty();
    }
  }

  private void compareNodes(String path, Plan plan, Mapping normalised) {
    if (normalised.get("jobs").orElse(null) instanceof Mapping jobs) {
      for (var entry : jobs.entries()) {
        if (entry.value() instanceof Mapping node) {
          compare(path, plan, entry.key().text(), node);
        }
      }
    }
  }

  private void compare(String path, Plan plan, String id, Mapping node) {
    var step = plan.steps().stream().filter(it -> it.id().value().equals(id)).findFirst();
    if (step.isPresent() && node.get("inputs").orElse(null) instanceof Mapping inputs) {
      for (var entry : inputs.entries()) {
        compared++;
        String name = entry.key().text();
        if (!isSame(entry.value(), step.get(), name)) {
          differences.add(path + " " + id + " " + name + ": " + step.get().inputs().get(name));
        }
      }
    }
  }

  private static boolean isSame(YamlNode wanted, Step step, String name) {
    var given = step.inputs().get(name);
    return switch (wanted) {
      case Scalar scalar -> isSameValue(scalar.text(), given);
      case Mapping data -> isSameData(data, given);
      case YamlNode.Sequence _ -> false;
    };
  }

  /** The dump shows booleans as 1 and 0; what is sent to the service is True and False. */
  private static boolean isSameValue(String wanted, @Nullable StepInput given) {
    if (!(given instanceof StepInput.Literal(String value))) {
      return false;
    }
    return wanted.contains("${{")
        || value.equals(wanted)
        || (value.equals("True") && wanted.equals("1"))
        || (value.equals("False") && wanted.equals("0"));
  }

  private static boolean isSameData(Mapping wanted, @Nullable StepInput given) {
    String path = Conformance.text(wanted, "path");
    String type = Conformance.text(wanted, "type");
    if (given == null) {
      return false;
    }
    if (path.startsWith("${{parent.jobs.")) {
      String node = path.substring("${{parent.jobs.".length(), path.indexOf(".outputs."));
      return (given instanceof StepInput.FromStep it
              && (it.step().value() + ".").startsWith(node + "."))
          || (given instanceof StepInput.MadeValue value
              && (value.step().value() + ".").startsWith(node + "."));
    }
    if (path.startsWith("${{")) {
      return true;
    }
    return switch (given) {
      case StepInput.Local local -> isType(type, local.type());
      case StepInput.Remote remote -> isType(type, remote.type());
      case StepInput.FromStep _,
          StepInput.OfItem _,
          StepInput.Stored _,
          StepInput.MadeValue _,
          StepInput.Supplied _,
          StepInput.After _,
          StepInput.IfMade _,
          StepInput.HowEnded _,
          StepInput.Literal _ ->
          false;
    };
  }

  private static boolean isType(String wanted, DataType type) {
    return wanted.isEmpty() || wanted.toUpperCase(Locale.ROOT).equals(type.name());
  }
}
