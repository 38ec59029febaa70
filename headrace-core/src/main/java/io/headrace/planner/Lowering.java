package io.headrace.planner;

import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.plan.StepOutput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import io.headrace.spec.Command;
import io.headrace.spec.Component;
import io.headrace.spec.ComponentUse;
import io.headrace.spec.DataTransfer;
import io.headrace.spec.ExternalSource;
import io.headrace.spec.Input;
import io.headrace.spec.InputDeclaration;
import io.headrace.spec.InputType;
import io.headrace.spec.Job;
import io.headrace.spec.Limits;
import io.headrace.spec.Node;
import io.headrace.spec.Output;
import io.headrace.spec.OutputDeclaration;
import io.headrace.spec.Parallel;
import io.headrace.spec.PipelineSettings;
import io.headrace.spec.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces every expression of a checked job by what it stands for, and pipelines by the steps
 * inside them. One instance lowers one job.
 */
final class Lowering {
  /** A few components that hold each other twice at every level would else never end. */
  static final int MOST_STEPS = 100_000;

  private final Problems problems;
  private final Bindings bindings;
  private final CommandLowering commands;
  private final ParallelLowering parallels;
  private final SparkLowering sparks;
  private final TransferLowering transfers;
  private final GroupLowering groupLowering;
  private Collected collected = new Collected();
  private int nodesSeen;

  Lowering(References references, Problems problems) {
    this.problems = problems;
    this.bindings = new Bindings(references, problems);
    this.commands = new CommandLowering(bindings, problems);
    this.parallels = new ParallelLowering(commands, bindings, problems);
    this.sparks = new SparkLowering(commands, bindings, problems);
    this.transfers = new TransferLowering(commands, bindings, problems);
    this.groupLowering = new GroupLowering(this, bindings, commands, problems);
  }

  /** What has been lowered so far: of the job, or of one group in it. */
  static final class Collected {
    private final List<Step> steps = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();

    void add(Step step) {
      steps.add(step);
    }

    void add(Group group) {
      groups.add(group);
    }

    Group.Body body() {
      return new Group.Body(steps, groups);
    }
  }

  Collected collected() {
    return collected;
  }

  /** What the work adds, apart from what was there. */
  Group.Body collect(Runnable work) {
    var outer = collected;
    collected = new Collected();
    try {
      work.run();
      return collected.body();
    } finally {
      collected = outer;
    }
  }

  Plan plan(Job job, String fileStem, String experiment) {
    return switch (job) {
      case Job.CommandJob it -> commandJob(it, fileStem, experiment);
      case Job.PipelineJob it -> pipelineJob(it, fileStem, experiment);
      case Job.SweepJob it -> sweepJob(it, fileStem, experiment);
      case Job.SparkJob it -> sparkJob(it, fileStem, experiment);
      case Job.ImportJob it -> importJob(it, fileStem, experiment);
      case Job.CloudJob it -> throw CloudOnly.problem(it.type(), it.where()).asException();
    };
  }

  private Plan sweepJob(Job.SweepJob job, String fileStem, String experiment) {
    var scope = Scope.of("", Map.of(), Map.of(), "");
    var outputs = LinkedHashMap.<String, StepOutput>newLinkedHashMap(job.outputs().size());
    job.outputs().forEach((name, output) -> outputs.put(name, stepOutput(target(output, scope))));
    var id = groupLowering.sweep(job, givenToJob(job.inputs()), outputs, fileStem, scope);
    var refs = new LinkedHashMap<String, Plan.StepRef>();
    job.outputs().keySet().forEach(name -> refs.put(name, new Plan.StepRef(id, name)));
    return plan(job, fileStem, experiment, refs, PipelineSettings.NONE, false);
  }

  private Plan commandJob(Job.CommandJob job, String fileStem, String experiment) {
    var work = work(job, timeout(job.limits(), "", noScope()), fileStem);
    var header = job.header();
    collected.add(
        commands
            .step(new CommandLowering.Work(work, job.command()), noScope())
            .withServices(ServiceLowering.of(header.services(), "", header.where(), problems)));
    return plan(job, fileStem, experiment, refs(work), PipelineSettings.NONE, true);
  }

