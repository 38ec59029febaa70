package io.headrace.kfp;

import io.headrace.job.Names;
import io.headrace.kfp.Spec.Component;
import io.headrace.kfp.Spec.Executor;
import io.headrace.kfp.Spec.Source;
import io.headrace.kfp.Spec.Task;
import io.headrace.kfp.Spec.Work;
import io.headrace.name.StepId;
import io.headrace.plan.DataType;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.Problems;
import io.headrace.problem.Where;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Follows parameters and artifacts through the graphs, and makes steps and groups of the tasks: a
 * task with a condition becomes a branch, one with an iterator a loop, any other graph's tasks
 * stand among those around it.
 */
final class DagLowering {
  private static final int MOST_DEPTH = 50;
  private static final int MOST_STEPS = 100_000;
  private static final String DATA = "headrace-data";

  private final Spec spec;
  private final TaskSteps maker;
  private final Platform platform;
  private final Path folder;
  private final Problems problems;
  private int made;

  DagLowering(Spec spec, Platform platform, Path folder, Problems problems) {
    this.spec = spec;
    this.platform = platform;
    this.maker = new TaskSteps(spec.name(), problems);
    this.folder = folder;
    this.problems = problems;
  }

  /** Steps and groups as they are made. */
  private record Out(List<Step> steps, List<Group> groups) {
    Out() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    Group.Body body() {
      return new Group.Body(steps, groups);
    }
  }

  /**
   * Where a graph stands.
   *
   * @param after what its first tasks wait for
   * @param afterEnd what they wait for, however it ends
   */
  private record Level(
      String prefix,
      Map<String, Bound> inputs,
      List<StepId> after,
      List<StepId> afterEnd,
      Out out,
      int depth) {}

  /** What a task came to: its outputs, and the steps and groups that it consists of. */
  record Done(Map<String, Bound> outputs, List<StepId> units) {
    static final Done NOTHING = new Done(Map.of(), List.of());
  }

  /** All steps and groups of the pipeline, and its own outputs. */
  record Lowered(List<Step> steps, List<Group> groups, Map<String, Plan.StepRef> outputs) {}

  Lowered lower(Map<String, Bound> inputs) {
    var out = new Out();
    var level = new Level("", inputs, List.of(), List.of(), out, 0);
    var done = spec.root().work() instanceof Work.Dag dag ? dag(dag, level) : Done.NOTHING;
    if (!(spec.root().work() instanceof Work.Dag)) {
      problems.add(
          Problem.of(ErrorCode.MISSING_FIELD, "root has no 'dag'").at(spec.root().where()));
    }
    var outputs = new LinkedHashMap<String, Plan.StepRef>();
    done.outputs()
        .forEach((name, bound) -> {
          if (bound instanceof Bound.Made it) {
            outputs.put(name, new Plan.StepRef(it.step(), it.output()));
          }
        });
    return new Lowered(out.steps(), out.groups(), outputs);
  }

  private Done dag(Work.Dag dag, Level level) {
    if (level.depth() > MOST_DEPTH) {
      problems.add(
          Problem.of(
                  ErrorCode.CYCLE, "graphs stand more than " + MOST_DEPTH + " deep in one another")
              .at(spec.where()));
      return Done.NOTHING;
    }
    if (isChoice(dag)) {
      return choice(dag, level);
    }
    var tasks = new LinkedHashMap<String, Done>();
    for (var task : order(dag)) {
      tasks.put(task.name(), task(task, level, tasks));
    }
    var units = new LinkedHashSet<StepId>();
    tasks.values().forEach(it -> units.addAll(it.units()));
    return new Done(outputs(dag, tasks), List.copyOf(units));
  }

  private Map<String, Bound> outputs(Work.Dag dag, Map<String, Done> tasks) {
    var outputs = new LinkedHashMap<String, Bound>();
    for (var declared : List.of(dag.parameters(), dag.artifacts())) {
      declared.forEach((name, choices) ->
          choices.stream()
              .findFirst()
              .ifPresent(it -> outputs.put(name, output(it.task(), it.key(), tasks, it.where()))));
    }
    return outputs;
  }

