package io.headrace.engine;

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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Begins a body for each item, as many at once as may be. */
final class ForEachControl implements GroupControl {
  /** Azure's own limit is lower; beyond it, a parallel step is the better tool. */
  private static final int MOST_ITEMS = 100_000;

  private final Group.ForEach loop;
  private @Nullable List<Map<String, String>> items; // once known
  private int begun;
  private final List<Integer> active = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  ForEachControl(Group.ForEach loop) {
    this.loop = loop;
  }

  @Override
  public Turn next(Members members) {
    var all = items(members);
    active.removeIf(item -> hasEnded(item, members));
    var steps = new ArrayList<Step>();
    var groups = new ArrayList<Group>();
    int most = loop.concurrency() > 0 ? loop.concurrency() : Integer.MAX_VALUE;
    while (begun < all.size() && active.size() < most && failures.isEmpty()) {
      var body = instances(begun).of(loop.body());
      steps.addAll(body.steps());
      groups.addAll(body.groups());
      active.add(begun++);
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

  private boolean hasEnded(int item, Members members) {
    return switch (Bodies.ended(List.of(instances(item).of(loop.body())), members)) {
      case Bodies.Ended.No _ -> false;
      case Bodies.Ended.Well _ -> true;
      case Bodies.Ended.Badly(String why) -> {
        failures.add("item " + item + ": " + why);
        yield true;
      }
    };
  }

  private Instances instances(int item) {
    return new Instances(loop.id(), item, items == null ? Map.of() : items.get(item));
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

  private List<Map<String, String>> items(Members members) {
    var known = items;
    if (known == null) {
      known =
          switch (loop.items()) {
            case Group.Items.Known(List<Map<String, String>> it) -> it;
            case Group.Items.FromStep(Plan.StepRef ref) -> parse(members.text(ref), ref.step());
          };
      items = known;
    }
    return known;
  }

  /** A JSON array or object of items. */
  static List<Map<String, String>> parse(String text, StepId maker) {
    JsonNode tree;
    try {
      tree = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw notItems(maker, "is not JSON: " + e.getOriginalMessage());
    }
    if (!tree.isArray() && !tree.isObject()) {
      throw notItems(maker, "is neither an array nor an object");
    }
    if (tree.size() > MOST_ITEMS) {
      throw notItems(maker, "has " + tree.size() + " items, and " + MOST_ITEMS + " is the limit");
    }
    var items = new ArrayList<Map<String, String>>();
    for (var each : tree) {
      var values = new LinkedHashMap<String, String>();
      values.put("item", text(each));
      if (each.isObject()) {
        each.properties().forEach(it -> values.put(it.getKey(), text(it.getValue())));
      }
      items.add(values);
    }
    return items;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private static RuntimeException notItems(StepId maker, String why) {
    return Problem.of(ErrorCode.WRONG_VALUE, "what " + maker + " gives to loop over " + why)
        .fix("write a JSON array, such as [1, 2] or [{\"rate\": 0.1}, {\"rate\": 0.2}]")
        .asException();
  }
}
