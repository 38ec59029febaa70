package io.headrace.engine;

import io.headrace.json.JsonItems;
import io.headrace.name.StepId;
import io.headrace.plan.Group;
import io.headrace.plan.Plan;
import io.headrace.plan.Step;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.run.OutputData;
import io.headrace.run.StepState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Begins a body for each item, as many at once as may be. */
final class ForEachControl implements GroupControl {
  /** More than run at once anyway; each that is open is looked at whenever a member ends. */
  private static final int MOST_OPEN = 1_000;

  private final Group.ForEach loop;
  private Group.Items.@Nullable Known items; // once known
  private int begun;
  private final Map<Integer, List<Group.Body>> active = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  ForEachControl(Group.ForEach loop) {
    this.loop = loop;
  }

  @Override
  public Turn next(Members members) {
    var all = items(members).items();
    active.entrySet().removeIf(it -> hasEnded(it.getKey(), it.getValue(), members));
    var steps = new ArrayList<Step>();
    var groups = new ArrayList<Group>();
    int most = loop.concurrency() > 0 ? loop.concurrency() : MOST_OPEN;
    while (begun < all.size() && active.size() < most && failures.isEmpty()) {
      var body = instances(begun).of(loop.body());
      steps.addAll(body.steps());
      groups.addAll(body.groups());
      active.put(begun++, List.of(body));
    }
    if (!steps.isEmpty() || !groups.isEmpty()) {
      return Turn.begin(new Group.Body(steps, groups));
    }
    if (!active.isEmpty()) {
      return Turn.WAIT;
    }
    if (!failures.isEmpty()) {
      return Turn.failed(
          failures.size() == 1
              ? failures.getFirst()
              : failures.size() + " of " + all.size() + " items failed; " + failures.getFirst());
    }
    return Turn.over(StepState.SUCCEEDED, gathered(members), all.size() + " items");
  }

  private boolean hasEnded(int item, List<Group.Body> bodies, Members members) {
    return switch (Bodies.ended(bodies, members)) {
      case Bodies.Ended.No _ -> false;
      case Bodies.Ended.Well _ -> true;
      case Bodies.Ended.Badly(String why) -> {
        failures.add("item " + item + ": " + why);
        yield true;
      }
    };
  }

  private Instances instances(int item) {
    return Instances.of(loop.id(), item, items == null ? Map.of() : items.items().get(item));
  }

  /** In the items' order, whatever order they ended in. */
  private Map<String, OutputData> gathered(Members members) {
    var parts = new LinkedHashMap<String, List<OutputData>>();
    loop.outputs().keySet().forEach(name -> parts.put(name, new ArrayList<>()));
    for (int item = 0; item < begun; item++) {
      Bodies.outputs(loop.outputs(), instances(item), members)
          .forEach((name, data) ->
              Optional.ofNullable(parts.get(name)).ifPresent(list -> list.add(data)));
    }
    var outputs = new LinkedHashMap<String, OutputData>();
    parts.forEach((name, list) -> outputs.put(name, members.gathered(list)));
    return outputs;
  }

  private Group.Items.Known items(Members members) {
    var known = items;
    if (known == null) {
      known =
          switch (loop.items()) {
            case Group.Items.Known it -> it;
            case Group.Items.FromStep(Plan.StepRef ref, var names) ->
                Group.Items.Known.ofValues(parse(members.text(ref), ref.step(), names));
          };
      items = known;
    }
    return known;
  }

  /** A JSON array or object of items. */
  static List<Map<String, String>> parse(
      String text, StepId maker, Map<String, Optional<String>> names) {
    try {
      return JsonItems.parse(text, names);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              ErrorCode.WRONG_VALUE, "what " + maker + " gives to loop over " + e.getMessage())
          .fix(JsonItems.FIX)
          .asException(e);
    }
  }
}