  private Bound output(String task, String key, Map<String, Done> tasks, Where where) {
    var done = tasks.get(task);
    if (done == null) {
      problems.add(unknown("task", task, tasks.keySet(), where));
      return new Bound.Absent();
    }
    var bound = done.outputs().get(key);
    if (bound == null) {
      if (!done.units().isEmpty()) {
        problems.add(unknown("output of " + task, key, done.outputs().keySet(), where));
      }
      return new Bound.Absent();
    }
    return bound;
  }

  private static Problem unknown(String what, String name, Set<String> known, Where where) {
    return Problem.of(ErrorCode.UNDECLARED, "there is no " + what + " called '" + name + "'")
        .at(where)
        .fix(Names.advice(name, known, "known"));
  }

  // Order

  /** Each task after those it needs. */
  private List<Task> order(Work.Dag dag) {
    var byName = new LinkedHashMap<String, Task>();
    dag.tasks().forEach(it -> byName.put(it.name(), it));
    Set<Task> ordered = new LinkedHashSet<>();
    for (var task : dag.tasks()) {
      visit(task, byName, ordered, new LinkedHashSet<>());
    }
    return List.copyOf(ordered);
  }

  private void visit(Task task, Map<String, Task> all, Set<Task> ordered, Set<String> path) {
    if (ordered.contains(task)) {
      return;
    }
    if (!path.add(task.name())) {
      problems.add(
          Problem.of(ErrorCode.CYCLE, "tasks wait for each other: " + String.join(" -> ", path))
              .at(task.where()));
      return;
    }
    for (var name : before(task)) {
      var other = all.get(name);
      if (other != null) {
        visit(other, all, ordered, path);
      }
    }
    path.remove(task.name());
    ordered.add(task);
  }

  private static Set<String> before(Task task) {
    var before = new LinkedHashSet<>(task.dependentTasks());
    for (var sources : List.of(task.parameters(), task.artifacts())) {
      for (var source : sources.values()) {
        switch (source) {
          case Source.FromTask it -> before.add(it.task());
          case Source.Status it -> before.add(it.task());
          case Source.Outer _, Source.Constant _ -> {}
        }
      }
    }
    return before;
  }

  // Tasks

  private Done task(Task task, Level level, Map<String, Done> tasks) {
    var component = spec.components().get(task.component());
    if (component == null) {
      problems.add(
          unknown("component", task.component(), spec.components().keySet(), task.where()));
      return Done.NOTHING;
    }
    if (++made > MOST_STEPS) {
      throw Problem.of(
              ErrorCode.YAML_LIMIT, "the pipeline comes to more than " + MOST_STEPS + " tasks")
          .at(task.where())
          .asException();
    }
    var use = use(task, component, level, tasks);
    if (task.condition().isPresent()) {
      return branch(task, component, use, level);
    }
    return unconditional(task, component, use, level);
  }

  /** A task with all that it is given. */
  private record Given(
      Map<String, Bound> inputs,
      Map<String, TaskSteps.Status> status,
      List<StepId> after,
      List<StepId> afterEnd) {}

  private Given use(Task task, Component component, Level level, Map<String, Done> tasks) {
    var inputs = new LinkedHashMap<String, Bound>();
    var status = new LinkedHashMap<String, TaskSteps.Status>();
    for (var sources : List.of(task.parameters(), task.artifacts())) {
      sources.forEach((name, source) -> {
        switch (source) {
          case Source.Outer it -> inputs.put(name, outer(it, level));
          case Source.FromTask it -> {
            var bound = output(it.task(), it.key(), tasks, it.where()).select(it.select());
            inputs.put(name, task.whateverUpstream() ? bound.orNothing() : bound);
          }
          case Source.Constant it -> inputs.put(name, new Bound.Known(it.value()));
          case Source.Status it ->
              status.put(
                  name, new TaskSteps.Status(it.task(), units(it.task(), tasks, it.where())));
        }
      });
    }
    defaults(component, inputs);
    var after = new LinkedHashSet<StepId>();
    var afterEnd = new LinkedHashSet<StepId>();
    if (before(task).isEmpty()) {
      after.addAll(level.after());
      afterEnd.addAll(level.afterEnd());
    }
    for (var name : task.dependentTasks()) {
      (task.whateverUpstream() ? afterEnd : after).addAll(units(name, tasks, task.where()));
    }
    inputs.values().stream()
        .filter(Bound.Made.class::isInstance)
        .map(it -> ((Bound.Made) it).step())
        .forEach(after::remove); // what is read is waited for anyway
    status.values().forEach(it -> it.steps().forEach(afterEnd::remove));
    return new Given(inputs, status, List.copyOf(after), List.copyOf(afterEnd));
  }

