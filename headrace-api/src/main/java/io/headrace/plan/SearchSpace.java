package io.headrace.plan;

import java.util.Map;

/** What a sweep varies, by hyperparameter name, in the order written. */
public record SearchSpace(Map<String, Hyperparameter> parameters) {
  public SearchSpace {
    parameters = Step.ordered(parameters);
  }
}
