package io.headrace.planner;

import io.headrace.job.ParameterValues;
import io.headrace.job.Suggestions;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.SearchSpace;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.Condition;
import io.headrace.spec.DataTransfer;
import io.headrace.spec.Document;
import io.headrace.spec.Environment;
import io.headrace.spec.EnvironmentReference;
import io.headrace.spec.Input;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType;
import io.headrace.spec.Job;
import io.headrace.spec.LoopItems;
import io.headrace.spec.Node;
import io.headrace.spec.NodeReference;
import io.headrace.spec.Output;
import io.headrace.spec.Resource;
import io.headrace.spec.Written;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a document's names and expressions: all that Azure's client lets through and the service
 * refuses later, if ever. Each component is checked once, however often it is used.
 */
final class Checks {
  private final Problems problems;
  private final Suggestions suggestions = new Suggestions();
  private final OwnChecks own;
  private final Set<Component> done = Collections.newSetFromMap(new IdentityHashMap<>());

  Checks(Problems problems) {
    this.problems = problems;
    this.own = new OwnChecks(problems, suggestions);
  }

  void check(Document document) {
    switch (document) {
      case Job.CommandJob job ->
          own.command(
              "", job.command(), OwnNames.of(job.inputs().keySet(), job.outputs().keySet()));
      case Job.PipelineJob job -> checkPipelineJob(job);
      case Job.SweepJob job ->
          own.command(
              "trial.",
              job.trial(),
              new OwnNames(
                  job.inputs().keySet(),
                  job.outputs().keySet(),
                  Set.of(),
                  job.sweep().space().parameters().keySet()));
      case Job.SparkJob job ->
          own.spark("", job.spark(), OwnNames.of(job.inputs().keySet(), job.outputs().keySet()));
      case Job.ImportJob job ->
          job.source().ifPresent(it -> own.place("source.", it, OwnNames.of(Set.of(), Set.of())));
      case Job.CloudJob _ -> {}
      case Component component -> checkComponent(component);
      case Environment _, Resource _ -> {}
    }
  }

  private void checkPipelineJob(Job.PipelineJob job) {
    job.outputs().forEach((name, output) -> checkJobOutput(name, output));
    if (job.component().isPresent()) {
      checkUse(job, job.component().get());
      return;
    }
    var places = new LinkedHashMap<String, Where>();
    job.outputs().forEach((name, output) -> places.put(name, output.where()));
    checkNodes(job.nodes(), job.inputs().keySet(), places);
    new EndChecks(problems, suggestions).check(job);
  }

  private void checkJobOutput(String name, Output output) {
    if (output instanceof Output.Bound bound) {
      problems.add(
          Problem.of(
                  ErrorCode.BAD_EXPRESSION,
                  "outputs." + name + " of a pipeline job cannot be a binding")
              .at(bound.where())
              .fix("bind a node's output to ${{parent.outputs." + name + "}} instead"));
    }
  }

  /** A pipeline job that is all in a component. */
  private void checkUse(Job.PipelineJob job, ComponentUse use) {
    var component = Ports.component(use);
    if (component.isEmpty()) {
      return;
    }
    checkComponent(component.get());
    checkGiven("", job.inputs(), component.get().inputs(), use.where());
    job.outputs()
        .forEach((name, output) ->
            checkDeclared(
                component.get().outputs().keySet(),
                name,
                "outputs." + name + ": the component has no output '" + name + "'",
                output.where(),
                "outputs of the component"));
  }

  private void checkComponent(Component component) {
    if (!done.add(component)) {
      return;
    }
    switch (component) {
      case Component.CommandComponent it -> own.command("", it.command(), OwnNames.of(it));
      case Component.ParallelComponent it -> own.parallel("", it.parallel(), OwnNames.of(it));
      case Component.SparkComponent it -> own.spark("", it.spark(), OwnNames.of(it));
      case Component.ImportComponent _, Component.DataTransferComponent _ -> {}
      case Component.PipelineComponent it -> {
        var places = new LinkedHashMap<String, Where>();
        it.outputs().forEach((name, output) -> places.put(name, output.where()));
        checkNodes(it.nodes(), it.inputs().keySet(), places);
      }
    }
  }

