package io.headrace.cli;

import io.headrace.backend.postgres.PostgresAddress;
import io.headrace.http.CallHandler;
import io.headrace.http.ServerLog;
import io.headrace.http.WebServer;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import io.headrace.problem.ProblemException;
import io.headrace.service.Keeper;
import io.headrace.service.RunService;
import io.headrace.service.ServiceLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headrace server}. */
@Command(
    name = "server",
    header = "Serve this workspace: MLflow's API, runs, schedules.",
    description = {
      "",
      "MLflow clients use it as their tracking server. `headrace run` and `job create` in the same",
      "workspace hand their runs to it. It starts the jobs of schedules when they are due. When it",
      "ends, however it ends, running steps go on; the next server takes them up.",
      "",
      "On this machine alone (the default) no token is needed for MLflow's API. With another --host",
      "clients must send the workspace's token: MLFLOW_TRACKING_TOKEN. Once there are users",
      "(`headrace user create`), everybody must be one.",
      ""
    })
final class ServerCommand implements Callable<Integer> {
  private static final long END_SECONDS = 40;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "N",
      defaultValue = "5000",
      description = "Where to listen (default: 5000, as MLflow's server); 0 for any free port.")
  int port;

  @Option(
      names = {"--host"},
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "An address of this machine (default: 127.0.0.1).")
  String host = "127.0.0.1";

  @Option(
      names = {"--database"},
      paramLabel = "URL",
      description = {
        "Keep the records in PostgreSQL: postgresql://USER@HOST:PORT/DATABASE. The workspace",
        "remembers it for all commands. The password is taken from PGPASSWORD or ~/.pgpass."
      })
  @Nullable String database;

  @Mixin OidcOptions oidc = new OidcOptions();

  @Mixin EnvironmentOptions environments = new EnvironmentOptions();

  private final Context context;

  ServerCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var address = address();
    var here = address.getAddress().isLoopbackAddress();
    var provider = oidc.settings(context);
    var workspace = context.workspace();
    var log = new Log(context);
    try (var place = ServerPlace.take(workspace)) {
      var around =
          named()
              .map(it -> context.around().with(RecordsPlace.VARIABLE, it.toString()))
              .orElse(context.around());
      var token = WorkspaceToken.of(workspace);
      var handler = new CompletableFuture<CallHandler>();
      var server = WebServer.open(address, call -> handler.join().answer(call), log);
      try (var wiring = new Wiring(workspace, around, environments, Optional.of(server.uri()))) {
        var doors = new ServerRooms.Doors(here, token, provider);
        serve(place, server, wiring, doors, handler, log);
      }
    }
    return CommandLineProgram.DONE;
  }

  private Optional<PostgresAddress> named() {
    return Optional.ofNullable(database).map(PostgresAddress::parse);
  }

  private InetSocketAddress address() {
    if (port < 0 || port > 65_535) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--port " + port + " is out of range")
          .fix("give a number from 0 to 65535")
          .asException();
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw Problem.of(ErrorCode.BAD_ARGUMENT, "--host " + host + " is no address")
          .fix("give 127.0.0.1, or an address of this machine")
          .asException(e);
    }
  }

  private void serve(
      ServerPlace place,
      WebServer server,
      Wiring wiring,
      ServerRooms.Doors doors,
      CompletableFuture<CallHandler> handler,
      Log log)
      throws IOException, InterruptedException {
    var over = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var hook = Thread.ofPlatform().unstarted(() -> end(over, ended));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      wiring.tracking(); // a database that cannot be used is told, and not remembered
      named().ifPresent(it -> new RecordsPlace(wiring.workspace(), Map.of()).remember(it));
      wiring.registry().deliverPending();
      var service = wiring.service(run -> new EngineLog(wiring.workspace(), run), log);
      handler.complete(ServerRooms.handler(wiring, service, doors, log));
      service.recover();
      var keeper = keeper(wiring, service, log);
      place.tell(server.uri());
      greet(server, wiring, doors);
      over.await();
      log.note("stopping; running steps go on, the next server takes them up");
      keeper.interrupt();
      server.close();
    } finally {
      handler.completeExceptionally(new IllegalStateException("the server did not start"));
      ended.countDown();
    }
  }

  private static void end(CountDownLatch over, CountDownLatch ended) {
    over.countDown();
    try {
      var _ = ended.await(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread keeper(Wiring wiring, RunService service, Log log) {
    var keeper =
        new Keeper(
            wiring.assets(),
            wiring.timetable(),
            run -> wiring.ledger().run(run).isPresent(),
            new ScheduledJobs(context, wiring, service),
            log);
    return Thread.ofPlatform()
        .daemon()
        .name("schedules")
        .start(() -> keeper.keep(InstantSource.system()));
  }

  private void greet(WebServer server, Wiring wiring, ServerRooms.Doors doors) {
    var out = context.out();
    out.println("Headrace serves " + wiring.workspace().root());
    wiring.database().ifPresent(it -> out.println("  records   " + it));
    out.println("  at        " + server.uri());
    out.println("            open it in a browser to look at runs");
    out.println("  clients   export MLFLOW_TRACKING_URI=" + server.uri());
    if (doors.provider().isPresent() || wiring.users().exist()) {
      out.println("            sign in, or MLFLOW_TRACKING_TOKEN of `headrace user token create`");
    } else if (!doors.here()) {
      out.println(
          "            export MLFLOW_TRACKING_TOKEN=$(cat "
              + wiring.workspace().root().resolve("token")
              + ")");
    }
    out.println("  stop      Ctrl-C; steps that run go on, the next server takes them up");
    out.flush();
  }

  /** What is told on the standard error, a line each. */
  private record Log(Context context) implements ServerLog, ServiceLog {
    @Override
    public void note(String line) {
      context.err().println(InstantSource.system().instant() + " " + LogTail.harmless(line));
    }

    @Override
    public void failed(String doing, Throwable cause) {
      note(
          doing
              + ": "
              + (cause instanceof ProblemException
                  ? String.valueOf(cause.getMessage()).replace('\n', ' ')
                  : cause.toString()));
    }
  }
}
