package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Hyperparameter;
import io.headrace.plan.Plan;
import io.headrace.plan.SearchSpace;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Component;
import io.headrace.spec.Condition;
import io.headrace.spec.Input;
import io.headrace.spec.Job;
import io.headrace.spec.Node;
import io.headrace.spec.NodeReference;
import io.headrace.spec.Sweep;
import io.headrace.spec.Written;
import io.headrace.sweep.SweepCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes groups of sweeps and control flow; their bodies are lowered like everything else. */
final class GroupLowering {
  private final Lowering lowering;
  private final Bindings bindings;
  private final CommandLowering commands;
  private final Problems problems;

  GroupLowering(Lowering lowering, Bindings bindings, CommandLowering commands, Problems problems) {
    this.lowering = lowering;
    this.bindings = bindings;
    this.commands = commands;
    this.problems = problems;
  }

  // Sweeps

  /** The node with what its sweep samples as inputs, in the places of which values will stand. */
  static Node.SweepNode sampled(Node.SweepNode node) {
    var inputs = new LinkedHashMap<>(node.inputs());
    names(node.sweep().space())
        .forEach(name -> inputs.put(name, new Input.Literal(Slot.of(name), node.where())));
    return new Node.SweepNode(
        node.name(),
        node.where(),
        node.trial(),
        node.sweep(),
        inputs,
        node.outputs(),
        node.overrides());
  }

  /** Those of nested spaces are called by their path. */
  private static Set<String> names(SearchSpace space) {
    var names = new LinkedHashSet<String>();
    addNames(space, "", names);
    return names;
  }

  private static void addNames(SearchSpace space, String prefix, Set<String> names) {
    space
        .parameters()
        .forEach((name, parameter) -> {
          names.add(prefix + name);
          if (parameter instanceof Hyperparameter.Choice(List<Hyperparameter.Option> options)) {
            for (var option : options) {
              if (option instanceof Hyperparameter.Option.Nested(SearchSpace inner)) {
                addNames(inner, prefix + name + ".", names);
              }
            }
          }
        });
  }

  /** A standalone sweep's. */
  StepId sweep(
      Job.SweepJob job,
      Map<String, Given> given,
      Map<String, StepOutput> outputs,
      String fileStem,
      Scope scope) {
    var all = new LinkedHashMap<>(given);
    names(job.sweep().space()).forEach(name -> all.put(name, new Given.Literal(Slot.of(name))));
    var header = job.header();
    var id = new StepId("sweep");
    var name = Lowering.displayName(header, fileStem);
    var trial =
        commands.step(
            new CommandLowering.Work(
                new NodeWork(
                    new StepId(id.value() + ".trial"),
                    name,
                    all,
                    Map.of(),
                    outputs,
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    header.compute().map(Written::text).orElse(""),
                    header.tags(),
                    header.where(),
                    "trial."),
                job.trial()),
            scope);
    add(id, name, trial, job.sweep(), "", header.where());
    return id;
  }

  /** A node's. */
  void sweep(
      Node.SweepNode node,
      Component.CommandComponent component,
      Map<String, Given> given,
      Map<String, StepOutput> outputs,
      Scope scope) {
    var overrides = node.overrides();
    var field = "jobs." + node.name() + ".";
    var id = Lowering.id(node, scope);
    var trial =
        commands.step(
            new CommandLowering.Work(
                new NodeWork(
                    new StepId(id.value() + ".trial"),
                    overrides.displayName().orElse(node.name()),
                    given,
                    component.inputs(),
                    outputs,
                    Optional.of(overrides),
                    Optional.empty(),
                    component.header().deterministic(),
                    bindings.compute(overrides, field, scope),
                    overrides.tags(),
                    node.where(),
                    field),
                component.command()),
            scope);
    var sweep = node.sweep();
    var space = bound(sweep.space(), field + "search_space", sweep.where(), scope);
    add(
        id,
        overrides.displayName().orElse(node.name()),
        trial,
        new Sweep(
            space,
            sweep.sampling(),
            sweep.objective(),
            sweep.earlyTermination(),
            sweep.limits(),
            sweep.where()),
        field,
        node.where());
  }

  /** Values that are inputs of the pipeline, by what these are. */
  private SearchSpace bound(SearchSpace space, String field, Where where, Scope scope) {
    var parameters = new LinkedHashMap<String, Hyperparameter>();
    space
        .parameters()
        .forEach((name, parameter) ->
            parameters.put(
                name,
                parameter instanceof Hyperparameter.Choice(List<Hyperparameter.Option> options)
                    ? new Hyperparameter.Choice(
                        options.stream()
                            .map(it -> bound(it, field + "." + name, where, scope))
                            .toList())
                    : parameter));
    return new SearchSpace(parameters);
  }