  // Nodes

  private void checkNodes(List<Node> nodes, Set<String> inputs, Map<String, Where> places) {
    var byName = HashMap.<String, Node>newHashMap(nodes.size());
    nodes.forEach(node -> byName.put(node.name(), node));
    var loops = new HashMap<String, LoopItems>();
    for (var node : nodes) {
      if (node instanceof Node.ParallelForNode it) {
        loops.put(it.body().node(), it.items());
      }
    }
    var scope = new Scope(inputs, places.keySet(), byName, loops, new LinkedHashMap<>());
    boolean known = true;
    for (var node : nodes) {
      checkNode(node, scope);
      known &= !(node instanceof Node.BrokenNode);
    }
    if (known) {
      warnOfUnmade(places, scope);
    }
    Order.reportCycles(nodes, problems);
  }

  private void warnOfUnmade(Map<String, Where> places, Scope scope) {
    places.forEach((name, where) -> {
      if (!scope.bound().containsKey(name)) {
        problems.add(
            Problem.of(ErrorCode.UNDECLARED, "outputs." + name + ": no node makes it")
                .at(where)
                .fix("bind a node's output to ${{parent.outputs." + name + "}}")
                .warning());
      }
    });
  }

  /**
   * What nodes of one pipeline may name.
   *
   * @param loops what the bodies of loops are run for, by the body's name
   * @param bound which node's output already feeds each output of the pipeline
   */
  private record Scope(
      Set<String> inputs,
      Set<String> outputs,
      Map<String, Node> nodes,
      Map<String, LoopItems> loops,
      Map<String, String> bound) {}

  private void checkNode(Node node, Scope scope) {
    String field = "jobs." + node.name();
    node.inputs().forEach((name, input) -> checkInput(field + ".inputs." + name, input, scope));
    node.outputs().forEach((name, output) -> checkOutput(field, node.name(), name, output, scope));
    var names = OwnNames.of(node);
    switch (node) {
      case Node.InlineCommandNode it -> own.command(field + ".", it.command(), names);
      case Node.CommandNode it -> {
        checkUse(field, it, it.component(), scope);
        checkOverrides(field, it.overrides(), it, scope);
      }
      case Node.PipelineNode it -> {
        checkUse(field, it, it.component(), scope);
        checkOverrides(field, it.overrides(), it, scope);
      }
      case Node.SweepNode it -> {
        checkTrial(field, it);
        checkSpace(field + ".search_space", it.sweep().space(), it.sweep().where(), scope);
        checkOverrides(field, it.overrides(), it, scope);
      }
      case Node.ParallelNode it -> {
        it.component().ifPresent(use -> checkUse(field, it, use, scope));
        own.parallel(field + ".", it.parallel(), names);
        checkOverrides(field, it.overrides(), it, scope);
      }
      case Node.SparkNode it -> {
        it.component().ifPresent(use -> checkUse(field, it, use, scope));
        own.spark(field + ".", it.spark(), names);
        checkOverrides(field, it.overrides(), it, scope);
      }
      case Node.ImportNode it -> {
        it.component().ifPresent(use -> checkUse(field, it, use, scope));
        it.source().ifPresent(source -> own.place(field + ".source.", source, names));
      }
      case Node.DataTransferNode it -> {
        it.component().ifPresent(use -> checkUse(field, it, use, scope));
        switch (it.transfer()) {
          case DataTransfer.Copy _ -> {}
          case DataTransfer.Import(var source, Where _) ->
              source.ifPresent(place -> own.place(field + ".source.", place, names));
          case DataTransfer.Export(var sink, Where _) ->
              sink.ifPresent(place -> own.place(field + ".sink.", place, names));
        }
      }
      case Node.IfElseNode it -> checkIfElse(field, it, scope);
      case Node.DoWhileNode it -> checkReference(field + ".body", it.body(), scope);
      case Node.ParallelForNode it -> checkParallelFor(field, it, scope);
      case Node.CloudNode _, Node.BrokenNode _ -> {}
    }
  }

