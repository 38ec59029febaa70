package io.headrace.tracking;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run with all that was logged to it.
 *
 * @param metrics the latest point of each key, by key
 * @param params by key
 * @param tags by key; {@code mlflow.runName} and {@code mlflow.parentRunId} are among them
 * @param inputs the datasets that it read
 * @param modelInputs ids of the logged models that it read
 * @param modelOutputs the logged models that it made
 */
public record Run(
    RunInfo info,
    List<Metric> metrics,
    Map<String, String> params,
    Map<String, String> tags,
    List<DatasetInput> inputs,
    List<String> modelInputs,
    List<ModelOutput> modelOutputs) {
  public Run {
    metrics = List.copyOf(metrics);
    params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    inputs = List.copyOf(inputs);
    modelInputs = List.copyOf(modelInputs);
    modelOutputs = List.copyOf(modelOutputs);
  }

  /** A logged model that a run made at a step of its training. */
  public record ModelOutput(String modelId, long step) {}
}
