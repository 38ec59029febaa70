package io.headrace.cli;

import io.headrace.engine.StepVariables;
import io.headrace.http.ServerLog;
import io.headrace.mlflow.MlflowServer;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.registry.Registry;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tracking server of one process, and the variables by which its steps find it. A run that is
 * taken up again gets the port that it had, so that steps which lived on are heard again: MLflow's
 * client tries for some minutes.
 */
final class StepTracking implements StepVariables, AutoCloseable {
  private final Workspace workspace;
  private final Supplier<Tracking> tracking;
  private final Supplier<Registry> registry;
  private final ServerLog log;
  private final String token;
  private final Map<String, String> experiments = new HashMap<>();
  private final Optional<String> served;
  private Optional<MlflowServer> server = Optional.empty();

  /**
   * Prepares.
   *
   * @param served where this process answers MLflow's API already; else a server is opened for the
   *     steps
   */
  StepTracking(
      Workspace workspace,
      Supplier<Tracking> tracking,
      Supplier<Registry> registry,
      Optional<String> served,
      ServerLog log) {
    this.workspace = workspace;
    this.tracking = tracking;
    this.registry = registry;
    this.served = served;
    this.log = log;
    this.token = WorkspaceToken.of(workspace);
  }

  @Override
  public synchronized Map<String, String> of(RunId run, RunId child, String experiment) {
    var id =
        experiments.computeIfAbsent(
            experiment,
            name -> tracking.get().experiments().named(name).map(it -> it.id()).orElse("0"));
    return Map.of(
        "MLFLOW_TRACKING_URI", served.orElseGet(() -> own(run)),
        "MLFLOW_TRACKING_TOKEN", token,
        "MLFLOW_RUN_ID", child.value(),
        "MLFLOW_EXPERIMENT_ID", id,
        "MLFLOW_EXPERIMENT_NAME", experiment,
        "AZUREML_EXPERIMENT_ID", id);
  }

  private String own(RunId run) {
    if (server.isEmpty()) {
      server = Optional.of(open(workspace.runs().resolve(run.value()).resolve("tracking-port")));
    }
    return server.get().uri();
  }

  private MlflowServer open(Path portFile) {
    try {
      var before =
          Files.exists(portFile) ? Integer.parseInt(Files.readString(portFile).strip()) : 0;
      MlflowServer opened;
      try {
        opened = MlflowServer.open(before, token, tracking, registry, log);
      } catch (ProblemException e) {
        // Somebody else has the port now; new steps at least find us.
        opened = MlflowServer.open(0, token, tracking, registry, log);
      }
      Files.writeString(portFile, Integer.toString(opened.port()));
      return opened;
    } catch (IOException | NumberFormatException e) {
      throw Problem.of(ErrorCode.WORKSPACE, portFile + " cannot be used: " + e.getMessage())
          .asException(e);
    }
  }

  @Override
  public synchronized void close() {
    server.ifPresent(MlflowServer::close);
  }
}
