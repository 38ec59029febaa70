package io.headrace.kfp;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The settings that {@code kfp-kubernetes} adds as a second document. A machine without Kubernetes
 * has a use for the time limit of a task alone; of the others it is said what they were to do.
 *
 * @param timeouts by executor
 */
record Platform(Map<String, Duration> timeouts) {
  static final Platform NONE = new Platform(Map.of());
  private static final String TIMEOUT = "activeDeadlineSeconds";

  Platform {
    timeouts = Map.copyOf(timeouts);
  }

  Optional<Duration> timeout(String executor) {
    return Optional.ofNullable(timeouts.get(executor));
  }

  static Platform read(Tree tree, Problems problems) {
    var timeouts = new LinkedHashMap<String, Duration>();
    tree.named("platforms", (_, platform) -> platform)
        .values()
        .forEach(platform -> {
          platform
              .childOrEmpty("deploymentSpec")
              .named("executors", (_, executor) -> executor)
              .forEach((name, executor) -> {
                executor
                    .raw(TIMEOUT)
                    .ifPresent(_ ->
                        timeouts.put(name, Duration.ofSeconds((long) executor.number(TIMEOUT, 0))));
                warn(executor, "the settings of " + name + " for Kubernetes", problems);
              });
          platform
              .child("pipelineConfig")
              .ifPresent(it -> warn(it, "the pipeline's settings for Kubernetes", problems));
        });
    return new Platform(timeouts);
  }

  private static void warn(Tree tree, String what, Problems problems) {
    var fields = new ArrayList<String>();
    var variables = new TreeSet<String>();
    for (var entry : tree.entries()) {
      var field = entry.key().text();
      if (!field.equals(TIMEOUT)) {
        fields.add(field);
      }
      if (field.endsWith("AsEnv")) {
        tree.list(field).forEach(it -> variables.addAll(variables(it)));
      }
    }
    if (!fields.isEmpty()) {
      var problem =
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  what + " have no effect here: " + String.join(", ", fields))
              .at(tree.where());
      problems.add(
          (variables.isEmpty()
                  ? problem
                  : problem.fix(
                      "set what the task reads from it in your shell, which steps see: "
                          + String.join(", ", variables)))
              .warning());
    }
  }

  private static List<String> variables(Tree one) {
    var names = new ArrayList<String>();
    one.text("name").ifPresent(names::add);
    one.list("keyToEnv").forEach(it -> it.text("envVar").ifPresent(names::add));
    return names;
  }
}
