package io.headrace.planner;

import io.headrace.problem.Problem;
import io.headrace.problem.Where;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;

/** Whether a problem is about a field: its place is within the field, and it names it. */
final class About {
  private About() {}

  static boolean field(Path file, String field, List<Problem> problems) {
    int[] lines = lines(file, field);
    List<String> names = List.of(field.split("\\.", -1));
    return problems.stream()
        .filter(Problem::isError)
        .anyMatch(problem ->
            problem.where().filter(where -> within(where, file, lines)).isPresent()
                && names(problem, names));
  }

  private static boolean within(Where where, Path file, int[] lines) {
    return file.endsWith(where.file()) && where.line() >= lines[0] && where.line() <= lines[1];
  }

  /** The field, or the nearest above it. */
  private static boolean names(Problem problem, List<String> names) {
    for (int i = names.size() - 1; i >= 0 && i >= names.size() - 2; i--) {
      if (problem.message().contains(names.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** First and last line of the field, or of what is left of the way to it. */
  private static int[] lines(Path file, String field) {
    YamlNode node;
    try {
      node = YamlReader.read(file, "file");
    } catch (io.headrace.problem.ProblemException e) {
      return new int[] {1, Integer.MAX_VALUE};
    }
    int first = 1;
    int last = Integer.MAX_VALUE;
    for (String name : List.of(field.split("\\.", -1))) {
      if (!(node instanceof YamlNode.Mapping(Where _, List<YamlNode.Entry> entries))) {
        break;
      }
      int at = -1;
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).key().text().equals(name)) {
          at = i;
        }
      }
      if (at < 0) {
        break;
      }
      first = entries.get(at).key().where().line();
      last = at + 1 < entries.size() ? entries.get(at + 1).key().where().line() - 1 : last;
      node = entries.get(at).value();
    }
    return new int[] {first, Math.max(first, last)};
  }
}