  private Hyperparameter.Option bound(
      Hyperparameter.Option option, String field, Where where, Scope scope) {
    return switch (option) {
      case Hyperparameter.Option.Single(String text) ->
          new Hyperparameter.Option.Single(bindings.text(field, new Written(text, where), scope));
      case Hyperparameter.Option.Nested(SearchSpace inner) ->
          new Hyperparameter.Option.Nested(bound(inner, field, where, scope));
    };
  }

  private void add(
      StepId id, String displayName, Step trial, Sweep sweep, String field, Where where) {
    var found = new ArrayList<>(SweepCheck.of(sweep.space(), sweep.sampling()));
    sweep
        .earlyTermination()
        .ifPresent(policy -> found.addAll(SweepCheck.of(policy, sweep.sampling())));
    for (var finding : found) {
      var problem = finding.problem();
      problems.add(
          new Problem(
              problem.code(),
              problem.severity(),
              field + problem.message(),
              Optional.of(sweep.where()),
              problem.fix()));
    }
    lowering
        .collected()
        .add(
            new Group.Sweep(
                id,
                displayName,
                trial,
                sweep.space(),
                sweep.sampling(),
                sweep.objective(),
                sweep.earlyTermination(),
                sweep.limits(),
                where));
  }

  // Control flow

  void ifElse(Node.IfElseNode node, Scope scope, Members members) {
    var condition = condition("jobs." + node.name() + ".condition", node.condition(), scope);
    var whenTrue = block(node.trueBlock(), scope, members);
    var whenFalse = block(node.falseBlock(), scope, members);
    lowering
        .collected()
        .add(
            new Group.Branch(
                Lowering.id(node, scope),
                node.name(),
                condition,
                whenTrue,
                whenFalse,
                Map.of(),
                node.where()));
  }

  private Group.Body block(List<NodeReference> block, Scope scope, Members members) {
    return lowering.collect(() -> {
      var nodes = block.stream().flatMap(it -> members.node(it).stream()).toList();
      Order.of(nodes).forEach(node -> lowering.lowerNode(node, scope, members));
    });
  }

  private Group.Condition condition(String field, Condition condition, Scope scope) {
    return switch (condition) {
      case Condition.Constant(boolean value, Where _) -> new Group.Condition.Always(value);
      case Condition.Broken _ -> new Group.Condition.Always(false);
      case Condition.Bound(Written expression) -> holds(field, expression, scope);
    };
  }

  private Group.Condition holds(String field, Written expression, Scope scope) {
    return switch (bindings.value(field, expression, scope)) {
      case Given.Data(Given.Origin.Step made, var _, var _) ->
          new Group.Condition.IsTrue(new Plan.StepRef(made.step(), made.output()));
      case Given.Literal(String text) ->
          new Group.Condition.Always(
              text.strip().toLowerCase(Locale.ROOT).equals("true") || text.strip().equals("1"));
      case Given.Data _ -> {
        problems.add(
            Problem.of(ErrorCode.BAD_EXPRESSION, field + " is data that no node makes")
                .at(expression.where())
                .fix("bind it to a boolean output of a node, or write true or false"));
        yield new Group.Condition.Always(false);
      }
      case Given.Unset _, Given.Broken _ -> new Group.Condition.Always(false);
    };
  }

  /**
   * The body is lowered twice: as it is in the first round, and as it is when inputs read what the
   * round before made.
   */
  void doWhile(Node.DoWhileNode node, Scope scope, Members members) {
    var found = members.node(node.body());
    if (found.isEmpty()) {
      return; // reported by Checks
    }
    var body = found.get();
    var id = Lowering.id(node, scope);
    var firstScope = scope.within(id);
    var first = lowering.collect(() -> lowering.lowerNode(body, firstScope, members));
    var made = firstScope.made().get(body.name());
    if (made == null || problems.hasErrors()) {
      return;
    }
    var nextScope = scope.within(id);
    nextScope.made().put(body.name(), previous(id, made));
    var carrying = withInputs(body, carried(node, body));
    var next = lowering.collect(() -> lowering.lowerNode(carrying, nextScope, members));
    var outputs = new LinkedHashMap<String, Plan.StepRef>();
    var published = new HashMap<String, Scope.Made>();
    made.forEach((name, it) -> {
      outputs.put(name, it.output());
      published.put(name, new Scope.Made(new Plan.StepRef(id, name), it.type(), it.value()));
    });
    lowering
        .collected()
        .add(
            new Group.Loop(
                id,
                node.name(),
                first,
                next,
                goesOn(node, made),
                node.maxIterations(),
                outputs,
                node.where()));
    Lowering.publish(body, published, scope);
    scope.made().put(node.name(), published);
  }

