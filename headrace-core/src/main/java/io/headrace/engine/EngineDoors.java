package io.headrace.engine;

import io.headrace.name.RunId;
import io.headrace.spi.Compute;
import io.headrace.spi.EnvironmentProvider;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What the engine works with.
 *
 * @param runs the folder that holds each run's folder; absolute
 * @param workspace its name, for AZUREML_ARM_WORKSPACE_NAME
 */
record EngineDoors(
    Ledger ledger,
    StepFiles files,
    Compute compute,
    EnvironmentProvider environments,
    StepVariables variables,
    LoggedMetrics metrics,
    Path runs,
    String workspace,
    InstantSource clock) {

  Path runFolder(RunId run) {
    return runs.resolve(run.value());
  }
}
