package io.headrace.planner;

import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Step;
import io.headrace.plan.StepOutput;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A user's folder with YAML files, and what the planner says of them. */
final class Project {
  private final Path folder;

  Project(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Writes a file; folders on the way are made. */
  Project file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Problem> problems(String name, String... sets) {
    return Documents.validate(folder.resolve(name), List.of(sets), folder);
  }

  /** The problems' codes, places and messages, one a line: {@code UNDECLARED job.yml:3:1 …}. */
  List<String> told(String name, String... sets) {
    return problems(name, sets).stream().map(Project::line).toList();
  }

  private static String line(Problem problem) {
    return (problem.isError() ? "" : "warning ")
        + problem.code()
        + " "
        + problem.where().map(Object::toString).orElse("-")
        + " "
        + problem.message();
  }

  Plan plan(String name, String... sets) {
    return plan(name, References.NONE, sets);
  }

  Plan plan(String name, References references, String... sets) {
    return Planner.plan(
            folder.resolve(name), List.of(sets), references, new PlanSettings(folder, "here"))
        .plan();
  }

  Step step(String name, String id, String... sets) {
    return step(plan(name, sets), id);
  }

  static Step step(Plan plan, String id) {
    return plan.steps().stream()
        .filter(step -> step.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + id + " in " + plan.steps()));
  }

  /** What planning refuses, as {@link #told}. */
  List<String> refused(String name, String... sets) {
    try {
      plan(name, sets);
      return List.of();
    } catch (ProblemException e) {
      return e.problems().stream().map(Project::line).toList();
    }
  }

  /** An output that must be there. */
  static StepOutput output(Step step, String name) {
    return Objects.requireNonNull(step.outputs().get(name), name);
  }

  /** The value of an environment variable that must be there, as {@link #shown}. */
  static String variable(Step step, String name) {
    return shown(Objects.requireNonNull(step.environmentVariables().get(name), name));
  }

  /** A command as text: values in angle brackets, paths by their names. */
  static String shown(List<Segment> segments) {
    var text = new StringBuilder();
    for (var segment : segments) {
      switch (segment) {
        case Segment.Text(String plain) -> text.append(plain);
        case Segment.Value(String _, String value) -> text.append('<').append(value).append('>');
        case Segment.InputPath(String input) -> text.append("<in:").append(input).append('>');
        case Segment.OutputPath(String output) -> text.append("<out:").append(output).append('>');
      }
    }
    return text.toString();
  }
}
