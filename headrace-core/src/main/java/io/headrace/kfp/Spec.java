package io.headrace.kfp;

import io.headrace.problem.Where;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A compiled pipeline as written: KFP's {@code PipelineSpec} (IR YAML, schema 2.1.0).
 *
 * @param components by name, without the root
 * @param executors by label
 */
record Spec(
    String name,
    String description,
    Component root,
    Map<String, Component> components,
    Map<String, Executor> executors,
    Where where) {

  Spec {
    components = ordered(components);
    executors = ordered(executors);
  }

  static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** A parameter of a component, in or out. */
  record Parameter(
      ParameterType type, Optional<JsonNode> defaultValue, boolean optional, Where where) {}

  /** An artifact of a component, in or out. {@code type} is KFP's artifact type, as JSON. */
  record ArtifactPort(JsonNode type, boolean list, boolean optional, Where where) {}

  /** What goes in, or comes out. */
  record Ports(Map<String, Parameter> parameters, Map<String, ArtifactPort> artifacts) {
    static final Ports NONE = new Ports(Map.of(), Map.of());

    Ports {
      parameters = ordered(parameters);
      artifacts = ordered(artifacts);
    }
  }

  /** Something that tasks use. */
  record Component(String name, Ports inputs, Ports outputs, Work work, Where where) {}

  /** What a component does. */
  sealed interface Work {
    /** A graph of tasks. */
    record Dag(
        List<Task> tasks, Map<String, List<Made>> parameters, Map<String, List<Made>> artifacts)
        implements Work {
      public Dag {
        tasks = List.copyOf(tasks);
        parameters = ordered(parameters);
        artifacts = ordered(artifacts);
      }
    }

    /** An executor. */
    record Label(String label, Where where) implements Work {}
  }

  /** An output of a task. Of several that are alternatives, the one that was made counts. */
  record Made(String task, String key, Where where) {}

  /** One use of a component. */
  record Task(
      String name,
      String displayName,
      String component,
      Map<String, Source> parameters,
      Map<String, Source> artifacts,
      List<String> dependentTasks,
      Optional<String> condition,
      boolean whateverUpstream,
      Optional<Iterator> iterator,
      Retry retry,
      boolean cached,
      Where where) {
    Task {
      parameters = ordered(parameters);
      artifacts = ordered(artifacts);
      dependentTasks = List.copyOf(dependentTasks);
    }
  }

  /** Where a task's input comes from. */
  sealed interface Source {
    Where where();

    /** An input of the graph around it. */
    record Outer(String input, List<String> select, Where where) implements Source {}

    /** What another task made. */
    record FromTask(String task, String key, List<String> select, Where where) implements Source {}

    /** A value; its texts may hold placeholders. */
    record Constant(JsonNode value, Where where) implements Source {}

    /** How another task ended. */
    record Status(String task, Where where) implements Source {}
  }

  /** A loop. */
  sealed interface Iterator {
    String item();

    int parallel();

    /** Over values that stand here. */
    record Over(JsonNode items, String item, int parallel, Where where) implements Iterator {}

    /** Over an input of this task. */
    record OverInput(String input, boolean artifacts, String item, int parallel, Where where)
        implements Iterator {}
  }

  /**
   * How often a task is tried again.
   *
   * @param delay seconds before the second attempt
   * @param most the longest pause, in seconds
   */
  record Retry(int count, double delay, double factor, double most) {
    static final Retry NONE = new Retry(0, 0, 1, 0);
  }

  /** What a task without a graph runs. */
  sealed interface Executor {
    /** A command in an image. */
    record Container(
        String image,
        List<String> command,
        List<String> args,
        Map<String, String> variables,
        Where where)
        implements Executor {
      public Container {
        command = List.copyOf(command);
        args = List.copyOf(args);
        variables = ordered(variables);
      }
    }

    /**
     * Makes an artifact of what is there.
     *
     * @param uri empty when the task's input {@code uri} holds it
     */
    record Importer(Optional<String> uri, JsonNode metadata, boolean anew, Where where)
        implements Executor {}

    /** One that cannot be run here; already told. */
    record Unknown() implements Executor {}
  }
}