  private static Map<String, Scope.Made> previous(StepId id, Map<String, Scope.Made> made) {
    var previous = new HashMap<String, Scope.Made>();
    var prefix = id.value() + ".";
    made.forEach((name, it) ->
        previous.put(
            name,
            new Scope.Made(
                new Plan.StepRef(
                    new StepId(
                        prefix
                            + "previous."
                            + it.output().step().value().substring(prefix.length())),
                    it.output().output()),
                it.type(),
                it.value())));
    return previous;
  }

  /** Each mapped input as a binding to the body's own output. */
  private static Map<String, Input> carried(Node.DoWhileNode node, Node body) {
    var inputs = new LinkedHashMap<>(body.inputs());
    node.mapping()
        .forEach((output, targets) -> {
          for (var target : targets) {
            var expression =
                new Written(
                    "${{parent.jobs." + body.name() + ".outputs." + output + "}}", target.where());
            inputs.put(
                last(target.text()),
                new Input.Bound(
                    expression, Optional.empty(), Optional.empty(), false, target.where()));
          }
        });
    return inputs;
  }

  /** {@code x}, also when written as <code>${{parent.jobs.body.inputs.x}}</code>. */
  private static String last(String text) {
    var name = text.replace("${{", "").replace("}}", "").strip();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private Group.Condition goesOn(Node.DoWhileNode node, Map<String, Scope.Made> made) {
    if (node.condition().isEmpty()) {
      return new Group.Condition.Always(true);
    }
    var written = node.condition().get();
    var flag = made.get(last(written.text()));
    if (flag == null) {
      problems.add(
          Problem.of(
                  ErrorCode.UNDECLARED,
                  "jobs."
                      + node.name()
                      + ".condition: the body '"
                      + node.body().node()
                      + "' has no output '"
                      + last(written.text())
                      + "'")
              .at(written.where())
              .fix("outputs of the body: " + String.join(", ", made.keySet())));
      return new Group.Condition.Always(false);
    }
    return new Group.Condition.IsTrue(flag.output());
  }

  void parallelFor(Node.ParallelForNode node, Scope scope, Members members) {
    var found = members.node(node.body());
    if (found.isEmpty()) {
      return; // reported by Checks
    }
    var body = found.get();
    var id = Lowering.id(node, scope);
    var loop = new LoopInputs(node, body, scope, bindings, problems);
    var inputs = new LinkedHashMap<>(body.inputs());
    for (var name : loop.names()) {
      inputs.put(name, new Input.Literal(Slot.of(name), node.where()));
    }
    var inner = scope.within(id, loop.data());
    var lowered =
        lowering.collect(() -> lowering.lowerNode(withInputs(body, inputs), inner, members));
    var made = inner.made().getOrDefault(body.name(), Map.of());
    var outputs = new LinkedHashMap<String, Plan.StepRef>();
    var published = new HashMap<String, Scope.Made>();
    made.forEach((name, it) -> {
      outputs.put(name, it.output());
      published.put(
          name, new Scope.Made(new Plan.StepRef(id, name), DataType.URI_FOLDER, Optional.empty()));
    });
    lowering
        .collected()
        .add(
            new Group.ForEach(
                id,
                node.name(),
                lowered,
                loop.items(),
                node.maxConcurrency().orElse(0),
                outputs,
                node.where()));
    scope.made().put(body.name(), published);
    Lowering.publish(node, published, scope);
  }

  private static Node withInputs(Node node, Map<String, Input> inputs) {
    return switch (node) {
      case Node.InlineCommandNode it ->
          new Node.InlineCommandNode(
              it.name(), it.where(), it.command(), inputs, it.outputs(), it.overrides());
      case Node.CommandNode it ->
          new Node.CommandNode(
              it.name(), it.where(), it.component(), inputs, it.outputs(), it.overrides());
      case Node.PipelineNode it ->
          new Node.PipelineNode(
              it.name(), it.where(), it.component(), inputs, it.outputs(), it.overrides());
      case Node.SweepNode it ->
          new Node.SweepNode(
              it.name(), it.where(), it.trial(), it.sweep(), inputs, it.outputs(), it.overrides());
      case Node.ParallelNode it ->
          new Node.ParallelNode(
              it.name(),
              it.where(),
              it.component(),
              it.parallel(),
              inputs,
              it.outputs(),
              it.overrides());
      case Node.SparkNode it ->
          new Node.SparkNode(
              it.name(),
              it.where(),
              it.component(),
              it.spark(),
              inputs,
              it.outputs(),
              it.overrides());
      case Node.ImportNode _,
          Node.DataTransferNode _,
          Node.IfElseNode _,
          Node.DoWhileNode _,
          Node.ParallelForNode _,
          Node.CloudNode _,
          Node.BrokenNode _ ->
          node;
    };
  }
}
