package io.headrace.backend.environment;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A small YAML file of texts, lists and mappings. Every scalar is the text that stands there: in
 * {@code python: 3.10} or {@code name: no} nothing becomes a number or a boolean, so that it does
 * not matter which YAML (1.1 or 1.2) its author had in mind. Merge keys ({@code <<}) work.
 *
 * <p>Limits: 1 MiB, depth 100, 50 aliases.
 */
final class PlainYaml {
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int MOST_DEPTH = 100;
  private static final int MOST_ALIASES = 50;

  private final String label;

  /**
   * @param label names the text to its author: {@code conda file of 'sklearn'}
   */
  PlainYaml(String label) {
    this.label = label;
  }

  /**
   * Reads a text; empty when there is nothing but comments.
   *
   * @throws ProblemException when it is not YAML or beyond the limits
   */
  Optional<Node> read(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw Problem.of(ErrorCode.YAML_LIMIT, label + " is larger than 1 MiB").asException();
    }
    String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
    try {
      checkLimits(clean);
      return new Compose(settings()).composeString(clean);
    } catch (MarkedYamlEngineException e) {
      Problem problem = Problem.of(ErrorCode.YAML_SYNTAX, label + ": " + e.getProblem());
      throw e.getProblemMark().map(mark -> problem.at(where(mark))).orElse(problem).asException(e);
    } catch (YamlEngineException e) {
      throw Problem.of(ErrorCode.YAML_SYNTAX, label + ": " + e.getMessage()).asException(e);
    }
  }

  private LoadSettings settings() {
    return LoadSettings.builder().setLabel(label).setCodePointLimit(MOST_CHARACTERS).build();
  }

  /** The composer descends by recursion and follows aliases; the events do not. */
  private void checkLimits(String text) {
    int depth = 0;
    int aliases = 0;
    for (Event event : new Parse(settings()).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case Alias -> aliases++;
        case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Scalar, Comment -> {}
      }
      if (depth > MOST_DEPTH || aliases > MOST_ALIASES) {
        String what = depth > MOST_DEPTH ? "nests deeper than 100" : "has more than 50 aliases";
        throw Problem.of(ErrorCode.YAML_LIMIT, label + " " + what).asException();
      }
    }
  }

  /**
   * The fields of a mapping, in order.
   *
   * @throws ProblemException when it is not a mapping, or a key comes twice
   */
  Map<String, Node> fields(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, "a mapping (key: value) is wanted here").asException();
    }
    Map<String, Node> own = new LinkedHashMap<>();
    Map<String, Node> merged = new LinkedHashMap<>();
    for (NodeTuple field : mapping.getValue()) {
      String key = text(field.getKeyNode());
      if (key.equals("<<")) {
        merge(field.getValueNode(), merged);
      } else if (own.put(key, field.getValueNode()) != null) {
        throw Problem.of(ErrorCode.DUPLICATE_KEY, "'" + key + "' is there twice")
            .at(where(field.getKeyNode()))
            .asException();
      }
    }
    merged.forEach(own::putIfAbsent);
    return own;
  }

  private void merge(Node source, Map<String, Node> into) {
    List<Node> sources = source instanceof SequenceNode list ? list.getValue() : List.of(source);
    for (Node each : sources) {
      if (!(each instanceof MappingNode mapping)) {
        throw wrong(each, "'<<' merges mappings only").asException();
      }
      for (NodeTuple field : mapping.getValue()) {
        into.putIfAbsent(text(field.getKeyNode()), field.getValueNode());
      }
    }
  }

  /** The items of a list; none when the field is empty. */
  List<Node> items(Node node) {
    if (node instanceof SequenceNode list) {
      return new ArrayList<>(list.getValue());
    }
    if (isEmpty(node)) {
      return List.of();
    }
    throw wrong(node, "a list ('- ...') is wanted here").asException();
  }

  /** The text of a scalar, as it stands there. */
  String text(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(node, "a plain value is wanted here").asException();
  }

  boolean isEmpty(Node node) {
    return node instanceof ScalarNode scalar
        && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
  }

  boolean isScalar(Node node) {
    return node instanceof ScalarNode;
  }

  /** A problem at a node. */
  Problem wrong(Node node, String message) {
    return Problem.of(ErrorCode.ENVIRONMENT_WRONG, message).at(where(node));
  }

  private Where where(Node node) {
    return node.getStartMark().map(this::where).orElse(Where.file(label));
  }

  private Where where(Mark mark) {
    return new Where(label, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
