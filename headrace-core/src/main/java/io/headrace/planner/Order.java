package io.headrace.planner;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.spec.Input;
import io.headrace.spec.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /** For each node, the places of those it reads from. */
  private static List<Set<Integer>> before(List<Node> nodes) {
    var places = HashMap.<String, Integer>newHashMap(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      places.put(nodes.get(i).name(), i);
    }
    var before = new ArrayList<Set<Integer>>(nodes.size());
    for (var node : nodes) {
      before.add(before(node, places));
    }
    return before;
  }

  private static Set<Integer> before(Node node, Map<String, Integer> places) {
    var before = new LinkedHashSet<Integer>();
    for (var input : node.inputs().values()) {
      if (input instanceof Input.Bound bound) {
        for (var part : Template.of(bound.expression().text()).expressions()) {
          if (Expression.of(part.path()) instanceof Expression.NodeOutput(String name, String _)) {
            var place = places.get(name);
            if (place != null) {
              before.add(place);
            }
          }
        }
      }
    }
    return before;
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
    var open = new ArrayList<java.util.Iterator<Integer>>();
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

  private static Problem cycle(List<Integer> circle, List<Node> nodes) {
    var way = new StringJoiner(" -> ");
    for (int i = circle.size() - 1; i >= 0; i--) {
      way.add(nodes.get(circle.get(i)).name());
    }
    var first = nodes.get(circle.getLast());
    way.add(first.name());
    var place = nodes.get(circle.getFirst());
    var before = nodes.get(circle.size() > 1 ? circle.get(1) : circle.getFirst());
    return Problem.of(
            ErrorCode.CYCLE,
            circle.size() == 1
                ? "jobs." + first.name() + ".inputs: the node reads its own output"
                : "the nodes wait for each other: " + way)
        .at(bindingTo(place, before.name()))
        .fix("take one of these bindings out");
  }

  /** Where a node binds to another. */
  private static io.headrace.problem.Where bindingTo(Node node, String other) {
    for (var input : node.inputs().values()) {
      if (input instanceof Input.Bound bound
          && bound.expression().text().contains("parent.jobs." + other + ".")) {
        return bound.expression().where();
      }
    }
    return node.where();
  }
}
