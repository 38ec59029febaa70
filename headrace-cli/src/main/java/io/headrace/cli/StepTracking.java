package io.headrace.cli;

import io.headrace.engine.StepVariables;
import io.headrace.http.ServerLog;
import io.headrace.mlflow.MlflowServer;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.tracking.Tracking;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tracking server of one command, and the variables by which its steps find it. A run that is
 * taken up again gets the port that it had, so that steps which lived on are heard again: MLflow's
 * client tries for some minutes.
 */
final class StepTracking implements StepVariables, AutoCloseable {
  private final Workspace workspace;
  private final Supplier<Tracking> tracking;
  private final ServerLog log;
  private final String token;
  private final Map<String, String> experiments = new HashMap<>();
  private Optional<MlflowServer> server = Optional.empty();

  StepTracking(Workspace workspace, Supplier<Tracking> tracking, ServerLog log) {
    this.workspace = workspace;
    this.tracking = tracking;
    this.log = log;
    this.token = token(workspace.root().resolve("token"));
  }

  @Override
  public synchronized Map<String, String> of(RunId run, RunId child, String experiment) {
    if (server.isEmpty()) {
      server = Optional.of(open(workspace.runs().resolve(run.value()).resolve("tracking-port")));
    }
    var id =
        experiments.computeIfAbsent(
            experiment,
            name -> tracking.get().experiments().named(name).map(it -> it.id()).orElse("0"));
    return Map.of(
        "MLFLOW_TRACKING_URI", server.get().uri(),
        "MLFLOW_TRACKING_TOKEN", token,
        "MLFLOW_RUN_ID", child.value(),
        "MLFLOW_EXPERIMENT_ID", id,
        "MLFLOW_EXPERIMENT_NAME", experiment,
        "AZUREML_EXPERIMENT_ID", id);
  }

  private MlflowServer open(Path portFile) {
    try {
      var before =
          Files.exists(portFile) ? Integer.parseInt(Files.readString(portFile).strip()) : 0;
      MlflowServer opened;
      try {
        opened = MlflowServer.open(before, token, tracking, log);
      } catch (ProblemException e) {
        // Somebody else has the port now; new steps at least find us.
        opened = MlflowServer.open(0, token, tracking, log);
      }
      Files.writeString(portFile, Integer.toString(opened.port()));
      return opened;
    } catch (IOException | NumberFormatException e) {
      throw Problem.of(ErrorCode.WORKSPACE, portFile + " cannot be used: " + e.getMessage())
          .asException(e);
    }
  }

  /** One token a workspace, readable by its owner alone. */
  private static String token(Path file) {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw Problem.of(ErrorCode.WORKSPACE, file + " cannot be used: " + e.getMessage())
          .asException(e);
    }
  }

  private static void make(Path file) throws IOException {
    var bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var own = Files.createTempFile(file.getParent(), "token", ".tmp", owner);
    Files.writeString(own, HexFormat.of().formatHex(bytes));
    try {
      // A link appears whole or not at all, and never replaces the token of somebody who was
      // faster.
      Files.createLink(file, own);
    } catch (FileAlreadyExistsException e) {
      // Theirs is as good.
    } finally {
      Files.delete(own);
    }
  }

  @Override
  public synchronized void close() {
    server.ifPresent(MlflowServer::close);
  }
}
