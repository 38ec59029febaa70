package io.headrace.planner;

import io.headrace.spec.Component;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.Node;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a command may name in <code>${{…}}</code>.
 *
 * @param optional inputs that may have no value
 * @param sampled what a sweep samples; only its own trial may name it
 */
record OwnNames(
    Set<String> inputs, Set<String> outputs, Set<String> optional, Set<String> sampled) {
  static OwnNames of(Set<String> inputs, Set<String> outputs) {
    return new OwnNames(inputs, outputs, Set.of(), Set.of());
  }

  /** What a component's text may name. */
  static OwnNames of(Component component) {
    return new OwnNames(
        component.inputs().keySet(),
        component.outputs().keySet(),
        optional(component.inputs()),
        Set.of());
  }

  /** What a node's own text may name: what its component declares, or else the node itself. */
  static OwnNames of(Node node) {
    return Ports.component(node)
        .map(OwnNames::of)
        .orElseGet(() -> of(node.inputs().keySet(), node.outputs().keySet()));
  }

  private static Set<String> optional(Map<String, InputDeclaration> declarations) {
    var optional = new HashSet<String>();
    declarations.forEach((name, declared) -> {
      if (declared.optional() && declared.defaultValue().isEmpty()) {
        optional.add(name);
      }
    });
    return optional;
  }
}
