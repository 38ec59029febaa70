package io.headrace.engine;

import io.headrace.plan.Service;
import io.headrace.plan.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs beside a step's command. It is started by the step's own shell, so that it is part of
 * the step's process group: it ends with the step, however that ends and whoever watches it. On the
 * loopback only.
 */
final class Services {
  /** The variable by which JupyterLab learns its token, unseen in the list of processes. */
  static final String TOKEN = "JUPYTER_TOKEN";

  private static final String HOST = "http://127.0.0.1:";
  private static final String TOKEN_PARAMETER = "/lab?token=";
  private static final int TOKEN_BYTES = 24;
  private static final int REACH_MILLIS = 300;

  private Services() {}

  /** Where each of a step's services will be, by name; ports that nobody chose are free now. */
  static Map<String, String> endpoints(Step step) throws IOException {
    var endpoints = new LinkedHashMap<String, String>();
    var held = new ArrayList<ServerSocket>(); // until all are chosen, so that they differ
    try {
      for (var entry : step.services().entrySet()) {
        var service = entry.getValue();
        if (service.kind() == Service.Kind.CUSTOM && service.port().isEmpty()) {
          continue;
        }
        int port = service.port().isPresent() ? service.port().get() : free(held);
        endpoints.put(
            entry.getKey(),
            HOST
                + port
                + (service.kind() == Service.Kind.JUPYTER_LAB ? TOKEN_PARAMETER + token() : ""));
      }
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
    return endpoints;
  }

  private static int free(List<ServerSocket> held) throws IOException {
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    held.add(socket);
    return socket.getLocalPort();
  }

  private static String token() {
    var bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The variables that services need. */
  static Map<String, String> variables(Map<String, String> endpoints) {
    var variables = new LinkedHashMap<String, String>();
    endpoints
        .values()
        .forEach(it -> {
          int at = it.indexOf(TOKEN_PARAMETER);
          if (at >= 0) {
            variables.put(TOKEN, it.substring(at + TOKEN_PARAMETER.length()));
          }
        });
    return variables;
  }

  /**
   * A line of shell text that starts what a step's command does not start itself; empty when there
   * is nothing. In a shell within the shell: a {@code wait} of the command's must not wait for it.
   *
   * @param folder for what they print
   */
  static String prologue(Step step, Map<String, String> endpoints, Path folder) {
    var line = new StringBuilder();
    step.services()
        .forEach((name, service) -> {
          var endpoint = endpoints.get(name);
          if (endpoint != null) {
            int port = URI.create(endpoint).getPort();
            var log = folder.resolve("service-" + name.replaceAll("[^\\w.-]", "_") + ".txt");
            line.append(start(name, service, port, log));
          }
        });
    return line.isEmpty() ? "" : line.append('\n').toString();
  }

  private static String start(String name, Service service, int port, Path log) {
    return switch (service.kind()) {
      case CUSTOM -> "";
      case TENSOR_BOARD ->
          start(
              name,
              "tensorboard",
              "tensorboard",
              " --logdir " + quoted(service.logFolder()) + " --host 127.0.0.1 --port " + port,
              log);
      case JUPYTER_LAB ->
          start(
              name,
              "jupyter-lab",
              "jupyterlab",
              " --no-browser --allow-root --ip=127.0.0.1 --port=" + port + " --port-retries=0",
              log);
    };
  }

  private static String start(
      String name, String program, String distribution, String arguments, Path log) {
    var missing =
        "headrace: service '"
            + name
            + "' is not started: "
            + program
            + " is not in this step's environment; add the package "
            + distribution
            + " to it";
    return "if command -v "
        + program
        + " >/dev/null 2>&1; then ( "
        + program
        + arguments
        + " >"
        + quoted(log.toString())
        + " 2>&1 </dev/null & ); else echo "
        + quoted(missing)
        + " >&2; fi; ";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Whether something listens there. */
  static boolean isReachable(String endpoint) {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(endpoint).getPort()),
          REACH_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
