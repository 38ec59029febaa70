package io.headrace.plan;

import io.headrace.name.StepId;
import io.headrace.problem.Where;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Steps whose number, values or need are known only while the run goes on. Among steps it stands
 * like one of them: it waits for what it reads, others read its outputs by its id, and it succeeds
 * or fails as a whole. Its members are steps (and groups) like any other: reused, adopted,
 * cancelled, shown; their ids begin with the group's and a dot, but for those of a {@link Branch}.
 */
public sealed interface Group {
  StepId id();

  String displayName();

  /** In the user's file. */
  Where where();

  /** What it waits for before it begins, beside what each of its members waits for. */
  Set<StepId> after();

  /** Everything that its members are made from. */
  List<Body> bodies();

  /** The same group with other bodies, in the order of {@link #bodies}. */
  Group withBodies(List<Body> others);

  /** Steps and groups that belong together. Immutable. */
  record Body(List<Step> steps, List<Group> groups) {
    public Body {
      steps = List.copyOf(steps);
      groups = List.copyOf(groups);
    }

    /** The ids of what stands in it, not of what stands within its groups. */
    public Set<StepId> ids() {
      var ids = new LinkedHashSet<StepId>();
      steps.forEach(it -> ids.add(it.id()));
      groups.forEach(it -> ids.add(it.id()));
      return ids;
    }

    /** What it reads from outside. */
    public Set<StepId> after() {
      var after = new LinkedHashSet<StepId>();
      steps.forEach(it -> after.addAll(it.after()));
      groups.forEach(it -> after.addAll(it.after()));
      after.removeAll(ids());
      return after;
    }
  }

  /**
   * Trials of one step with values drawn from a space, looking for the best of a metric. Members
   * are {@code ID.0}, {@code ID.1} and so on; the group's outputs are the best trial's.
   *
   * @param trial called {@code ID.trial}; a {@link Slot} of a parameter's name gets its value
   */
  record Sweep(
      StepId id,
      String displayName,
      Step trial,
      SearchSpace space,
      Sampling sampling,
      Objective objective,
      Optional<EarlyTermination> termination,
      SweepLimits limits,
      Where where)
      implements Group {
    @Override
    public Set<StepId> after() {
      return trial.after();
    }

    @Override
    public List<Body> bodies() {
      return List.of(new Body(List.of(trial), List.of()));
    }

    @Override
    public Group withBodies(List<Body> others) {
      return new Sweep(
          id,
          displayName,
          others.getFirst().steps().getFirst(),
          space,
          sampling,
          objective,
          termination,
          limits,
          where);
    }
  }

  /**
   * The same body once for each item, side by side. An output of the group is a folder with an
   * entry for each item: {@code 0}, {@code 1} and so on.
   *
   * @param body whose ids begin with {@code ID.}; in the third item that becomes {@code ID.2.}
   * @param items known now, or what another step writes: a JSON array or object
   * @param concurrency how many items at once; 0 for as many as there are
   * @param outputs each of the group's outputs: what member of the body makes it
   */
  record ForEach(
      StepId id,
      String displayName,
      Body body,
      Items items,
      int concurrency,
      Map<String, Plan.StepRef> outputs,
      Where where)
      implements Group {
    public ForEach {
      outputs = Step.ordered(outputs);
    }

    @Override
    public Set<StepId> after() {
      var after = body.after();
      after.addAll(items.after());
      return after;
    }

    @Override
    public List<Body> bodies() {
      return List.of(body);
    }

    @Override
    public Group withBodies(List<Body> others) {
      return new ForEach(id, displayName, others.getFirst(), items, concurrency, outputs, where);
    }

    /** The same over other items. */
    public ForEach withItems(Items others) {
      return new ForEach(id, displayName, body, others, concurrency, outputs, where);
    }
  }

  /** What a {@link ForEach} goes through. */
  sealed interface Items {
    /** Whose outputs are among them. */
    Set<StepId> after();

    /** The names that they give something under, as far as known before they are. */
    Set<String> given();

    /**
     * What each item gives by name: a value to a {@link Slot} of that name in the body, data to a
     * {@link StepInput.OfItem}.
     */
    record Known(List<Map<String, StepInput>> items) implements Items {
      public Known {
        items = items.stream().map(Step::ordered).toList();
      }

      /** Of items that give values alone. */
      public static Known ofValues(List<Map<String, String>> items) {
        return new Known(
            items.stream()
                .<Map<String, StepInput>>map(item -> {
                  var given = new LinkedHashMap<String, StepInput>();
                  item.forEach((name, value) -> given.put(name, new StepInput.Literal(value)));
                  return given;
                })
                .toList());
      }