  private List<StepId> units(String task, Map<String, Done> tasks, Where where) {
    var done = tasks.get(task);
    if (done == null) {
      problems.add(unknown("task", task, tasks.keySet(), where));
      return List.of();
    }
    return done.units();
  }

  private Bound outer(Source.Outer it, Level level) {
    var bound = level.inputs().get(it.input());
    if (bound == null) {
      problems.add(unknown("input of the graph", it.input(), level.inputs().keySet(), it.where()));
      return new Bound.Absent();
    }
    return bound.select(it.select());
  }

  private static void defaults(Component component, Map<String, Bound> inputs) {
    component
        .inputs()
        .parameters()
        .forEach((name, parameter) -> {
          if (inputs.getOrDefault(name, new Bound.Absent()) instanceof Bound.Absent) {
            inputs.put(
                name,
                parameter.defaultValue().<Bound>map(Bound.Known::new).orElse(new Bound.Absent()));
          }
        });
    component
        .inputs()
        .artifacts()
        .keySet()
        .forEach(name -> inputs.putIfAbsent(name, new Bound.Absent()));
  }

  private Done unconditional(Task task, Component component, Given given, Level level) {
    return task.iterator().isPresent()
        ? loop(task, task.iterator().get(), component, given, level)
        : plain(task, component, given, level);
  }

  private Done plain(Task task, Component component, Given given, Level level) {
    return switch (component.work()) {
      case Work.Dag dag -> {
        var inner =
            new Level(
                level.prefix() + task.name() + ".",
                given.inputs(),
                given.after(),
                given.afterEnd(),
                level.out(),
                level.depth() + 1);
        var done = dag(dag, inner);
        yield done.units().isEmpty() ? new Done(done.outputs(), given.after()) : done;
      }
      case Work.Label(String label, Where where) -> {
        var executor = spec.executors().get(label);
        if (executor == null) {
          problems.add(unknown("executor", label, spec.executors().keySet(), where));
          yield Done.NOTHING;
        }
        yield step(task, component, executor, given, level);
      }
    };
  }

  private Done step(Task task, Component component, Executor executor, Given given, Level level) {
    var timeout =
        component.work() instanceof Work.Label(String label, Where _)
            ? platform.timeout(label)
            : Optional.<Duration>empty();
    var use = use(task, new StepId(level.prefix() + task.name()), given, timeout, task.cached());
    checkRequired(task, component, given);
    var step =
        switch (executor) {
          case Executor.Container it -> Optional.of(maker.container(use, component, it));
          case Executor.Importer it ->
              Optional.of(
                  maker.importer(
                      it.anew() ? use(task, use.id(), given, timeout, false) : use,
                      component,
                      it,
                      data(it, given)));
          case Executor.Unknown _ -> Optional.<Step>empty();
        };
    if (step.isEmpty()) {
      return Done.NOTHING;
    }
    level.out().steps().add(step.get());
    var outputs = new LinkedHashMap<String, Bound>();
    component
        .outputs()
        .parameters()
        .forEach((name, parameter) ->
            outputs.put(name, made(use.id(), name, Optional.of(parameter.type()), 0)));
    component
        .outputs()
        .artifacts()
        .keySet()
        .forEach(name -> outputs.put(name, made(use.id(), name, Optional.empty(), 0)));
    return new Done(outputs, List.of(use.id()));
  }

  private static Bound made(StepId step, String output, Optional<ParameterType> type, int depth) {
    return new Bound.Made(step, output, type, List.of(), depth, false, List.of());
  }

  private static TaskSteps.Use use(
      Task task, StepId id, Given given, Optional<Duration> timeout, boolean cached) {
    return new TaskSteps.Use(
        id,
        task.name(),
        task.displayName(),
        given.inputs(),
        given.after(),
        given.afterEnd(),
        given.status(),
        task.retry(),
        timeout,
        cached,
        task.where());
  }

