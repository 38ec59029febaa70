package io.headrace.planner;

import io.headrace.spec.Node;
import io.headrace.spec.NodeReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which nodes of a pipeline belong to control flow, and so do not run by themselves. */
final class Members {
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, String> owners = new HashMap<>();

  private Members() {}

  static Members of(List<Node> nodes) {
    var members = new Members();
    for (var node : nodes) {
      members.nodes.put(node.name(), node);
      for (var reference : references(node)) {
        members.owners.putIfAbsent(reference.node(), node.name());
      }
    }
    return members;
  }

  private static List<NodeReference> references(Node node) {
    return switch (node) {
      case Node.IfElseNode it -> {
        var both = new ArrayList<>(it.trueBlock());
        both.addAll(it.falseBlock());
        yield both;
      }
      case Node.DoWhileNode it -> List.of(it.body());
      case Node.ParallelForNode it -> List.of(it.body());
      case Node.InlineCommandNode _,
          Node.CommandNode _,
          Node.PipelineNode _,
          Node.SweepNode _,
          Node.ParallelNode _,
          Node.SparkNode _,
          Node.ImportNode _,
          Node.DataTransferNode _,
          Node.CloudNode _,
          Node.BrokenNode _ ->
          List.of();
    };
  }

  boolean isMember(Node node) {
    return owners.containsKey(node.name());
  }

  /** The node of that name, when there is one. */
  Optional<Node> node(NodeReference reference) {
    return Optional.ofNullable(nodes.get(reference.node()));
  }

  /** The node that a node belongs to, however far out; itself when to none. */
  String outermost(String node) {
    var at = node;
    for (int i = 0; i <= owners.size(); i++) {
      var owner = owners.get(at);
      if (owner == null) {
        return at;
      }
      at = owner;
    }
    return at; // they own each other, which is a cycle
  }

  /** All that belongs to a node, and what belongs to that. */
  List<Node> within(Node owner) {
    if (owners.isEmpty() || references(owner).isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<Node>();
    for (var node : nodes.values()) {
      if (!node.name().equals(owner.name()) && outermost(node.name()).equals(owner.name())) {
        all.add(node);
      }
    }
    return all;
  }
}
