package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /**
   * A node of a kind that this version cannot run yet, or that was wrong. Kept so that bindings to
   * it are not reported as well.
   *
   * @param type as written
   * @param declaredOutputs empty when not known
   */
  record OtherNode(
      String name,
      Where where,
      String type,
      boolean reported,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      List<String> declaredOutputs)
      implements Node {
    public OtherNode {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
      declaredOutputs = List.copyOf(declaredOutputs);
    }
  }
}
