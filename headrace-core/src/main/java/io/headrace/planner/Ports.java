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
      case Node.InlineCommandNode _, Node.OtherNode _ -> Optional.empty();
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
    return node instanceof Node.InlineCommandNode || component(node).isPresent();
  }

  /** The names of a node's outputs, when they are known. */
  static Collection<String> outputs(Node node) {
    var component = component(node);
    return component.isPresent()
        ? component.get().outputs().keySet()
        : node instanceof Node.InlineCommandNode ? node.outputs().keySet() : List.of();
  }

  static Map<String, InputDeclaration> inputDeclarations(Node node) {
    return component(node).map(Component::inputs).orElse(Map.of());
  }

  static Map<String, OutputDeclaration> outputDeclarations(Node node) {
    return component(node).map(Component::outputs).orElse(Map.of());
  }
}
