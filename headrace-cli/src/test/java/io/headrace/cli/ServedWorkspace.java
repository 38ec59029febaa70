package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.RunListener;
import io.headrace.http.WebServer;
import io.headrace.service.ServiceLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A workspace with all rooms of its server, in this process. */
final class ServedWorkspace implements AutoCloseable {
  static final String TOKEN = "the-token-of-the-workspace";

  private static final ServiceLog SILENT =
      new ServiceLog() {
        @Override
        public void note(String line) {}

        @Override
        public void failed(String doing, Throwable cause) {}
      };

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Wiring wiring;
  private final WebServer server;

  ServedWorkspace(Path folder) throws IOException {
    var around =
        new Main.Surroundings(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            Map.of(),
            folder,
            false);
    wiring =
        new Wiring(Workspace.open(Optional.of(folder), folder), around, new EnvironmentOptions());
    var service = wiring.service(_ -> RunListener.none(), SILENT);
    var handler =
        ServerRooms.handler(
            wiring, service, new ServerRooms.Doors(true, TOKEN, Optional.empty()), this::failed);
    server = WebServer.onLoopback(0, handler, this::failed);
  }

  private void failed(String doing, Throwable cause) {
    failures.add(doing + ": " + cause);
  }

  Wiring wiring() {
    return wiring;
  }

  String uri() {
    return server.uri();
  }

  /** Closes it; what failed within is told. */
  @Override
  public void close() {
    server.close();
    wiring.close();
    assertThat(failures).isEmpty();
  }
}