  private Plan sparkJob(Job.SparkJob job, String fileStem, String experiment) {
    var work = work(job, Optional.empty(), fileStem);
    sparks.step(job.spark(), work, noScope()).ifPresent(collected::add);
    return plan(job, fileStem, experiment, refs(work), PipelineSettings.NONE, true);
  }

  private Plan importJob(Job.ImportJob job, String fileStem, String experiment) {
    var work = imported(work(job, Optional.empty(), fileStem), job.source(), job.outputs());
    transfers.bring(work, job.source(), noScope()).ifPresent(collected::add);
    return plan(job, fileStem, experiment, refs(work), PipelineSettings.NONE, true);
  }

  /** Rows make a table where nothing else is said. */
  private static NodeWork imported(
      NodeWork work, Optional<ExternalSource> source, Map<String, Output> written) {
    if (!(source.orElse(null) instanceof ExternalSource.Database)) {
      return work;
    }
    var outputs = new LinkedHashMap<>(work.outputs());
    outputs.replaceAll((name, output) ->
        written.get(name) instanceof Output.Declared it && it.type().isEmpty()
            ? new StepOutput(DataType.MLTABLE, output.mode(), output.registerAs(), output.path())
            : output);
    return work.withOutputs(outputs);
  }

  /** Nothing is around a job. */
  private static Scope noScope() {
    return Scope.of("", Map.of(), Map.of(), "");
  }

  /** All around the work of a job that is one step. */
  private NodeWork work(Job job, Optional<Duration> timeout, String fileStem) {
    var outputs = LinkedHashMap.<String, StepOutput>newLinkedHashMap(job.outputs().size());
    job.outputs()
        .forEach((name, output) -> outputs.put(name, stepOutput(target(output, noScope()))));
    var header = job.header();
    return new NodeWork(
        new StepId("main"),
        displayName(header, fileStem),
        givenToJob(job.inputs()),
        Map.of(),
        outputs,
        Optional.empty(),
        timeout,
        true,
        header.compute().map(Written::text).orElse(""),
        header.tags(),
        header.where(),
        "");
  }

  private static Map<String, Plan.StepRef> refs(NodeWork work) {
    var refs = new LinkedHashMap<String, Plan.StepRef>();
    work.outputs().keySet().forEach(name -> refs.put(name, new Plan.StepRef(work.id(), name)));
    return refs;
  }

  private Plan pipelineJob(Job.PipelineJob job, String fileStem, String experiment) {
    var targets = new LinkedHashMap<String, Scope.Target>();
    var none = Scope.of("", Map.of(), Map.of(), "");
    job.outputs().forEach((name, output) -> targets.put(name, target(output, none)));
    String compute =
        job.header()
            .compute()
            .map(Written::text)
            .or(() -> job.settings().defaultCompute())
            .orElse("");
    var given = givenToJob(job.inputs());
    Scope scope;
    if (job.component().isPresent()) {
      scope = componentScope(job.component().get(), given, targets, compute, job.header().where());
      lowerComponent(job.component().get(), scope);
    } else {
      scope = Scope.of("", given, targets, compute);
      lowerNodes(job.nodes(), scope);
    }
    var refs = new LinkedHashMap<String, Plan.StepRef>();
    for (String name : targets.keySet()) {
      var made = scope.results().get(name);
      if (made != null) {
        refs.put(name, made.output());
      }
    }
    return plan(job, fileStem, experiment, refs, job.settings(), false)
        .ending(ids(job.settings().onInit()), ids(job.settings().onFinalize()));
  }

  private Plan plan(
      Job job,
      String fileStem,
      String experiment,
      Map<String, Plan.StepRef> outputs,
      PipelineSettings settings,
      boolean single) {
    var header = job.header();
    return new Plan(
        header.name(),
        displayName(header, fileStem),
        header.experimentName().orElse(experiment),
        header.description().orElse(""),
        header.tags(),
        collected.body().steps(),
        collected.body().groups(),
        outputs,
        parameters(job.inputs()),
        settings.continueOnStepFailure(),
        settings.forceRerun(),
        single,
        Plan.Ends.NONE);
  }

