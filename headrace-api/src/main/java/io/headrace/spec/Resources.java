package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job wants of its machine.
 *
 * @param instanceCount a whole number, or an expression
 * @param shmSize such as {@code 2g}
 * @param others fields that this version does not know; components may have such
 */
public record Resources(
    Optional<Written> instanceCount,
    Optional<String> instanceType,
    Optional<String> maxInstanceCount,
    Optional<String> shmSize,
    List<String> dockerArgs,
    List<String> locations,
    Map<String, Value> properties,
    Map<String, Value> others,
    Where where) {
  public Resources {
    dockerArgs = List.copyOf(dockerArgs);
    locations = List.copyOf(locations);
    properties = Ordered.copy(properties);
    others = Ordered.copy(others);
  }
}
