package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job that others use, with declared inputs and outputs. */
public sealed interface Component extends Document {
  Header header();

  Map<String, InputDeclaration> inputs();

  Map<String, OutputDeclaration> outputs();

  @Override
  default Where where() {
    return header().where();
  }

  @Override
  default Optional<String> name() {
    return header().name();
  }

  /**
   * What all components may say of themselves.
   *
   * @param name required in a file of its own, absent when written inside a node
   * @param deterministic whether the same inputs give the same outputs; true unless said otherwise
   */
  record Header(
      Optional<String> name,
      Optional<String> version,
      Optional<String> displayName,
      Optional<String> description,
      Map<String, String> tags,
      Map<String, Value> properties,
      boolean deterministic,
      Optional<String> id,
      Optional<Value> autoDeleteSetting,
      Where where) {
    public Header {
      tags = Ordered.copy(tags);
      properties = Ordered.copy(properties);
    }
  }

  /** {@code type: command}. */
  record CommandComponent(
      Header header,
      Command command,
      Map<String, InputDeclaration> inputs,
      Map<String, OutputDeclaration> outputs)
      implements Component {
    public CommandComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: pipeline}: a graph of nodes. */
  record PipelineComponent(
      Header header,
      Map<String, InputDeclaration> inputs,
      Map<String, OutputDeclaration> outputs,
      List<Node> nodes)
      implements Component {
    public PipelineComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
      nodes = List.copyOf(nodes);
    }
  }

  /** {@code type: parallel}. */
  record ParallelComponent(
      Header header,
      Parallel parallel,
      Map<String, InputDeclaration> inputs,
      Map<String, OutputDeclaration> outputs)
      implements Component {
    public ParallelComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: spark}. */
  record SparkComponent(
      Header header,
      Spark spark,
      Map<String, InputDeclaration> inputs,
      Map<String, OutputDeclaration> outputs)
      implements Component {
    public SparkComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /**
   * {@code type: import}.
   *
   * @param inputs what its {@code source:} declares: type, connection, query or path
   * @param outputs the one, by the key of that name in its file
   */
  record ImportComponent(
      Header header, Map<String, InputDeclaration> inputs, Map<String, OutputDeclaration> outputs)
      implements Component {
    public ImportComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }

  /** {@code type: data_transfer}. */
  record DataTransferComponent(
      Header header,
      DataTransfer transfer,
      Map<String, InputDeclaration> inputs,
      Map<String, OutputDeclaration> outputs)
      implements Component {
    public DataTransferComponent {
      inputs = Ordered.copy(inputs);
      outputs = Ordered.copy(outputs);
    }
  }
}