      @Override
      public Set<StepId> after() {
        var after = new LinkedHashSet<StepId>();
        for (var item : items) {
          for (var input : item.values()) {
            if (input instanceof StepInput.FromStep it) {
              after.add(it.step());
            }
          }
        }
        return after;
      }

      @Override
      public Set<String> given() {
        return items.isEmpty() ? Set.of() : items.getFirst().keySet();
      }
    }

    /**
     * A file of JSON: an array or object of items, each an object of values; an item that is no
     * object is given under the name {@code item}.
     *
     * @param names what each item must give, or the value of an item that does not
     */
    record FromStep(Plan.StepRef ref, Map<String, Optional<String>> names) implements Items {
      public FromStep {
        names = Step.ordered(names);
      }

      /** Of which nothing is wanted by name. */
      public FromStep(Plan.StepRef ref) {
        this(ref, Map.of());
      }

      @Override
      public Set<StepId> after() {
        return Set.of(ref.step());
      }

      @Override
      public Set<String> given() {
        return names.keySet();
      }
    }
  }

  /**
   * One of two bodies, by a condition. Members keep their own ids, so that others may read from
   * them; those of the other body are skipped, and so is what reads from them.
   *
   * @param outputs each of the group's outputs: the first of these that has been made
   */
  record Branch(
      StepId id,
      String displayName,
      Condition condition,
      Body whenTrue,
      Body whenFalse,
      Map<String, List<Plan.StepRef>> outputs,
      Where where)
      implements Group {
    public Branch {
      outputs = Step.ordered(outputs);
    }

    @Override
    public Set<StepId> after() {
      return condition.after();
    }

    @Override
    public List<Body> bodies() {
      return List.of(whenTrue, whenFalse);
    }

    @Override
    public Group withBodies(List<Body> others) {
      return new Branch(id, displayName, condition, others.get(0), others.get(1), outputs, where);
    }
  }

  /**
   * A body again and again, while its condition holds. The group's outputs are the last round's.
   *
   * @param first the body of the first round; ids begin with {@code ID.}, which becomes {@code
   *     ID.0.}
   * @param next the same body for the other rounds; what {@code ID.previous.} begins is of the
   *     round before
   * @param condition on outputs of the body's members
   * @param most rounds; from 1
   */
  record Loop(
      StepId id,
      String displayName,
      Body first,
      Body next,
      Condition condition,
      int most,
      Map<String, Plan.StepRef> outputs,
      Where where)
      implements Group {
    public Loop {
      outputs = Step.ordered(outputs);
    }

    @Override
    public Set<StepId> after() {
      return first.after();
    }

    @Override
    public List<Body> bodies() {
      return List.of(first, next);
    }

    @Override
    public Group withBodies(List<Body> others) {
      return new Loop(
          id, displayName, others.get(0), others.get(1), condition, most, outputs, where);
    }
  }

  /** Holds or not, once what it names is made. */
  sealed interface Condition {
    /** What must be made before it can be told. */
    Set<StepId> after();

    /** Known now. */
    record Always(boolean holds) implements Condition {
      @Override
      public Set<StepId> after() {
        return Set.of();
      }
    }

    /** A file's text is {@code true} or {@code 1}, in any letter case. */
    record IsTrue(Plan.StepRef ref) implements Condition {
      @Override
      public Set<StepId> after() {
        return Set.of(ref.step());
      }
    }

    /** Two values compared, as numbers when both are, else as texts. */
    record Compare(Operand left, Operator operator, Operand right) implements Condition {
      @Override
      public Set<StepId> after() {
        var after = new LinkedHashSet<StepId>();
        for (var side : List.of(left, right)) {
          if (side instanceof Operand.Made(Plan.StepRef ref)) {
            after.add(ref.step());
          }
        }
        return after;
      }
    }

    record Not(Condition condition) implements Condition {
      @Override
      public Set<StepId> after() {
        return condition.after();
      }
    }

    record All(List<Condition> conditions) implements Condition {
      public All {
        conditions = List.copyOf(conditions);
      }

      @Override
      public Set<StepId> after() {
        return union(conditions);
      }
    }

    record Any(List<Condition> conditions) implements Condition {
      public Any {
        conditions = List.copyOf(conditions);
      }

      @Override
      public Set<StepId> after() {
        return union(conditions);
      }
    }

    private static Set<StepId> union(Collection<Condition> conditions) {
      var after = new LinkedHashSet<StepId>();
      conditions.forEach(it -> after.addAll(it.after()));
      return after;
    }
  }

  /** One side of a comparison. */
  sealed interface Operand {
    record Constant(String value) implements Operand {}

    /** The text of a file that a step makes. */
    record Made(Plan.StepRef ref) implements Operand {}
  }

  /** How two values are compared. */
  enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }
}
