package io.headrace.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects problems, so that a user sees all of them at once. Not thread-safe. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  public void add(Problem problem) {
    found.add(problem);
  }

  public void addAll(List<Problem> problems) {
    found.addAll(problems);
  }

  public boolean hasErrors() {
    return found.stream().anyMatch(Problem::isError);
  }

  /** In the order they were found. */
  public List<Problem> all() {
    return List.copyOf(found);
  }

  public List<Problem> warnings() {
    return found.stream().filter(problem -> !problem.isError()).toList();
  }

  /** Throws all that was found, warnings too, if there is an error among it. */
  public void throwIfErrors() {
    if (hasErrors()) {
      throw new ProblemException(found);
    }
  }
}