  /** What stands for a node in the plan: itself, or what a pipeline node comes to. */
  private Set<StepId> ids(Optional<Written> node) {
    var ids = new LinkedHashSet<>(collected.body().ids());
    var name = node.map(Written::text).orElse("");
    ids.removeIf(id -> !id.value().equals(name) && !id.value().startsWith(name + "."));
    return ids;
  }

  static String displayName(Job.Header header, String fileStem) {
    return header.displayName().or(header::name).orElse(fileStem);
  }

  private static Map<String, String> parameters(Map<String, Input> inputs) {
    var parameters = new LinkedHashMap<String, String>();
    inputs.forEach((name, input) -> {
      if (input instanceof Input.Literal(String text, Where _)) {
        parameters.put(name, text);
      }
    });
    return parameters;
  }

  private Map<String, Given> givenToJob(Map<String, Input> inputs) {
    var given = LinkedHashMap.<String, Given>newLinkedHashMap(inputs.size());
    inputs.forEach((name, input) -> {
      if (input instanceof Input.Data data && data.path().isEmpty()) {
        problems.add(
            Problem.of(ErrorCode.MISSING_FIELD, "inputs." + name + " has no path")
                .at(data.where())
                .fix("add 'path:', or give --set inputs." + name + ".path=./DIR"));
        given.put(name, Given.BROKEN);
      } else {
        given.put(
            name, bindings.resolve("inputs." + name, input, Scope.of("", Map.of(), Map.of(), "")));
      }
    });
    return given;
  }

  // Pipelines

  private void lowerNodes(List<Node> nodes, Scope scope) {
    nodesSeen += nodes.size();
    if (nodesSeen > MOST_STEPS) {
      throw Problem.of(
              ErrorCode.YAML_LIMIT, "the pipeline comes to more than " + MOST_STEPS + " nodes")
          .at(nodes.get(0).where())
          .fix("split it into several jobs")
          .asException();
    }
    var members = Members.of(nodes);
    for (var node : Order.of(nodes)) {
      if (!members.isMember(node)) {
        lowerNode(node, scope, members);
      }
    }
  }

  /**
   * Lowers one node.
   *
   * @param members which nodes around it belong to control flow
   */
  void lowerNode(Node node, Scope scope, Members members) {
    switch (node) {
      case Node.InlineCommandNode it -> lowerInline(it, scope);
      case Node.CommandNode it -> lowerCommand(it, scope);
      case Node.PipelineNode it -> lowerPipeline(it, scope);
      case Node.SweepNode it -> lowerSweep(it, scope);
      case Node.ParallelNode it -> lowerParallel(it, scope);
      case Node.SparkNode it -> lowerSpark(it, scope);
      case Node.ImportNode it -> lowerImport(it, scope);
      case Node.DataTransferNode it -> lowerTransfer(it, scope);
      case Node.IfElseNode it -> groupLowering.ifElse(it, scope, members);
      case Node.DoWhileNode it -> groupLowering.doWhile(it, scope, members);
      case Node.ParallelForNode it -> groupLowering.parallelFor(it, scope, members);
      case Node.CloudNode it -> problems.add(CloudOnly.problem(it.type(), it.where()));
      case Node.BrokenNode _ -> {} // reported when it was read
    }
  }

  private void lowerSweep(Node.SweepNode node, Scope scope) {
    var component = component(node, node.trial());
    if (!(component.orElse(null) instanceof Component.CommandComponent it)) {
      return;
    }
    var sampled = GroupLowering.sampled(node);
    var given = given(sampled, it.inputs(), scope);
    sampled
        .inputs()
        .forEach((name, input) ->
            given.putIfAbsent(name, bindings.resolve(field(node, name), input, scope)));
    var outputs = declaredOutputs(node, it, scope);
    groupLowering.sweep(node, it, given, outputs, scope);
    publish(node, made(id(node, scope), outputs), scope);
  }

  private void lowerInline(Node.InlineCommandNode node, Scope scope) {
    lower(node, work(node, node.overrides(), scope), node.command(), scope);
  }

  private void lowerCommand(Node.CommandNode node, Scope scope) {
    if (component(node, node.component()).orElse(null) instanceof Component.CommandComponent it) {
      lower(node, work(node, node.overrides(), it, scope), it.command(), scope);
    }
  }

