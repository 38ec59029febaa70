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

  /**
   * Where a step keeps parts of its work: the same folder whenever the same work is tried again. A
   * step that must not be given earlier results finds only what its own run left.
   */
  Path checkpoint(RunId run, Decision decision) {
    var anew =
        switch (decision.reason()) {
          case FORCED, NOT_DETERMINISTIC -> true;
          case REUSED, RESULT_GONE, NEVER_RAN, NOT_FINISHED, CHANGED -> false;
        };
    return runs.resolveSibling("checkpoints")
        .resolve(anew ? decision.key().hex() + "-" + run : decision.key().hex());
  }
}