  /** What a sweep samples counts as given to its trial. */
  private void checkTrial(String field, Node.SweepNode node) {
    var component = Ports.component(node.trial());
    if (component.isEmpty()) {
      return;
    }
    checkComponent(component.get());
    var sampled = node.sweep().space().parameters().keySet();
    var given = new LinkedHashMap<>(node.inputs());
    sampled.forEach(name -> given.putIfAbsent(name, new Input.Broken(node.sweep().where())));
    checkGiven(field + ".", given, component.get().inputs(), node.where());
    checkOutputs(field, node, component.get());
  }

  private void checkSpace(String field, SearchSpace space, Where where, Scope scope) {
    space
        .parameters()
        .forEach((name, parameter) -> {
          if (parameter instanceof Hyperparameter.Choice(List<Hyperparameter.Option> options)) {
            for (var option : options) {
              switch (option) {
                case Hyperparameter.Option.Single(String text) ->
                    checkSetting(field + "." + name, new Written(text, where), scope);
                case Hyperparameter.Option.Nested(SearchSpace inner) ->
                    checkSpace(field + "." + name, inner, where, scope);
              }
            }
          }
        });
  }

  private void checkIfElse(String field, Node.IfElseNode node, Scope scope) {
    if (node.condition() instanceof Condition.Bound(Written expression)) {
      checkSetting(field + ".condition", expression, scope);
    }
    node.trueBlock().forEach(it -> checkReference(field + ".true_block", it, scope));
    node.falseBlock().forEach(it -> checkReference(field + ".false_block", it, scope));
  }

  private void checkParallelFor(String field, Node.ParallelForNode node, Scope scope) {
    checkReference(field + ".body", node.body(), scope);
    switch (node.items()) {
      case LoopItems.Bound(Written expression) -> checkSetting(field + ".items", expression, scope);
      case LoopItems.Listed(var items, Where _) ->
          items.forEach(item -> checkItem(field, item, scope));
      case LoopItems.Keyed(var items, Where _) ->
          items.values().forEach(item -> checkItem(field, item, scope));
      case LoopItems.Broken _ -> {}
    }
  }

  private void checkItem(String field, Map<String, Input> item, Scope scope) {
    item.forEach((name, input) -> checkInput(field + ".items." + name, input, scope));
  }