  private void checkRequired(Task task, Component component, Given given) {
    component
        .inputs()
        .parameters()
        .forEach((name, parameter) -> {
          if (given.inputs().get(name) instanceof Bound.Absent
              && !parameter.optional()
              && !given.status().containsKey(name)
              && !task.parameters().containsKey(name)) {
            problems.add(
                Problem.of(
                        ErrorCode.MISSING_FIELD,
                        "task " + task.name() + " gives no value to the input '" + name + "'")
                    .at(task.where()));
          }
        });
  }

  /** A file or folder of this machine is taken in with the plan, so that a change is noticed. */
  private Map<String, StepInput> data(Executor.Importer importer, Given given) {
    var known =
        importer
            .uri()
            .or(() ->
                given.inputs().get("uri") instanceof Bound.Known(JsonNode value)
                    ? Optional.of(Values.text(value))
                    : Optional.empty());
    if (known.isEmpty() || known.get().contains("{{$")) {
      return Map.of();
    }
    return local(known.get(), folder, importer.where(), problems)
        .map(it -> Map.of(DATA, it))
        .orElse(Map.of());
  }

  /** What an address on this machine names; empty for one elsewhere, or when it is not there. */
  static Optional<StepInput> local(String uri, Path folder, Where where, Problems problems) {
    var text = uri.startsWith("file://") ? uri.substring("file://".length()) : uri;
    if (text.contains("://")) {
      return Optional.empty();
    }
    try {
      var path = folder.resolve(text).toAbsolutePath().normalize();
      if (Files.exists(path)) {
        return Optional.of(
            new StepInput.Local(
                path,
                Files.isDirectory(path) ? DataType.URI_FOLDER : DataType.URI_FILE,
                StepInput.Mode.RO_MOUNT));
      }
    } catch (InvalidPathException e) {
      // said below
    }
    problems.add(
        Problem.of(ErrorCode.MISSING_PATH, "there is nothing at '" + uri + "'")
            .at(where)
            .fix("a path is looked up from the folder of the pipeline's file"));
    return Optional.empty();
  }

  // Conditions

  private Done branch(Task task, Component component, Given given, Level level) {
    var id = new StepId(level.prefix() + task.name());
    var condition = condition(task, given, level);
    var out = new Out();
    var inner = inner(task, component, given, level, out);
    var outputs = new LinkedHashMap<String, List<Plan.StepRef>>();
    var bounds = new LinkedHashMap<String, Bound>();
    inner
        .outputs()
        .forEach((name, bound) -> {
          if (bound instanceof Bound.Made it) {
            outputs.put(name, List.of(new Plan.StepRef(it.step(), it.output())));
            bounds.put(name, made(id, name, it.type(), it.depth()));
          }
        });
    level
        .out()
        .groups()
        .add(
            new Group.Branch(
                id,
                task.displayName(),
                condition,
                out.body(),
                new Group.Body(List.of(), List.of()),
                outputs,
                task.where()));
    return new Done(bounds, List.of(id));
  }

  /** The work behind a condition; a single step must not have the branch's own id. */
  private Done inner(Task task, Component component, Given given, Level level, Out out) {
    boolean graph = component.work() instanceof Work.Dag && task.iterator().isEmpty();
    var prefix = graph ? level.prefix() : level.prefix() + task.name() + ".";
    return unconditional(
        task,
        component,
        given,
        new Level(prefix, level.inputs(), level.after(), level.afterEnd(), out, level.depth() + 1));
  }

  private Group.Condition condition(Task task, Given given, Level level) {
    var text = task.condition().orElse("");
    try {
      return ConditionParser.parse(
          text,
          name ->
              Optional.ofNullable(given.inputs().get(name))
                  .map(bound -> operand(name, bound, task, level)));
    } catch (ConditionParser.NotUnderstood e) {
      problems.add(
          Problem.of(
                  ErrorCode.NOT_SUPPORTED,
                  "task " + task.name() + ": the condition cannot be used: " + e.getMessage())
              .at(task.where())
              .fix("the condition is: " + text));
      return new Group.Condition.Always(false);
    }
  }