  private void lower(Node node, NodeWork work, Command command, Scope scope) {
    var step = commands.step(new CommandLowering.Work(work, command), scope);
    add(node, work, Optional.of(step), scope);
  }

  private void lowerParallel(Node.ParallelNode node, Scope scope) {
    if (node.component().isEmpty()) {
      lower(node, work(node, node.overrides(), scope), node.parallel(), scope);
    } else if (component(node, node.component().get()).orElse(null)
        instanceof Component.ParallelComponent it) {
      lower(
          node,
          work(node, node.overrides(), it, scope),
          node.parallel().over(it.parallel()),
          scope);
    }
  }

  private void lower(Node node, NodeWork work, Parallel parallel, Scope scope) {
    add(node, work, parallels.step(new ParallelLowering.Work(work, parallel), scope), scope);
  }

  private void lowerSpark(Node.SparkNode node, Scope scope) {
    if (node.component().isEmpty()) {
      var work = work(node, node.overrides(), scope);
      add(node, work, sparks.step(node.spark(), work, scope), scope);
    } else if (component(node, node.component().get()).orElse(null)
        instanceof Component.SparkComponent it) {
      var work = work(node, node.overrides(), it, scope);
      add(node, work, sparks.step(node.spark().over(it.spark()), work, scope), scope);
    }
  }

  private void lowerImport(Node.ImportNode node, Scope scope) {
    if (node.component().isEmpty()) {
      var work = imported(work(node, node.overrides(), scope), node.source(), node.outputs());
      add(node, work, transfers.bring(work, node.source(), scope), scope);
    } else if (component(node, node.component().get()).orElse(null)
        instanceof Component.ImportComponent it) {
      var work = work(node, node.overrides(), it, scope);
      add(node, work, transfers.bringAsGiven(work, scope), scope);
    }
  }

  private void lowerTransfer(Node.DataTransferNode node, Scope scope) {
    if (node.component().isEmpty()) {
      transfer(node, node.transfer(), work(node, node.overrides(), scope), scope);
    } else if (component(node, node.component().get()).orElse(null)
        instanceof Component.DataTransferComponent it) {
      transfer(
          node,
          over(node.transfer(), it.transfer()),
          work(node, node.overrides(), it, scope),
          scope);
    }
  }

  private static DataTransfer over(DataTransfer node, DataTransfer component) {
    return node instanceof DataTransfer.Copy(var mode, var where)
            && component instanceof DataTransfer.Copy(var componentMode, var _)
        ? new DataTransfer.Copy(mode.or(() -> componentMode), where)
        : node;
  }

  private void transfer(
      Node.DataTransferNode node, DataTransfer transfer, NodeWork work, Scope scope) {
    switch (transfer) {
      case DataTransfer.Copy(var mode, var _) ->
          add(node, work, transfers.copy(work, mode, scope), scope);
      case DataTransfer.Import(var source, var _) -> {
        var tables = imported(work, source, node.outputs());
        add(node, tables, transfers.bring(tables, source, scope), scope);
      }
      case DataTransfer.Export(var sink, var _) ->
          add(node, work, transfers.take(work, sink, scope), scope);
    }
  }

  private void add(Node node, NodeWork work, Optional<Step> step, Scope scope) {
    step.ifPresent(collected::add);
    publish(node, made(work.id(), work.outputs()), scope);
  }

  /** All around the work of a node that is written in place. */
  private NodeWork work(Node node, Node.Overrides overrides, Scope scope) {
    var given = LinkedHashMap.<String, Given>newLinkedHashMap(node.inputs().size());
    node.inputs()
        .forEach(
            (name, input) -> given.put(name, bindings.resolve(field(node, name), input, scope)));
    var outputs = LinkedHashMap.<String, StepOutput>newLinkedHashMap(node.outputs().size());
    node.outputs().forEach((name, output) -> outputs.put(name, stepOutput(target(output, scope))));
    return work(node, overrides, given, Map.of(), outputs, true, scope);
  }

