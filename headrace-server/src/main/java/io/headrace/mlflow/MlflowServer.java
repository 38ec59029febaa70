package io.headrace.mlflow;

import io.headrace.access.Entrance;
import io.headrace.http.CallHandler;
import io.headrace.http.Guard;
import io.headrace.http.Route;
import io.headrace.http.RouteTable;
import io.headrace.http.ServerLog;
import io.headrace.http.Visits;
import io.headrace.http.WebServer;
import io.headrace.registry.Registry;
import io.headrace.tracking.Tracking;
import java.util.List;
import java.util.function.Supplier;

/**
 * The server that an MLflow client finds at {@code MLFLOW_TRACKING_URI}. Listens on 127.0.0.1 only;
 * costs a socket until a client comes. What it acknowledged with status 200 is durable.
 * Thread-safe.
 */
public final class MlflowServer implements AutoCloseable {
  private final WebServer server;

  private MlflowServer(WebServer server) {
    this.server = server;
  }

  /**
   * Takes the port; returns in about a millisecond.
   *
   * @param port 0 for any; after a crash that of the server before, so that steps that live on find
   *     it again
   * @param token what clients send from {@code MLFLOW_TRACKING_TOKEN}; without it only {@code
   *     /health} and {@code /version} are answered
   * @param tracking asked for when the first request comes, as {@code registry}
   * @throws io.headrace.problem.ProblemException when the port is another's
   */
  public static MlflowServer open(
      int port,
      String token,
      Supplier<Tracking> tracking,
      Supplier<Registry> registry,
      ServerLog log) {
    CallHandler guard =
        new Guard(
            true,
            new RouteTable(routes()),
            Entrance.ofToken(token),
            Visits.none(),
            api(tracking, registry, log));
    return new MlflowServer(WebServer.onLoopback(port, guard, log));
  }

  /** What there is to call. */
  public static List<Route> routes() {
    return MlflowRoutes.all();
  }

  /** The calls alone, for a server that answers others too. A {@link Guard} stands before them. */
  public static CallHandler api(
      Supplier<Tracking> tracking, Supplier<Registry> registry, ServerLog log) {
    return new MlflowApi(tracking, registry, log);
  }

  /** The value for {@code MLFLOW_TRACKING_URI}. */
  public String uri() {
    return server.uri();
  }

  public int port() {
    return server.port();
  }

  /** Finishes the requests under way, 30 s at most. */
  @Override
  public void close() {
    server.close();
  }
}
