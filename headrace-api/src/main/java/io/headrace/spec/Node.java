package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One entry under a pipeline's {@code jobs:}. */
public sealed interface Node {
  /** The key under {@code jobs:}. */
  String name();

  /** Of the key. */
  Where where();

  Map<String, Input> inputs();

  Map<String, Output> outputs();

  /**
   * What a node may say beside its work: any of a job's own words, and what overrides its
   * component's.
   *
   * @param environmentVariables added over the component's
   */
  record Overrides(
      Optional<String> displayName,
      Optional<String> description,
      Map<String, String> tags,
      Map<String, String> properties,
      Optional<String> comment,
      Optional<Written> compute,
      Optional<Identity> identity,
      Map<String, JobService> services,
      Optional<Limits> limits,
      Optional<Resources> resources,
      Optional<Distribution> distribution,
      Optional<QueueSettings> queueSettings,
      Optional<EnvironmentReference> environment,
      Optional<Written> environmentVariablesBinding,
      Map<String, Written> environmentVariables) {
    public Overrides {
      tags = Ordered.copy(tags);
      properties = Ordered.copy(properties);
      services = Ordered.copy(services);
      environmentVariables = Ordered.copy(environmentVariables);
    }
  }

  /** {@code type: command} with a {@code component:}. */
  record CommandNode(
      String name,
      Where where,
      ComponentUse component,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public CommandNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: command} with its {@code command:} here; its inputs and outputs declare it. */
  record InlineCommandNode(
      String name,
      Where where,
      Command command,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public InlineCommandNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: pipeline}. */
  record PipelineNode(
      String name,
      Where where,
      ComponentUse component,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public PipelineNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: sweep}: a command component, tried with many values. */
  record SweepNode(
      String name,
      Where where,
      ComponentUse trial,
      Sweep sweep,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public SweepNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: parallel}.
   *
   * @param component absent when all is written here; the inputs and outputs then declare it
   * @param parallel what the node itself says; over what its component says, if it has one
   */
  record ParallelNode(
      String name,
      Where where,
      Optional<ComponentUse> component,
      Parallel parallel,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public ParallelNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: spark}.
   *
   * @param component absent when all is written here; the inputs and outputs then declare it
   * @param spark what the node itself says; over what its component says, if it has one
   */
  record SparkNode(
      String name,
      Where where,
      Optional<ComponentUse> component,
      Spark spark,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public SparkNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: import}.
   *
   * @param component absent when the source is written here
   * @param source absent when there is a component, whose inputs then say it
   * @param outputs the one, by the key of that name in its file
   */
  record ImportNode(
      String name,
      Where where,
      Optional<ComponentUse> component,
      Optional<ExternalSource> source,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public ImportNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: data_transfer}.
   *
   * @param component absent when all is written here; the inputs and outputs then declare it
   */
  record DataTransferNode(
      String name,
      Where where,
      Optional<ComponentUse> component,
      DataTransfer transfer,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Overrides overrides)
      implements Node {
    public DataTransferNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: if_else}: runs the nodes of one block, and skips those of the other. */
  record IfElseNode(
      String name,
      Where where,
      Condition condition,
      List<NodeReference> trueBlock,
      List<NodeReference> falseBlock)
      implements Node {
    public IfElseNode {
      trueBlock = List.copyOf(trueBlock);
      falseBlock = List.copyOf(falseBlock);
    }

    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }

    @Override
    public Map<String, Output> outputs() {
      return Map.of();
    }
  }

  /**
   * {@code type: do_while}: runs a node again while its condition holds.
   *
   * @param condition the name of a boolean output of the body, or a binding to it; goes on to the
   *     most iterations when absent
   * @param mapping which inputs of the body's next iteration each output of the body gives
   * @param maxIterations from 1 to 1000
   */
  record DoWhileNode(
      String name,
      Where where,
      NodeReference body,
      Optional<Written> condition,
      Map<String, List<Written>> mapping,
      int maxIterations)
      implements Node {
    public DoWhileNode {
      mapping = Ordered.copy(mapping);
    }

    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }

    @Override
    public Map<String, Output> outputs() {
      return Map.of();
    }
  }

  /**
   * {@code type: parallel_for}: runs a node once for each item, side by side.
   *
   * @param maxConcurrency how many at once; as many as there is place for when absent
   * @param outputs collections of the body's outputs of the same names
   */
  record ParallelForNode(
      String name,
      Where where,
      NodeReference body,
      LoopItems items,
      OptionalInt maxConcurrency,
      Map<String, Output> outputs)
      implements Node {
    public ParallelForNode {
      outputs = Ordered.copy(outputs);
    }

    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }
  }

  /**
   * {@code type: automl}: a node that only Azure's service can run. Checked in full, and kept as it
   * is.
   *
   * @param fields all that it says
   */
  record CloudNode(
      String name,
      Where where,
      String type,
      Map<String, Value> fields,
      Map<String, Input> inputs,
      Map<String, Output> outputs)
      implements Node {
    public CloudNode {
      fields = Ordered.copy(fields);
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * A node that was wrong, which has been said. Kept so that bindings to it are not reported as
   * well.
   */
  record BrokenNode(String name, Where where) implements Node {
    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }

    @Override
    public Map<String, Output> outputs() {
      return Map.of();
    }
  }
}
