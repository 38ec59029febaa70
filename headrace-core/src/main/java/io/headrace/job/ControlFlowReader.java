package io.headrace.job;

import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Condition;
import io.headrace.spec.Input;
import io.headrace.spec.LoopItems;
import io.headrace.spec.Node;
import io.headrace.spec.NodeReference;
import io.headrace.spec.Written;
import io.headrace.yaml.YamlNode;
import io.headrace.yaml.YamlNode.Mapping;
import io.headrace.yaml.YamlNode.Scalar;
import io.headrace.yaml.YamlNode.Sequence;
import io.headrace.yaml.YamlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code if_else}, {@code do_while} and {@code parallel_for}, from a validated tree. */
final class ControlFlowReader {
  private final PortReader ports;
  private final Problems problems;

  ControlFlowReader(PortReader ports, Problems problems) {
    this.ports = ports;
    this.problems = problems;
  }

  Node.IfElseNode ifElse(String name, Where where, Entries entries) {
    var trueBlock = block(entries, "true_block");
    var falseBlock = block(entries, "false_block");
    if (trueBlock.isEmpty() && falseBlock.isEmpty()) {
      problems.add(
          Problem.of(
                  ErrorCode.MISSING_FIELD,
                  "jobs." + name + ": an if_else needs 'true_block' or 'false_block'")
              .at(where)
              .fix("name the nodes to run: true_block: ${{parent.jobs.NODE}}"));
    }
    checkDisjoint(name, trueBlock, falseBlock);
    return new Node.IfElseNode(name, where, condition(entries), trueBlock, falseBlock);
  }

  private void checkDisjoint(
      String name, List<NodeReference> trueBlock, List<NodeReference> falseBlock) {
    for (var each : falseBlock) {
      if (!each.node().isEmpty()
          && trueBlock.stream().anyMatch(other -> other.node().equals(each.node()))) {
        problems.add(
            Problem.of(
                    ErrorCode.CONFLICT,
                    "jobs." + name + ".false_block: '" + each.node() + "' is in both blocks")
                .at(each.where())
                .fix("a node that always runs belongs in neither"));
      }
    }
  }

  private static Condition condition(Entries entries) {
    var scalar = entries.scalar("condition");
    if (scalar.isEmpty()) {
      return new Condition.Broken(entries.where());
    }
    Where where = scalar.get().where();
    if (scalar.get().text().contains("${{")) {
      return new Condition.Bound(new Written(scalar.get().text(), where));
    }
    return Scalars.flag(scalar.get())
        .<Condition>map(value -> new Condition.Constant(value, where))
        .orElseGet(() -> new Condition.Broken(where));
  }

  private static List<NodeReference> block(Entries entries, String key) {
    return entries.list(key).stream().map(ControlFlowReader::reference).toList();
  }

  private static NodeReference reference(Written written) {
    return new NodeReference(NodeBinding.node(written.text()).orElse(""), written.where());
  }

  private static NodeReference body(Entries entries) {
    return entries
        .written("body")
        .map(ControlFlowReader::reference)
        .orElseGet(() -> new NodeReference("", entries.where()));
  }

  Node.DoWhileNode doWhile(String name, Where where, Entries entries) {
    var mapping = new LinkedHashMap<String, List<Written>>();
    var given = entries.mapping("mapping");
    for (var entry : given.entries()) {
      mapping.put(entry.key().text(), given.list(entry.key().text()));
    }
    long most =
        entries
            .mapping("limits")
            .scalar("max_iteration_count")
            .map(Scalars::whole)
            .orElse(OptionalLong.empty())
            .orElse(1);
    return new Node.DoWhileNode(
        name, where, body(entries), entries.written("condition"), mapping, (int) most);
  }

  Node.ParallelForNode parallelFor(String name, Where where, Entries entries, Source source) {
    var concurrency =
        entries.scalar("max_concurrency").map(Scalars::whole).orElse(OptionalLong.empty());
    return new Node.ParallelForNode(
        name,
        where,
        body(entries),
        items("jobs." + name + ".items", entries, source),
        concurrency.isPresent()
            ? OptionalInt.of((int) concurrency.getAsLong())
            : OptionalInt.empty(),
        ports.outputs(entries));
  }

  private LoopItems items(String field, Entries entries, Source source) {
    var node = entries.get("items");
    if (node.isEmpty()) {
      return new LoopItems.Broken(entries.where());
    }
    if (!(node.get() instanceof Scalar scalar)) {
      return items(field, node.get(), node.get().where(), source);
    }
    if (scalar.text().contains("${{")) {
      return new LoopItems.Bound(new Written(scalar.text(), scalar.where()));
    }
    return fromJson(field, scalar, source);
  }

  private LoopItems fromJson(String field, Scalar scalar, Source source) {
    try {
      // Where the text has its own lines and columns, only the field's place is of use.
      var tree = YamlReader.read(scalar.text(), field);
      if (!(tree instanceof Scalar)) {
        return items(field, tree, scalar.where(), source);
      }
    } catch (ProblemException e) {
      // said below
    }
    problems.add(
        Problem.of(ErrorCode.WRONG_VALUE, field + " is neither JSON nor a binding")
            .at(scalar.where())
            .fix("write a list of mappings, one for each run of the body"));
    return new LoopItems.Broken(scalar.where());
  }

  private LoopItems items(String field, YamlNode node, Where where, Source source) {
    return switch (node) {
      case Sequence(Where _, List<YamlNode> each) -> {
        var items = new ArrayList<Map<String, Input>>();
        each.forEach(item -> items.add(item(item, source)));
        checkAlike(field, items, where);
        yield new LoopItems.Listed(items, where);
      }
      case Mapping(Where _, var each) -> {
        var items = new LinkedHashMap<String, Map<String, Input>>();
        each.forEach(entry -> items.put(entry.key().text(), item(entry.value(), source)));
        checkAlike(field, List.copyOf(items.values()), where);
        yield new LoopItems.Keyed(items, where);
      }
      case Scalar _ -> new LoopItems.Broken(where);
    };
  }

  private Map<String, Input> item(YamlNode node, Source source) {
    return ports.inputs(Entries.of(node).entries(), source, true, Map.of());
  }

  private void checkAlike(String field, List<Map<String, Input>> items, Where where) {
    if (items.isEmpty()) {
      problems.add(Problem.of(ErrorCode.WRONG_VALUE, field + " is empty").at(where));
      return;
    }
    Set<String> names = items.getFirst().keySet();
    for (int i = 1; i < items.size(); i++) {
      if (!items.get(i).keySet().equals(names)) {
        problems.add(
            Problem.of(
                    ErrorCode.WRONG_VALUE,
                    field
                        + ": item "
                        + i
                        + " has "
                        + items.get(i).keySet()
                        + ", but the first has "
                        + names)
                .at(where)
                .fix("give every item the same keys: the inputs of the body"));
        return;
      }
    }
  }
}