  private void checkReference(String field, NodeReference reference, Scope scope) {
    String name = reference.node();
    if (!name.isEmpty() && !scope.nodes().containsKey(name)) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field + ": ${{parent.jobs." + name + "}} names a node that does not exist")
              .at(reference.where())
              .fix(suggestions.advice(name, scope.nodes().keySet(), "nodes")));
    }
  }

  private void checkUse(String field, Node node, ComponentUse use, Scope scope) {
    var component = Ports.component(use);
    if (component.isEmpty()) {
      return;
    }
    checkComponent(component.get());
    checkGiven(
        field + ".",
        given(node, component.get().inputs(), scope),
        component.get().inputs(),
        node.where());
    checkOutputs(field, node, component.get());
  }

  /** What items give to the body of a loop counts as given to it. */
  private static Map<String, Input> given(
      Node node, Map<String, InputDeclaration> declared, Scope scope) {
    var items = scope.loops().get(node.name());
    if (items == null) {
      return node.inputs();
    }
    var names =
        switch (items) {
          case LoopItems.Listed(var all, Where _) ->
              all.isEmpty() ? Set.<String>of() : all.getFirst().keySet();
          case LoopItems.Keyed(var all, Where _) ->
              all.isEmpty() ? Set.<String>of() : all.values().iterator().next().keySet();
          case LoopItems.Bound _, LoopItems.Broken _ -> declared.keySet();
        };
    var given = new LinkedHashMap<>(node.inputs());
    names.forEach(name -> given.putIfAbsent(name, new Input.Broken(items.where())));
    return given;
  }

  private void checkOutputs(String field, Node node, Component component) {
    for (var output : node.outputs().entrySet()) {
      checkDeclared(
          component.outputs().keySet(),
          output.getKey(),
          field
              + ".outputs."
              + output.getKey()
              + ": the component has no output '"
              + output.getKey()
              + "'",
          output.getValue().where(),
          "outputs of the component");
    }
  }

  private void checkDeclared(
      Collection<String> known, String name, String message, Where where, String listed) {
    if (!known.contains(name)) {
      problems.add(
          Problem.of(ErrorCode.UNDECLARED, message)
              .at(where)
              .fix(suggestions.advice(name, known, listed)));
    }
  }

  /** What is given against what is declared. */
  private void checkGiven(
      String prefix,
      Map<String, Input> given,
      Map<String, InputDeclaration> declared,
      Where where) {
    for (var input : given.entrySet()) {
      var declaration = declared.get(input.getKey());
      String field = prefix + "inputs." + input.getKey();
      if (declaration == null) {
        checkDeclared(
            declared.keySet(),
            input.getKey(),
            field + ": the component has no input '" + input.getKey() + "'",
            input.getValue().where(),
            "inputs of the component");
      } else {
        checkValue(field, input.getValue(), declaration);
      }
    }
    for (var declaration : declared.entrySet()) {
      if (declaration.getValue().required() && !given.containsKey(declaration.getKey())) {
        problems.add(
            Problem.of(
                    ErrorCode.MISSING_FIELD,
                    prefix + "inputs." + declaration.getKey() + " is required by the component")
                .at(where)
                .fix("give it under inputs:, or declare it optional or with a default"));
      }
    }
  }

  private void checkValue(String field, Input input, InputDeclaration declaration) {
    switch (input) {
      case Input.Literal(String text, Where where) ->
          ParameterValues.objection(declaration, text)
              .ifPresent(why ->
                  problems.add(
                      Problem.of(ErrorCode.WRONG_VALUE, field + ": '" + text + "' " + why)
                          .at(where)));
      case Input.Data data -> {
        if (declaration.type() instanceof InputType.Parameter parameter) {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_TYPE, field + " must be a " + parameter.yaml() + ", not data")
                  .at(data.where())
                  .fix("give the value itself"));
        }
      }
      case Input.Bound _, Input.Broken _ -> {}
    }
  }

  private void checkInput(String field, Input input, Scope scope) {
    if (!(input instanceof Input.Bound bound)) {
      return;
    }
    var template = Template.of(bound.expression().text());
    Where where = bound.expression().where();
    own.faults(field, template, where);
    boolean partial = !template.isSingle();
    for (var part : template.expressions()) {
      checkBinding(field, part.path(), where, scope, partial);
    }
  }

  private void checkBinding(String field, String path, Where where, Scope scope, boolean partial) {
    switch (Expression.of(path)) {
      case Expression.ParentInput(String name) -> {
        if (!scope.inputs().contains(name)) {
          problems.add(
              Problem.of(
                      ErrorCode.UNDECLARED,
                      field + ": ${{" + path + "}} names an input that the pipeline does not have")
                  .at(where)
                  .fix(suggestions.advice(name, scope.inputs(), "inputs of the pipeline")));
        }
      }
      case Expression.NodeOutput(String name, String output) ->
          checkNodeOutput(field, path, name, output, where, scope, partial);
      case Expression.OwnInput(String name) -> legacy(field, path, "parent.inputs." + name, where);
      case Expression.OwnOutput _, Expression.Sampled _ ->
          own.unknown(field, new Expression.Unknown(path, Optional.empty()), where, true);
      case Expression.ParentOutput _ ->
          problems.add(
              Problem.of(
                      ErrorCode.BAD_EXPRESSION,
                      field + ": an input cannot be bound to an output of the pipeline")
                  .at(where)
                  .fix("bind it to the node that makes it: ${{parent.jobs.NODE.outputs.NAME}}"));
      case Expression.Unknown unknown -> own.unknown(field, unknown, where, true);
    }
  }

  private void legacy(String field, String path, String meant, Where where) {
    problems.add(
        Problem.of(ErrorCode.BAD_EXPRESSION, field + ": ${{" + path + "}} lacks 'parent.'")
            .at(where)
            .fix("write ${{" + meant + "}}"));
  }

  private void checkNodeOutput(
      String field,
      String path,
      String name,
      String output,
      Where where,
      Scope scope,
      boolean partial) {
    var node = scope.nodes().get(name);
    if (node == null) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field + ": ${{" + path + "}} names a node that does not exist")
              .at(where)
              .fix(suggestions.advice(name, scope.nodes().keySet(), "nodes")));
      return;
    }
    if (Ports.outputsKnown(node) && !Ports.outputs(node).contains(output)) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  field + ": node '" + name + "' has no output '" + output + "'")
              .at(where)
              .fix(suggestions.advice(output, Ports.outputs(node), "outputs of '" + name + "'")));
    } else if (partial) {
      problems.add(
          Problem.of(
                  ErrorCode.BAD_EXPRESSION,
                  field + ": text around ${{" + path + "}}, which is data")
              .at(where)
              .fix("bind the data alone, and write the rest in the command"));
    }
  }

  private void checkOutput(String field, String node, String name, Output output, Scope scope) {
    if (!(output instanceof Output.Bound(Written expression, Where _))) {
      if (output instanceof Output.Declared declared) {
        declared
            .path()
            .ifPresent(path ->
                own.faults(
                    field + ".outputs." + name + ".path", Template.of(path.text()), path.where()));
      }
      return;
    }
    String place = field + ".outputs." + name;
    var template = Template.of(expression.text());
    own.faults(place, template, expression.where());
    if (!template.faults().isEmpty()) {
      return;
    }
    var single = template.isSingle() ? template.expressions().get(0) : null;
    if (single != null
        && Expression.of(single.path()) instanceof Expression.ParentOutput(String parent)) {
      if (!scope.outputs().contains(parent)) {
        problems.add(
            Problem.of(
                    ErrorCode.UNDECLARED, place + ": the pipeline has no output '" + parent + "'")
                .at(expression.where())
                .fix(suggestions.advice(parent, scope.outputs(), "outputs of the pipeline")));
        return;
      }
      var other = scope.bound().putIfAbsent(parent, node + "." + name);
      if (other != null) {
        problems.add(
            Problem.of(
                    ErrorCode.CONFLICT,
                    place + ": the pipeline's output '" + parent + "' is already made by " + other)
                .at(expression.where())
                .fix("give the pipeline another output"));
      }
      return;
    }
    problems.add(
        Problem.of(
                ErrorCode.BAD_EXPRESSION,
                place + " must be bound to an output of the pipeline, not " + expression.text())
            .at(expression.where())
            .fix("write ${{parent.outputs.NAME}}, or nothing"));
  }

  private void checkOverrides(String field, Node.Overrides overrides, Node node, Scope scope) {
    overrides.compute().ifPresent(it -> checkSetting(field + ".compute", it, scope));
    overrides
        .limits()
        .flatMap(limits -> limits.timeout())
        .ifPresent(it -> checkSetting(field + ".limits.timeout", it, scope));
    if (overrides.environment().orElse(null) instanceof EnvironmentReference.Bound(Written it)) {
      checkSetting(field + ".environment", it, scope);
    }
    overrides
        .resources()
        .flatMap(it -> it.instanceCount())
        .ifPresent(it -> checkSetting(field + ".resources.instance_count", it, scope));
    overrides
        .environmentVariables()
        .forEach((name, value) -> {
          String place = field + ".environment_variables." + name;
          var template = Template.of(value.text());
          own.faults(place, template, value.where());
          for (var part : template.expressions()) {
            var expression = Expression.of(part.path());
            if (expression instanceof Expression.OwnInput
                || expression instanceof Expression.OwnOutput) {
              own.names(
                  place, new Template(List.of(part), List.of()), value.where(), OwnNames.of(node));
            } else {
              checkBinding(place, part.path(), value.where(), scope, false);
            }
          }
        });
  }

  private void checkSetting(String field, Written value, Scope scope) {
    var template = Template.of(value.text());
    own.faults(field, template, value.where());
    for (var part : template.expressions()) {
      checkBinding(field, part.path(), value.where(), scope, false);
    }
  }
}
