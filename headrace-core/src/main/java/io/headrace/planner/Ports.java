package io.headrace.planner;

import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.Node;
import io.headrace.spec.OutputDeclaration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a node declares, by its component or by itself. */
final class Ports {
  private Ports() {}

  /** The component that a node uses, when it is known. */
  static Optional<Component> component(Node node) {
    return switch (node) {
      case Node.CommandNode it -> component(it.component());
      case Node.PipelineNode it -> component(it.component());
      case Node.SweepNode it -> component(it.trial());
      case Node.ParallelNode it -> it.component().flatMap(Ports::component);
      case Node.SparkNode it -> it.component().flatMap(Ports::component);
      case Node.ImportNode it -> it.component().flatMap(Ports::component);
      case Node.DataTransferNode it -> it.component().flatMap(Ports::component);
      case Node.InlineCommandNode _,
          Node.IfElseNode _,
          Node.DoWhileNode _,
          Node.ParallelForNode _,
          Node.CloudNode _,
          Node.BrokenNode _ ->
          Optional.empty();
    };
  }

  static Optional<Component> component(ComponentUse use) {
    return switch (use) {
      case ComponentUse.Known(Component component, String _, var _) -> Optional.of(component);
      case ComponentUse.Reference _, ComponentUse.Broken _ -> Optional.empty();
    };
  }

  /** Whether the names of a node's outputs are known. */
  static boolean outputsKnown(Node node) {
    return declaresItself(node) || component(node).isPresent();
  }

  /** Whether a node's own inputs and outputs are its declaration. */
  private static boolean declaresItself(Node node) {
    return switch (node) {
      case Node.InlineCommandNode _, Node.ParallelForNode _ -> true;
      case Node.ParallelNode it -> it.component().isEmpty();
      case Node.SparkNode it -> it.component().isEmpty();
      case Node.ImportNode it -> it.component().isEmpty();
      case Node.DataTransferNode it -> it.component().isEmpty();
      case Node.CommandNode _,
          Node.PipelineNode _,
          Node.SweepNode _,
          Node.IfElseNode _,
          Node.DoWhileNode _,
          Node.CloudNode _,
          Node.BrokenNode _ ->
          false;
    };
  }

  /** The names of a node's outputs, when they are known. */
  static Collection<String> outputs(Node node) {
    var component = component(node);
    return component.isPresent()
        ? component.get().outputs().keySet()
        : declaresItself(node) ? node.outputs().keySet() : List.of();
  }

  static Map<String, InputDeclaration> inputDeclarations(Node node) {
    return component(node).map(Component::inputs).orElse(Map.of());
  }

  static Map<String, OutputDeclaration> outputDeclarations(Node node) {
    return component(node).map(Component::outputs).orElse(Map.of());
  }
}
