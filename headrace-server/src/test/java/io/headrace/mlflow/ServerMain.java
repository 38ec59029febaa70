package io.headrace.mlflow;

import java.io.IOException;
import java.nio.file.Path;

/** The server in a process of its own, so that a test can kill it. */
final class ServerMain {
  private ServerMain() {}

  /** Takes a workspace and a port; prints the port and serves until its input ends. */
  public static void main(String[] arguments) throws IOException {
    try (ServerFixture server =
        ServerFixture.open(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
      System.out.println(server.server.port());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Until the test lets go.
      }
      server.logged.forEach(System.err::println);
    }
  }
}