  /** All around the work of a node that uses a component. */
  private NodeWork work(Node node, Node.Overrides overrides, Component component, Scope scope) {
    return work(
        node,
        overrides,
        given(node, component.inputs(), scope),
        component.inputs(),
        declaredOutputs(node, component, scope),
        component.header().deterministic(),
        scope);
  }

  private NodeWork work(
      Node node,
      Node.Overrides overrides,
      Map<String, Given> given,
      Map<String, InputDeclaration> declared,
      Map<String, StepOutput> outputs,
      boolean deterministic,
      Scope scope) {
    String field = "jobs." + node.name() + ".";
    return new NodeWork(
        id(node, scope),
        overrides.displayName().orElse(node.name()),
        given,
        declared,
        outputs,
        Optional.of(overrides),
        timeout(overrides.limits(), field, scope),
        deterministic,
        bindings.compute(overrides, field, scope),
        overrides.tags(),
        node.where(),
        field);
  }

  private static Map<String, Scope.Made> made(StepId id, Map<String, StepOutput> outputs) {
    var made = HashMap.<String, Scope.Made>newHashMap(outputs.size());
    outputs.forEach((name, output) ->
        made.put(name, new Scope.Made(new Plan.StepRef(id, name), output.type(), output.value())));
    return made;
  }

  private Map<String, StepOutput> declaredOutputs(Node node, Component component, Scope scope) {
    var outputs = LinkedHashMap.<String, StepOutput>newLinkedHashMap(component.outputs().size());
    component
        .outputs()
        .forEach((name, declared) ->
            outputs.put(name, stepOutput(declaredTarget(node, name, declared, scope))));
    return outputs;
  }

  /** Lets other nodes, and the pipeline's outputs, have what a node makes. */
  static void publish(Node node, Map<String, Scope.Made> made, Scope scope) {
    scope.made().put(node.name(), made);
    node.outputs()
        .forEach((name, output) -> {
          var result = made.get(name);
          if (result != null) {
            parentOutput(output).ifPresent(parent -> scope.results().put(parent, result));
          }
        });
  }

  private void lowerPipeline(Node.PipelineNode node, Scope scope) {
    var component = component(node, node.component());
    if (!(component.orElse(null) instanceof Component.PipelineComponent it)) {
      return;
    }
    var targets = LinkedHashMap.<String, Scope.Target>newLinkedHashMap(it.outputs().size());
    it.outputs()
        .forEach(
            (name, declared) -> targets.put(name, declaredTarget(node, name, declared, scope)));
    String compute =
        node.overrides()
            .compute()
            .map(written -> bindings.text("jobs." + node.name() + ".compute", written, scope))
            .orElse(scope.compute());
    var inner =
        Scope.of(
            scope.prefix() + node.name() + ".", given(node, it.inputs(), scope), targets, compute);
    lowerNodes(it.nodes(), inner);
    var made = new HashMap<String, Scope.Made>();
    inner
        .results()
        .forEach((name, result) -> {
          var declared = it.outputs().get(name);
          made.put(name, declared == null ? result : result.as(declared.type()));
        });
    publish(node, made, scope);
  }

  private Scope componentScope(
      ComponentUse use,
      Map<String, Given> given,
      Map<String, Scope.Target> targets,
      String compute,
      Where where) {
    if (!(Ports.component(use).orElse(null) instanceof Component.PipelineComponent it)) {
      return Scope.of("", given, targets, compute);
    }
    var all = new LinkedHashMap<String, Given>();
    it.inputs()
        .forEach((name, declared) ->
            all.put(
                name,
                bindings.declared(
                    "inputs." + name, given.getOrDefault(name, Given.UNSET), declared, where)));
    var allTargets = new LinkedHashMap<String, Scope.Target>();
    it.outputs()
        .forEach((name, declared) ->
            allTargets.put(
                name, targets.getOrDefault(name, Scope.Target.NONE).or(target(declared))));
    targets.putAll(allTargets);
    return Scope.of("", all, allTargets, compute);
  }

  private void lowerComponent(ComponentUse use, Scope scope) {
    switch (use) {
      case ComponentUse.Known(Component.PipelineComponent it, String _, Where _) ->
          lowerNodes(it.nodes(), scope);
      // A component of another type has been reported.
      case ComponentUse.Known _, ComponentUse.Broken _ -> {}
      case ComponentUse.Reference reference -> unresolved("", reference);
    }
  }

