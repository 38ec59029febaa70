package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One script over many mini batches of one input: what a parallel component says, or a node, alone
 * or over its component. Counts are whole numbers or, in nodes, expressions.
 *
 * @param task absent where a node leaves it to its component
 * @param miniBatchSize a number of files, or a size such as {@code 10mb}; may be an expression
 * @param partitionKeys columns whose combinations are the mini batches; instead of a size
 * @param inputData which input is split: <code>${{inputs.x}}</code>
 * @param errorThreshold how many items may fail; -1 for all
 * @param miniBatchErrorThreshold how many mini batches may fail; -1 for all
 * @param loggingLevel {@code WARNING}, {@code INFO} or {@code DEBUG}
 */
public record Parallel(
    Optional<ParallelTask> task,
    Optional<Written> miniBatchSize,
    List<Written> partitionKeys,
    Optional<Written> inputData,
    Optional<Resources> resources,
    Optional<RetrySettings> retrySettings,
    Optional<Written> maxConcurrencyPerInstance,
    Optional<Written> errorThreshold,
    Optional<Written> miniBatchErrorThreshold,
    Optional<String> loggingLevel,
    Map<String, Written> environmentVariables,
    Where where) {
  public Parallel {
    partitionKeys = List.copyOf(partitionKeys);
    environmentVariables = Ordered.copy(environmentVariables);
  }

  /** What a node says over what its component says. */
  public Parallel over(Parallel component) {
    return new Parallel(
        task.or(component::task),
        miniBatchSize.or(component::miniBatchSize),
        partitionKeys.isEmpty() ? component.partitionKeys : partitionKeys,
        inputData.or(component::inputData),
        resources.or(component::resources),
        retrySettings.or(component::retrySettings),
        maxConcurrencyPerInstance.or(component::maxConcurrencyPerInstance),
        errorThreshold.or(component::errorThreshold),
        miniBatchErrorThreshold.or(component::miniBatchErrorThreshold),
        loggingLevel.or(component::loggingLevel),
        Ordered.over(component.environmentVariables, environmentVariables),
        where);
  }

  /**
   * What is tried again.
   *
   * @param timeout seconds of one call of the script
   * @param maxRetries of one mini batch
   */
  public record RetrySettings(Optional<Written> timeout, Optional<Written> maxRetries) {}
}
