package io.headrace.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command and what it needs: the part that command jobs, nodes and components share.
 *
 * @param command shell text with expressions
 * @param environment absent only when that has been reported
 * @param environmentVariables values may hold expressions
 */
public record Command(
    Written command,
    CodeReference code,
    List<LocalPath> additionalIncludes,
    Optional<EnvironmentReference> environment,
    Map<String, Written> environmentVariables,
    Optional<Resources> resources,
    Optional<Distribution> distribution,
    Optional<QueueSettings> queueSettings) {
  public Command {
    additionalIncludes = List.copyOf(additionalIncludes);
    environmentVariables = Ordered.copy(environmentVariables);
  }
}