  private Group.Operand operand(String name, Bound bound, Task task, Level level) {
    return switch (bound) {
      case Bound.Known(JsonNode value) -> new Group.Operand.Constant(Values.text(value));
      case Bound.Item(String loop, List<String> select) when select.size() < 2 ->
          new Group.Operand.Constant(Slot.of(loop + "/" + String.join("", select)));
      case Bound.Made it when it.select().isEmpty() && it.depth() == 0 ->
          new Group.Operand.Made(new Plan.StepRef(it.step(), it.output()));
      case Bound.Made _, Bound.Item _ -> {
        var id = new StepId(level.prefix() + task.name() + "-value-" + level.out().steps().size());
        level.out().steps().add(maker.value(helper(id, "value", bound, task)));
        yield new Group.Operand.Made(new Plan.StepRef(id, "value"));
      }
      case Bound.Outside _, Bound.Absent _ -> {
        problems.add(
            Problem.of(
                    ErrorCode.NOT_SUPPORTED,
                    "task "
                        + task.name()
                        + ": the condition reads '"
                        + name
                        + "', which has no value")
                .at(task.where()));
        yield new Group.Operand.Constant("");
      }
    };
  }

  private static TaskSteps.Use helper(StepId id, String input, Bound bound, Task task) {
    return new TaskSteps.Use(
        id,
        id.value(),
        id.value(),
        Map.of(input, bound),
        List.of(),
        List.of(),
        Map.of(),
        Spec.Retry.NONE,
        Optional.empty(),
        true,
        task.where());
  }

  /** A graph that only chooses: {@code dsl.If}, {@code Elif}, {@code Else} with a result. */
  private static boolean isChoice(Work.Dag dag) {
    var choices = new ArrayList<>(dag.parameters().values());
    choices.addAll(dag.artifacts().values());
    return choices.stream().anyMatch(it -> it.size() > 1)
        && dag.tasks().stream().allMatch(it -> it.condition().isPresent());
  }

  /** As they were written: the tasks of a graph are sorted by name, its choices are not. */
  private static List<Task> inTheOrderOfChoices(Work.Dag dag) {
    var names = new ArrayList<String>();
    dag.parameters().values().forEach(all -> all.forEach(it -> names.add(it.task())));
    dag.artifacts().values().forEach(all -> all.forEach(it -> names.add(it.task())));
    var tasks = new ArrayList<>(dag.tasks());
    tasks.sort(
        java.util.Comparator.comparingInt(it -> {
          int at = names.indexOf(it.name());
          return at < 0 ? Integer.MAX_VALUE : at;
        }));
    return tasks;
  }

  /** One branch within the other's second body, so that the outermost knows which was taken. */
  private Done choice(Work.Dag dag, Level level) {
    var rest = new Group.Body(List.of(), List.of());
    Optional<Group.Branch> outermost = Optional.empty();
    var types = new LinkedHashMap<String, Bound.Made>();
    for (var task : inTheOrderOfChoices(dag).reversed()) {
      var component = spec.components().get(task.component());
      if (component == null) {
        problems.add(
            unknown("component", task.component(), spec.components().keySet(), task.where()));
        continue;
      }
      var given = use(task, component, level, Map.of());
      var id = new StepId(level.prefix() + task.name());
      var condition = condition(task, given, level);
      var out = new Out();
      var inner = inner(task, component, given, level, out);
      var outputs = new LinkedHashMap<String, List<Plan.StepRef>>();
      for (var declared : List.of(dag.parameters(), dag.artifacts())) {
        for (var output : declared.entrySet()) {
          var refs = new ArrayList<Plan.StepRef>();
          for (var each : output.getValue()) {
            if (each.task().equals(task.name())
                && inner.outputs().get(each.key()) instanceof Bound.Made it) {
              refs.add(new Plan.StepRef(it.step(), it.output()));
              types.put(output.getKey(), it);
            }
          }
          outermost.ifPresent(it -> refs.add(new Plan.StepRef(it.id(), output.getKey())));
          outputs.put(output.getKey(), refs);
        }
      }
      var branch =
          new Group.Branch(
              id, task.displayName(), condition, out.body(), rest, outputs, task.where());
      rest = new Group.Body(List.of(), List.of(branch));
      outermost = Optional.of(branch);
    }
    if (outermost.isEmpty()) {
      return Done.NOTHING;
    }
    level.out().groups().add(outermost.get());
    var id = outermost.get().id();
    var bounds = new LinkedHashMap<String, Bound>();
    types.forEach((name, it) -> bounds.put(name, made(id, name, it.type(), it.depth())));
    return new Done(bounds, List.of(id));
  }

  // Loops

