package io.headrace.engine;

import java.util.List;
import java.util.Map;

/**
 * Why a step was run or not.
 *
 * @param because one line for people
 * @param differences to the last time, when something had changed
 * @param recipe all that the step could see, by part
 */
public record Explanation(
    RunState.StepRecord step,
    String because,
    List<StepRecipe.Difference> differences,
    Map<String, String> recipe) {

  static String reason(Decision decision) {
    return switch (decision.reason()) {
      case FORCED -> "a run without reuse was asked for";
      case NOT_DETERMINISTIC ->
          "it is done anew each time: is_deterministic is false, or it deals with what is outside";
      case REUSED ->
          "the same work was done by "
              + decision.from().map(it -> it.value()).orElse("an earlier run")
              + ", and its outputs are here";
      case RESULT_GONE ->
          "the same work was done, but its outputs are gone from the store or damaged";
      case NEVER_RAN -> "no such step has run before";
      case NOT_FINISHED -> "the same work was tried before, and did not succeed";
      case CHANGED -> "something that it can see has changed";
    };
  }
}
