package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.spi.Compute;
import io.headrace.spi.EnvironmentProvider;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What the engine works with.
 *
 * @param runs the folder that holds each run's folder; absolute
 * @param workspace its name, for AZUREML_ARM_WORKSPACE_NAME
 */
public record EngineDoors(
    Ledger ledger,
    StepFiles files,
    Compute compute,
    EnvironmentProvider environments,
    StepVariables variables,
    Path runs,
    String workspace,
    InstantSource clock) {

  /** The variables by which a step finds the tracking server. */
  @FunctionalInterface
  public interface StepVariables {
    /**
     * Called for each step before it starts.
     *
     * @param run the pipeline's
     * @param child the step's own, which is not in the records yet
     */
    Map<String, String> of(RunId run, RunId child, String experiment);
  }

  Path runFolder(RunId run) {
    return runs.resolve(run.value());
  }
}
