package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One unit of work. A new kind of job is a record here; the compiler then shows the places that
 * must answer for it.
 */
public sealed interface Job extends Document {
  Header header();

  Map<String, Input> inputs();

  Map<String, Output> outputs();

  @Override
  default Where where() {
    return header().where();
  }

  @Override
  default Optional<String> name() {
    return header().name();
  }

  /** What all jobs may say of themselves. */
  record Header(
      Optional<String> name,
      Optional<String> displayName,
      Optional<String> experimentName,
      Optional<String> description,
      Map<String, String> tags,
      Map<String, String> properties,
      Optional<Written> compute,
      Optional<Identity> identity,
      Map<String, JobService> services,
      Where where) {
    public Header {
      tags = Ordered.copy(tags);
      properties = Ordered.copy(properties);
      services = Ordered.copy(services);
    }
  }

  /** {@code type: command}: one process. */
  record CommandJob(
      Header header,
      Command command,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Optional<Limits> limits,
      Optional<String> parentJobName)
      implements Job {
    public CommandJob {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: pipeline}: a graph of nodes, written here or in a component.
   *
   * @param component instead of nodes
   */
  record PipelineJob(
      Header header,
      PipelineSettings settings,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      List<Node> nodes,
      Optional<ComponentUse> component)
      implements Job {
    public PipelineJob {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
      nodes = List.copyOf(nodes);
    }
  }

  /** {@code type: sweep}: one command, tried with many values. */
  record SweepJob(
      Header header,
      Command trial,
      Sweep sweep,
      Map<String, Input> inputs,
      Map<String, Output> outputs,
      Optional<QueueSettings> queueSettings,
      Optional<Resources> resources)
      implements Job {
    public SweepJob {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: spark}: one Spark application. */
  record SparkJob(
      Header header, Spark spark, Map<String, Input> inputs, Map<String, Output> outputs)
      implements Job {
    public SparkJob {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: import}: data from a database or a file system.
   *
   * @param source absent only when it was wrong, which has been said
   * @param output where it goes
   */
  record ImportJob(Header header, Optional<ExternalSource> source, Output output) implements Job {
    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }

    @Override
    public Map<String, Output> outputs() {
      return Map.of("output", output);
    }
  }

  /**
   * A job that only Azure's service can run: AutoML, fine-tuning, distillation. Checked in full,
   * and kept as it is.
   *
   * @param type {@code automl}, {@code finetuning} or {@code distillation}
   * @param fields all that it says
   */
  record CloudJob(
      Header header, String type, Map<String, Value> fields, Map<String, Output> outputs)
      implements Job {
    public CloudJob {
      fields = Ordered.copy(fields);
      outputs = Ordered.copy(outputs);
    }

    @Override
    public Map<String, Input> inputs() {
      return Map.of();
    }
  }
}
