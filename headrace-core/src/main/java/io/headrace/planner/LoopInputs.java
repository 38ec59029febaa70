package io.headrace.planner;

import io.headrace.json.JsonItems;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Input;
import io.headrace.spec.LoopItems;
import io.headrace.spec.Node;
import io.headrace.spec.Written;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a loop's items give its body: values to places in it, data to its inputs. */
final class LoopInputs {
  private final Node body;
  private final Scope scope;
  private final Bindings bindings;
  private final Problems problems;
  private final String field;
  private final Map<String, Optional<String>> names;
  private final Map<String, Given> data = new LinkedHashMap<>();
  private final Group.Items items;

  LoopInputs(
      Node.ParallelForNode node, Node body, Scope scope, Bindings bindings, Problems problems) {
    this.body = body;
    this.scope = scope;
    this.bindings = bindings;
    this.problems = problems;
    field = "jobs." + node.name() + ".items";
    names = names(node.items());
    items = items(node.items());
  }

  /** The body's inputs that come from items. */
  Set<String> names() {
    return names.keySet();
  }

  /** Those of them that are data, with what is known of it before an item is in hand. */
  Map<String, Given> data() {
    return data;
  }

  Group.Items items() {
    return items;
  }

  private Group.Items items(LoopItems written) {
    return switch (written) {
      case LoopItems.Listed(var listed, Where _) -> known(listed);
      case LoopItems.Keyed(var keyed, Where _) -> known(keyed.values());
      case LoopItems.Broken _ -> known(List.of());
      case LoopItems.Bound(Written expression) ->
          switch (bindings.value(field, expression, scope)) {
            case Given.Data(Given.Origin.Step made, var _, var _) ->
                new Group.Items.FromStep(new Plan.StepRef(made.step(), made.output()), names);
            case Given.Literal(String text) -> json(text, expression.where());
            case Given.Data _ -> {
              problems.add(
                  Problem.of(
                          ErrorCode.NOT_SUPPORTED,
                          field + ": only what a node writes can be gone through here")
                      .at(expression.where())
                      .fix("write the items here, or bind a file of JSON that a node makes"));
              yield known(List.of());
            }
            case Given.Unset _, Given.Broken _ -> known(List.of());
          };
    };
  }

  /** The same text means the same whether an input of the pipeline or a step gives it. */
  private Group.Items json(String text, Where where) {
    try {
      return known(
          JsonItems.parse(text, names).stream()
              .<Map<String, Input>>map(item -> {
                var given = new LinkedHashMap<String, Input>();
                item.forEach((name, value) -> given.put(name, new Input.Literal(value, where)));
                return given;
              })
              .toList());
    } catch (IllegalArgumentException e) {
      problems.add(
          Problem.of(ErrorCode.WRONG_VALUE, field + ": what it goes through " + e.getMessage())
              .at(where)
              .fix(JsonItems.FIX));
      return known(List.of());
    }
  }

  private Group.Items known(Collection<Map<String, Input>> written) {
    var declared = Ports.inputDeclarations(body);
    var known = new ArrayList<Map<String, StepInput>>(written.size());
    for (var item : written) {
      var given = new LinkedHashMap<String, StepInput>();
      item.forEach((name, input) -> {
        var what = field + "." + name;
        var value = bindings.resolve(what, input, scope);
        var declaration = declared.get(name);
        if (declaration != null && names.containsKey(name)) {
          value = bindings.declared(what, value, declaration, input.where());
        }
        objection(name, value, known.isEmpty())
            .ifPresent(why ->
                problems.add(Problem.of(ErrorCode.WRONG_TYPE, what + " " + why).at(input.where())));
        if (value instanceof Given.Data it && names.containsKey(name)) {
          data.putIfAbsent(name, new Given.Data(new Given.Origin.Item(name), it.type(), it.mode()));
        }
        bindings.stepInput(what, value).ifPresent(it -> given.put(name, it));
      });
      known.add(given);
    }
    return new Group.Items.Known(known);
  }

  /** The body is written once for all items, so that each must give it the same kind of thing. */
  private Optional<String> objection(String name, Given value, boolean first) {
    var others = Optional.ofNullable(data.get(name));
    return switch (value) {
      case Given.Data it when it.value().isPresent() ->
          Optional.of(
              "is known only when its step has run; let the step write all items,"
                  + " as JSON, and go through that");
      case Given.Data _ when others.isEmpty() && !first ->
          Optional.of("is a value in the items before, and data here");
      case Given.Data it
          when others.isPresent()
              && others.get() instanceof Given.Data other
              && !other.type().equals(it.type()) ->
          Optional.of("is of another type in the items before");
      case Given.Literal _ when others.isPresent() ->
          Optional.of("is data in the items before, and a value here");
      case Given.Data _, Given.Literal _, Given.Unset _, Given.Broken _ -> Optional.empty();
    };
  }

  /** Which inputs of the body each item gives, or what they are when it does not. */
  private Map<String, Optional<String>> names(LoopItems written) {
    return switch (written) {
      case LoopItems.Listed(var listed, Where _) ->
          listed.isEmpty() ? Map.of() : needed(listed.getFirst().keySet());
      case LoopItems.Keyed(var keyed, Where _) ->
          keyed.isEmpty() ? Map.of() : needed(keyed.values().iterator().next().keySet());
      case LoopItems.Broken _ -> Map.of();
      case LoopItems.Bound _ -> openInputs();
    };
  }

  private static Map<String, Optional<String>> needed(Collection<String> names) {
    var all = new LinkedHashMap<String, Optional<String>>();
    names.forEach(name -> all.put(name, Optional.empty()));
    return all;
  }

  /**
   * Of a component, the parameters that the node leaves open, but for optional ones; of a node that
   * is its own declaration, its values.
   */
  private Map<String, Optional<String>> openInputs() {
    var open = new LinkedHashMap<String, Optional<String>>();
    Ports.inputDeclarations(body)
        .forEach((name, declared) -> {
          if (!body.inputs().containsKey(name)
              && (declared.defaultValue().isPresent() || !declared.optional())) {
            open.put(name, declared.defaultValue());
          }
        });
    if (Ports.component(body).isEmpty()) {
      body.inputs()
          .forEach((name, input) -> {
            if (input instanceof Input.Literal(String text, Where _)) {
              open.put(name, Optional.of(text));
            }
          });
    }
    return open;
  }
}
