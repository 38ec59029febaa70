package io.headrace.engine;

import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Segment;
import io.headrace.plan.Slot;
import io.headrace.plan.Step;
import io.headrace.plan.StepInput;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a group's members from what is written in the group: ids below the group's get the member's
 * number after it, places in literals get their values, and inputs their data.
 *
 * @param group whose members are made
 * @param number of the item, trial or round
 * @param values by the names of their places
 * @param data that an item gives, by name
 */
record Instances(
    StepId group, int number, Map<String, String> values, Map<String, StepInput.Data> data) {
  private static final String PREVIOUS = "previous.";

  Instances(StepId group, int number, Map<String, String> values) {
    this(group, number, values, Map.of());
  }

  /** The member for one item of a loop. */
  static Instances of(StepId group, int number, Map<String, StepInput> item) {
    var values = new LinkedHashMap<String, String>();
    var data = new LinkedHashMap<String, StepInput.Data>();
    item.forEach((name, input) -> {
      switch (input) {
        case StepInput.Literal(String value) -> values.put(name, value);
        case StepInput.Data it -> data.put(name, it);
        case StepInput.MadeValue _,
            StepInput.Supplied _,
            StepInput.After _,
            StepInput.IfMade _,
            StepInput.HowEnded _ ->
            throw new IllegalStateException("an item gives " + name + " as " + input);
      }
    });
    return new Instances(group, number, values, data);
  }

  /** The same, for a loop within that gives some names itself. */
  private Instances without(Set<String> names) {
    var otherValues = new LinkedHashMap<>(values);
    otherValues.keySet().removeAll(names);
    var otherData = new LinkedHashMap<>(data);
    otherData.keySet().removeAll(names);
    return new Instances(group, number, otherValues, otherData);
  }

  /**
   * A member's id: {@code g.train} of group {@code g} is {@code g.3.train} in its fourth item,
   * where {@code g.previous.train} is {@code g.2.train}.
   */
  StepId id(StepId written) {
    var prefix = group.value() + ".";
    if (!written.value().startsWith(prefix)) {
      return written;
    }
    var rest = written.value().substring(prefix.length());
    return rest.startsWith(PREVIOUS)
        ? new StepId(prefix + (number - 1) + "." + rest.substring(PREVIOUS.length()))
        : new StepId(prefix + number + "." + rest);
  }

  Plan.StepRef ref(Plan.StepRef written) {
    return new Plan.StepRef(id(written.step()), written.output());
  }

  Group.Body of(Group.Body body) {
    return new Group.Body(
        body.steps().stream().map(this::of).toList(),
        body.groups().stream().map(this::of).toList());
  }

  Step of(Step step) {
    return of(step, id(step.id()), step.timeout());
  }

  Step of(Step step, StepId id, Optional<Duration> timeout) {
    var inputs = new LinkedHashMap<String, StepInput>();
    step.inputs().forEach((name, input) -> inputs.put(name, of(input)));
    var variables = new LinkedHashMap<String, List<Segment>>();
    step.environmentVariables().forEach((name, value) -> variables.put(name, of(value)));
    return new Step(
        id,
        Slot.fill(step.displayName(), values),
        of(step.command()),
        step.code(),
        step.environment(),
        variables,
        inputs,
        step.outputs(),
        timeout,
        step.deterministic(),
        step.checkpointed(),
        step.compute(),
        step.tags(),
        step.where(),
        step.services());
  }

  private StepInput of(StepInput input) {
    return switch (input) {
      case StepInput.Literal(String value) -> new StepInput.Literal(Slot.fill(value, values));
      case StepInput.FromStep it ->
          new StepInput.FromStep(id(it.step()), it.output(), it.type(), it.mode());
      case StepInput.OfItem it -> {
        var given = data.get(it.name());
        yield given == null ? it : fitted(given, it);
      }
      case StepInput.MadeValue it -> new StepInput.MadeValue(id(it.step()), it.output(), it.type());
      case StepInput.Remote it ->
          new StepInput.Remote(Slot.fill(it.uri(), values), it.type(), it.mode());
      case StepInput.After it -> new StepInput.After(id(it.step()), it.succeeded());
      case StepInput.IfMade(StepInput.FromStep it) ->
          new StepInput.IfMade(
              new StepInput.FromStep(id(it.step()), it.output(), it.type(), it.mode()));
      case StepInput.HowEnded(List<StepId> ended) ->
          new StepInput.HowEnded(ended.stream().map(this::id).toList());
      case StepInput.Stored _, StepInput.Local _, StepInput.Supplied _ -> input;
    };
  }

  /** An item's data as the body reads it. */
  private static StepInput.Data fitted(StepInput.Data given, StepInput.OfItem wanted) {
    // A folder may be read as a model or a table, but a file stays a file.
    var type = wanted.type().isFile() == given.type().isFile() ? wanted.type() : given.type();
    if (given.mode() == StepInput.Mode.DIRECT) {
      return given.as(type, StepInput.Mode.DIRECT); // it is not in the store
    }
    boolean taken = given instanceof StepInput.Stored;
    return given.as(
        type,
        taken && wanted.mode() == StepInput.Mode.DIRECT ? StepInput.Mode.RO_MOUNT : wanted.mode());
  }

  private List<Segment> of(List<Segment> segments) {
    return Segment.fill(segments, values);
  }

  private Group of(Group group) {
    var within = group instanceof Group.ForEach loop ? without(loop.items().given()) : this;
    var bodies = group.bodies().stream().map(within::of).toList();
    return switch (group.withBodies(bodies)) {
      case Group.Sweep it ->
          new Group.Sweep(
              id(it.id()),
              Slot.fill(it.displayName(), values),
              it.trial(),
              it.space(),
              it.sampling(),
              it.objective(),
              it.termination(),
              it.limits(),
              it.where());
      case Group.ForEach it ->
          new Group.ForEach(
              id(it.id()),
              Slot.fill(it.displayName(), values),
              it.body(),
              of(it.items()),
              it.concurrency(),
              refs(it.outputs()),
              it.where());
      case Group.Branch it -> {
        var outputs = new LinkedHashMap<String, List<Plan.StepRef>>();
        it.outputs()
            .forEach((name, refs) -> outputs.put(name, refs.stream().map(this::ref).toList()));
        yield new Group.Branch(
            id(it.id()),
            Slot.fill(it.displayName(), values),
            of(it.condition()),
            it.whenTrue(),
            it.whenFalse(),
            outputs,
            it.where());
      }
      case Group.Loop it ->
          new Group.Loop(
              id(it.id()),
              Slot.fill(it.displayName(), values),
              it.first(),
              it.next(),
              of(it.condition()),
              it.most(),
              refs(it.outputs()),
              it.where());
    };
  }

  private Map<String, Plan.StepRef> refs(Map<String, Plan.StepRef> written) {
    var refs = new LinkedHashMap<String, Plan.StepRef>();
    written.forEach((name, ref) -> refs.put(name, ref(ref)));
    return refs;
  }

  private Group.Items of(Group.Items items) {
    return switch (items) {
      case Group.Items.FromStep(Plan.StepRef ref, var names) -> {
        var filled = new LinkedHashMap<String, Optional<String>>();
        names.forEach(
            (name, value) -> filled.put(name, value.map(text -> Slot.fill(text, values))));
        yield new Group.Items.FromStep(ref(ref), filled);
      }
      case Group.Items.Known it ->
          new Group.Items.Known(
              it.items().stream()
                  .<Map<String, StepInput>>map(item -> {
                    var filled = new LinkedHashMap<String, StepInput>();
                    item.forEach((name, input) -> filled.put(name, of(input)));
                    return filled;
                  })
                  .toList());
    };
  }

  private Group.Condition of(Group.Condition condition) {
    return switch (condition) {
      case Group.Condition.Always _ -> condition;
      case Group.Condition.IsTrue(Plan.StepRef ref) -> new Group.Condition.IsTrue(ref(ref));
      case Group.Condition.Compare it ->
          new Group.Condition.Compare(of(it.left()), it.operator(), of(it.right()));
      case Group.Condition.Not(Group.Condition inner) -> new Group.Condition.Not(of(inner));
      case Group.Condition.All(List<Group.Condition> inner) ->
          new Group.Condition.All(inner.stream().map(this::of).toList());
      case Group.Condition.Any(List<Group.Condition> inner) ->
          new Group.Condition.Any(inner.stream().map(this::of).toList());
    };
  }

  private Group.Operand of(Group.Operand operand) {
    return switch (operand) {
      case Group.Operand.Constant(String value) ->
          new Group.Operand.Constant(Slot.fill(value, values));
      case Group.Operand.Made(Plan.StepRef ref) -> new Group.Operand.Made(ref(ref));
    };
  }

  /** Whether a condition holds, with each id as in this member. */
  boolean holds(Group.Condition condition, GroupControl.Members members) {
    return Conditions.hold(of(condition), members);
  }
}
