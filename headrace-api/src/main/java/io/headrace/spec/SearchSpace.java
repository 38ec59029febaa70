package io.headrace.spec;

import java.util.Map;

/** What a sweep varies, by hyperparameter name, in the order written. */
public record SearchSpace(Map<String, Hyperparameter> parameters) {
  public SearchSpace {
    parameters = Ordered.copy(parameters);
  }
}
