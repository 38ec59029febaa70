package io.headrace.planner;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.Condition;
import io.headrace.spec.Input;
import io.headrace.spec.LoopItems;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.StringJoiner;

/** Puts each node after those it reads from, otherwise as written. */
final class Order {
  private Order() {}

  /** The nodes in order. Those on a cycle come last, as written; see {@link #reportCycles}. */
  static List<Node> of(List<Node> nodes) {
    var before = before(nodes);
    int count = nodes.size();
    int[] waiting = new int[count];
    var after = new ArrayList<List<Integer>>(count);
    for (int i = 0; i < count; i++) {
      after.add(new ArrayList<>(2));
    }
    for (int i = 0; i < count; i++) {
      for (int each : before.get(i)) {
        after.get(each).add(i);
      }
      waiting[i] = before.get(i).size();
    }
    var ready = new PriorityQueue<Integer>();
    for (int i = 0; i < count; i++) {
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    var ordered = new ArrayList<Node>(count);
    while (!ready.isEmpty()) {
      int next = ready.remove();
      ordered.add(nodes.get(next));
      for (int each : after.get(next)) {
        if (--waiting[each] == 0) {
          ready.add(each);
        }
      }
    }
    for (int i = 0; i < count; i++) {
      if (waiting[i] > 0) {
        ordered.add(nodes.get(i));
      }
    }
    return ordered;
  }

  /**
   * For each node, the places of those it reads from. What belongs to control flow reads for it.
   */
  private static List<Set<Integer>> before(List<Node> nodes) {
    var places = HashMap.<String, Integer>newHashMap(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      places.put(nodes.get(i).name(), i);
    }
    var members = Members.of(nodes);
    var before = new ArrayList<Set<Integer>>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      var read = new LinkedHashSet<Integer>();
      if (!members.isMember(nodes.get(i))) {
        addRead(nodes.get(i), places, members, read);
        for (var member : members.within(nodes.get(i))) {
          addRead(member, places, members, read);
          read.remove(i);
        }
      }
      before.add(read);
    }
    return before;
  }

  private static void addRead(
      Node node, Map<String, Integer> places, Members members, Set<Integer> read) {
    for (var name : readsFrom(node)) {
      var place = places.get(members.outermost(name));
      if (place != null) {
        read.add(place);
      }
    }
  }

  /** The nodes that a node itself names in its bindings. */
  static Set<String> readsFrom(Node node) {
    var names = new LinkedHashSet<String>();
    for (var expression : expressions(node)) {
      for (var part : Template.of(expression).expressions()) {
        if (Expression.of(part.path()) instanceof Expression.NodeOutput(String name, String _)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static List<String> expressions(Node node) {
    var expressions = new ArrayList<String>();
    for (var input : node.inputs().values()) {
      if (input instanceof Input.Bound bound) {
        expressions.add(bound.expression().text());
      }
    }
    if (node instanceof Node.IfElseNode it
        && it.condition() instanceof Condition.Bound(Written expression)) {
      expressions.add(expression.text());
    }
    if (node instanceof Node.ParallelForNode it
        && it.items() instanceof LoopItems.Bound(Written expression)) {
      expressions.add(expression.text());
    }
    return expressions;
  }

  /** Reports each circle of bindings once, with the way around it. */
  static void reportCycles(List<Node> nodes, Problems problems) {
    var before = before(nodes);
    int[] state = new int[nodes.size()]; // 0 not seen, 1 on the way, 2 done
    for (int start = 0; start < nodes.size(); start++) {
      if (state[start] == 0) {
        walk(start, nodes, before, state, problems);
      }
    }
  }

  /** Depth first without recursion: a chain may be thousands of nodes long. */
  private static void walk(
      int start, List<Node> nodes, List<Set<Integer>> before, int[] state, Problems problems) {
    var way = new ArrayList<Integer>();
    var open = new ArrayList<Iterator<Integer>>();
    way.add(start);
    open.add(before.get(start).iterator());
    state[start] = 1;
    while (!way.isEmpty()) {
      var rest = open.getLast();
      if (!rest.hasNext()) {
        state[way.getLast()] = 2;
        way.removeLast();
        open.removeLast();
        continue;
      }
      int next = rest.next();
      if (state[next] == 1) {
        problems.add(cycle(way.subList(way.indexOf(next), way.size()), nodes));
      } else if (state[next] == 0) {
        state[next] = 1;
        way.add(next);
        open.add(before.get(next).iterator());
      }
    }
  }

  /**
   * Says that nodes wait for each other, at the one that is written first.
   *
   * @param circle each node reads from the next, and the last from the first
   */
  private static Problem cycle(List<Integer> circle, List<Node> nodes) {
    int size = circle.size();
    int first = circle.indexOf(Collections.min(circle));
    var way = new StringJoiner(" -> ");
    for (int i = 0; i <= size; i++) {
      way.add(nodes.get(circle.get(Math.floorMod(first - i, size))).name());
    }
    var node = nodes.get(circle.get(first));
    var before = nodes.get(circle.get((first + 1) % size)).name();
    var binding = bindingTo(node, before);
    return Problem.of(
            ErrorCode.CYCLE,
            "jobs."
                + node.name()
                + ".inputs"
                + binding.map(it -> "." + it.getKey()).orElse("")
                + (size == 1
                    ? ": the node reads its own output"
                    : ": the nodes wait for each other: " + way))
        .at(binding.map(it -> it.getValue().where()).orElse(node.where()))
        .fix("take one of these bindings out");
  }

  /** The input by which a node reads from another. */
  private static Optional<Map.Entry<String, Input>> bindingTo(Node node, String other) {
    return node.inputs().entrySet().stream()
        .filter(input ->
            input.getValue() instanceof Input.Bound bound
                && Template.of(bound.expression().text()).expressions().stream()
                    .anyMatch(it ->
                        Expression.of(it.path())
                                instanceof Expression.NodeOutput(String name, String _)
                            && name.equals(other)))
        .findFirst();
  }
}