  /** Each declared input with what it is given, its default, or nothing. */
  private Map<String, Given> given(
      Node node, Map<String, InputDeclaration> declarations, Scope scope) {
    var given = LinkedHashMap.<String, Given>newLinkedHashMap(declarations.size());
    declarations.forEach((name, declared) -> {
      var input = node.inputs().get(name);
      String field = field(node, name);
      Given value =
          scope.items().containsKey(name)
              ? scope.items().get(name)
              : input == null ? Given.UNSET : bindings.resolve(field, input, scope);
      Where where = input == null ? node.where() : input.where();
      given.put(name, bindings.declared(field, value, declared, where));
    });
    return given;
  }

  private Optional<Component> component(Node node, ComponentUse use) {
    if (use instanceof ComponentUse.Reference reference) {
      unresolved("jobs." + node.name() + ".", reference);
    }
    return Ports.component(use);
  }

  private void unresolved(String field, ComponentUse.Reference reference) {
    problems.add(
        Problem.of(
                ErrorCode.UNRESOLVED,
                field + "component: '" + reference.reference() + "' is not known here")
            .at(reference.where())
            .fix("name the component's file instead: component: ./FILE.yml"));
  }

  static StepId id(Node node, Scope scope) {
    return new StepId(scope.prefix() + node.name());
  }

  static String field(Node node, String input) {
    return "jobs." + node.name() + ".inputs." + input;
  }

  // Outputs

  private Scope.Target declaredTarget(
      Node node, String name, OutputDeclaration declared, Scope scope) {
    var output = node.outputs().get(name);
    var said = output == null ? Scope.Target.NONE : target(output, scope);
    // A component knows what it makes; only where it is silent the wish counts.
    var own = target(declared);
    return new Scope.Target(
        own.type().or(said::type),
        said.mode().or(own::mode),
        said.path(),
        said.registerAs(),
        own.value().or(said::value));
  }

  private static Scope.Target target(OutputDeclaration declared) {
    Optional<DataType> type =
        switch (declared.type()) {
          case InputType.Data(DataType it) -> Optional.of(it);
          // Written as the text of a file.
          case InputType.Parameter _ -> Optional.of(DataType.URI_FILE);
        };
    return new Scope.Target(
        type,
        declared.mode(),
        Optional.empty(),
        Optional.empty(),
        InputTypes.value(declared.type()));
  }

  private static Scope.Target target(Output output, Scope scope) {
    return switch (output) {
      case Output.Declared it ->
          new Scope.Target(
              it.type(),
              it.mode(),
              it.path().map(Written::text),
              it.name().map(name -> new StepOutput.AssetRef(name, it.version())),
              Optional.empty());
      case Output.Bound _ ->
          parentOutput(output)
              .map(name -> scope.targets().getOrDefault(name, Scope.Target.NONE))
              .orElse(Scope.Target.NONE);
      case Output.Broken _ -> Scope.Target.NONE;
    };
  }

  private static Optional<String> parentOutput(Output output) {
    if (output instanceof Output.Bound(Written expression, Where _)) {
      var template = Template.of(expression.text());
      if (template.isSingle()
          && Expression.of(template.expressions().get(0).path())
              instanceof Expression.ParentOutput(String name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static StepOutput stepOutput(Scope.Target target) {
    var mode =
        switch (target.mode().orElse("")) {
          case "upload" -> StepOutput.Mode.UPLOAD;
          case "direct" -> StepOutput.Mode.DIRECT;
          default -> StepOutput.Mode.RW_MOUNT;
        };
    var type = target.type().orElse(DataType.URI_FOLDER);
    return new StepOutput(
        type, mode, target.registerAs(), target.path(), target.value().filter(_ -> type.isFile()));
  }

  private Optional<Duration> timeout(Optional<Limits> limits, String prefix, Scope scope) {
    var written = limits.flatMap(Limits::timeout);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String field = prefix + "limits.timeout";
    String text = bindings.text(field, written.get(), scope);
    return commands.count(field, text, written.get().where()).map(Duration::ofSeconds);
  }
}
