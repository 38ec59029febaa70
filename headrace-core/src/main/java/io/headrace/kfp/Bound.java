package io.headrace.kfp;

import io.headrace.name.StepId;
import io.headrace.plan.StepInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a parameter or artifact of a graph stands for, once the graph is placed in the plan. */
sealed interface Bound {
  /** A value that is known now. */
  record Known(JsonNode value) implements Bound {}

  /**
   * What a step or group will make.
   *
   * @param type of the parameter in its file; empty for artifacts
   * @param select which part of it
   * @param depth how many loops have gathered it
   * @param optional whether its reader can do without
   * @param at the loops whose items say which of the gathered it is, the outermost first
   */
  record Made(
      StepId step,
      String output,
      Optional<ParameterType> type,
      List<String> select,
      int depth,
      boolean optional,
      List<String> at)
      implements Bound {}

  /** The item of a loop around. */
  record Item(String loop, List<String> select) implements Bound {}

  /** An artifact from outside. */
  record Outside(StepInput input) implements Bound {}

  /** Nothing: an optional input without a value. */
  record Absent() implements Bound {}

  /** A part of it. */
  default Bound select(List<String> keys) {
    if (keys.isEmpty()) {
      return this;
    }
    return switch (this) {
      case Known(JsonNode value) ->
          Values.select(value, keys).<Bound>map(Known::new).orElse(new Absent());
      case Made it ->
          new Made(
              it.step(),
              it.output(),
              it.type(),
              joined(it.select(), keys),
              it.depth(),
              it.optional(),
              it.at());
      case Item it -> new Item(it.loop(), joined(it.select(), keys));
      case Outside _, Absent _ -> this;
    };
  }

  /** The same, for a reader that runs even if nothing is made. */
  default Bound orNothing() {
    return this instanceof Made it
        ? new Made(it.step(), it.output(), it.type(), it.select(), it.depth(), true, it.at())
        : this;
  }

  /** Of what a loop has gathered, the one that the item of another loop stands for. */
  default Bound entry(String loop) {
    return this instanceof Made it
        ? new Made(
            it.step(),
            it.output(),
            it.type(),
            it.select(),
            it.depth() - 1,
            it.optional(),
            joined(it.at(), List.of(loop)))
        : this;
  }

  private static List<String> joined(List<String> first, List<String> then) {
    var all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }
}