  private Done loop(
      Task task, Spec.Iterator iterator, Component component, Given given, Level level) {
    var id = new StepId(level.prefix() + task.name());
    var items = items(task, iterator, id, given, level);
    var inputs = new LinkedHashMap<>(given.inputs());
    inputs.put(iterator.item(), item(iterator, id, given));
    var out = new Out();
    var inner =
        new Level(
            id.value() + ".", inputs, given.after(), given.afterEnd(), out, level.depth() + 1);
    Done done;
    if (component.work() instanceof Work.Dag dag) {
      done = dag(dag, inner);
    } else {
      done =
          plain(
              task,
              component,
              new Given(inputs, given.status(), given.after(), given.afterEnd()),
              inner);
    }
    var outputs = new LinkedHashMap<String, Plan.StepRef>();
    var bounds = new LinkedHashMap<String, Bound>();
    done.outputs()
        .forEach((name, bound) -> {
          if (bound instanceof Bound.Made it) {
            outputs.put(name, new Plan.StepRef(it.step(), it.output()));
            bounds.put(name, made(id, name, it.type(), it.depth() + 1));
          }
        });
    level
        .out()
        .groups()
        .add(
            new Group.ForEach(
                id,
                task.displayName(),
                out.body(),
                items,
                iterator.parallel(),
                outputs,
                task.where()));
    return new Done(bounds, List.of(id));
  }

  private static Bound item(Spec.Iterator iterator, StepId id, Given given) {
    return iterator instanceof Spec.Iterator.OverInput it && it.artifacts()
        ? given.inputs().getOrDefault(it.input(), new Bound.Absent()).entry(id.value())
        : new Bound.Item(id.value(), List.of());
  }

  private Group.Items items(
      Task task, Spec.Iterator iterator, StepId id, Given given, Level level) {
    return switch (iterator) {
      case Spec.Iterator.Over(JsonNode items, String _, int _, Where _) -> known(items, id);
      case Spec.Iterator.OverInput(String input, boolean artifacts, String _, int _, Where where) ->
          artifacts
              ? places(task, input, id, given, level, where)
              : items(task, input, id, given, level, where);
    };
  }

  private Group.Items items(
      Task task, String input, StepId id, Given given, Level level, Where where) {
    return switch (given.inputs().getOrDefault(input, new Bound.Absent())) {
      case Bound.Known(JsonNode value) -> {
        var list = Values.typed(value, ParameterType.LIST);
        if (!list.isArray()) {
          problems.add(
              Problem.of(
                      ErrorCode.WRONG_TYPE,
                      "task " + task.name() + " loops over '" + input + "', which is no list")
                  .at(where));
        }
        yield known(list, id);
      }
      case Bound.Made it -> dynamic(task, it, id, level);
      case Bound.Item it -> dynamic(task, it, id, level);
      case Bound.Outside _, Bound.Absent _ -> known(JsonNodeFactory.instance.arrayNode(), id);
    };
  }

  /** A loop over artifacts goes through numbers, each of which stands for one of the gathered. */
  private Group.Items places(
      Task task, String input, StepId id, Given given, Level level, Where where) {
    if (given.inputs().get(input) instanceof Bound.Made it && it.depth() > 0) {
      var step = new StepId(id.value() + "-items");
      level.out().steps().add(maker.places(helper(step, "items", it, task), id.value()));
      return new Group.Items.FromStep(new Plan.StepRef(step, "items"));
    }
    problems.add(
        Problem.of(
                ErrorCode.NOT_SUPPORTED,
                "task "
                    + task.name()
                    + ": a loop over artifacts goes through what another loop has gathered, and '"
                    + input
                    + "' comes from elsewhere")
            .at(where)
            .fix("gather them by dsl.Collected, or loop over a list of parameters"));
    return known(JsonNodeFactory.instance.arrayNode(), id);
  }

  private static Group.Items known(JsonNode items, StepId id) {
    var all = new ArrayList<Map<String, String>>();
    if (items.isArray()) {
      items.forEach(item -> all.add(Values.item(id.value(), item)));
    }
    return Group.Items.Known.ofValues(all);
  }

  private Group.Items dynamic(Task task, Bound bound, StepId id, Level level) {
    var step = new StepId(id.value() + "-items");
    level.out().steps().add(maker.items(helper(step, "items", bound, task), id.value()));
    return new Group.Items.FromStep(new Plan.StepRef(step, "items"));
  }
}
