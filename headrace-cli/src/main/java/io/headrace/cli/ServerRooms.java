package io.headrace.cli;

import io.headrace.access.Entrance;
import io.headrace.control.ControlApi;
import io.headrace.http.Answer;
import io.headrace.http.Call;
import io.headrace.http.CallHandler;
import io.headrace.http.Guard;
import io.headrace.http.Route;
import io.headrace.http.RouteTable;
import io.headrace.http.ServerLog;
import io.headrace.mlflow.MlflowServer;
import io.headrace.oidc.OidcSettings;
import io.headrace.oidc.OidcSignIn;
import io.headrace.service.RunService;
import io.headrace.watch.AuditTrail;
import io.headrace.watch.Metrics;
import io.headrace.watch.WatchCalls;
import io.headrace.web.SignIn;
import io.headrace.web.WebPages;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which room of the server answers which call, and the guard before them all. */
final class ServerRooms implements CallHandler {
  private final WebPages pages;
  private final SignIn signIn;
  private final Optional<OidcSignIn> provider;
  private final WatchCalls watch;
  private final ControlApi control;
  private final CallHandler mlflow;

  /**
   * Who is let in.
   *
   * @param here whether only programs of this machine reach the server
   * @param token the workspace's, which opens all
   * @param provider who vouches for users too
   */
  record Doors(boolean here, String token, Optional<OidcSettings> provider) {}

  private ServerRooms(
      WebPages pages,
      SignIn signIn,
      Optional<OidcSignIn> provider,
      WatchCalls watch,
      ControlApi control,
      CallHandler mlflow) {
    this.pages = pages;
    this.signIn = signIn;
    this.provider = provider;
    this.watch = watch;
    this.control = control;
    this.mlflow = mlflow;
  }

  /** All rooms of a server, behind the guard. */
  static CallHandler handler(Wiring wiring, RunService service, Doors doors, ServerLog log)
      throws IOException {
    var clock = InstantSource.system();
    var users = wiring.users();
    var provider = doors.provider().map(it -> new OidcSignIn(it, users, clock, log));
    var entrance =
        provider
            .map(it -> Entrance.ofProvider(users, doors.token(), it::ofToken, clock))
            .orElseGet(() -> Entrance.ofUsers(users, doors.token(), doors.here(), clock));
    var metrics = new Metrics(ServerNumbers.of(wiring));
    var trail = new AuditTrail(wiring.audit(), clock, log);
    var rooms =
        new ServerRooms(
            new WebPages(),
            new SignIn(entrance, users, provider.isPresent() ? "oidc/signin" : ""),
            provider,
            new WatchCalls(metrics, ServerNumbers.checks(wiring), log),
            control(wiring, service, log),
            MlflowServer.api(wiring::tracking, wiring::registry, log));
    return new Guard(
        doors.here(),
        new RouteTable(routes()),
        entrance,
        visit -> {
          metrics.saw(visit);
          trail.saw(visit);
        },
        rooms);
  }

  private static ControlApi control(Wiring wiring, RunService service, ServerLog log)
      throws IOException {
    return new ControlApi(
        new ControlApi.About(new Version().getVersion()[0], wiring.workspace().root().toString()),
        () -> service,
        wiring::engine,
        wiring::ledger,
        wiring::tracking,
        log);
  }

  /** Every call that a server answers. */
  static List<Route> routes() {
    return Stream.of(
            MlflowServer.routes(),
            ControlApi.routes(),
            WatchCalls.routes(),
            SignIn.routes(),
            OidcSignIn.routes(),
            WebPages.routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Answer answer(Call call) throws IOException {
    return room(call.path()).answer(call);
  }

  private CallHandler room(String path) {
    if (pages.isOurs(path)) {
      return pages;
    }
    if (SignIn.isOurs(path)) {
      return signIn;
    }
    if (OidcSignIn.isOurs(path)) {
      return provider
          .<CallHandler>map(it -> it)
          .orElse(_ -> Answer.text(404, "This server has no OpenID provider.\n"));
    }
    if (WatchCalls.isOurs(path)) {
      return watch;
    }
    return ControlApi.isOurs(path) ? control : mlflow;
  }
}
