import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls a tracking server as fast as it answers, and prints one line of JSON with what it saw. Plain sockets with
 * keep-alive, so that on a small machine the load leaves the cores to the server.
 *
 * <p>{@code java Load.java URL SCENARIO CLIENTS SECONDS EXPERIMENT}
 */
final class Load {
  private static final String API = "/api/2.0/mlflow/";
  private static final int BATCH = 1000;

  /** One connection. */
  private static final class Client implements AutoCloseable {
    private final URI server;
    private Socket socket;
    private InputStream in;

    Client(URI server) throws IOException {
      this.server = server;
      connect();
    }

    private void connect() throws IOException {
      socket = new Socket(server.getHost(), server.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    String post(String path, String body) throws IOException {
      return send("POST", path, body.getBytes(StandardCharsets.UTF_8));
    }

    String get(String path) throws IOException {
      return send("GET", path, new byte[0]);
    }

    String send(String method, String path, byte[] body) throws IOException {
      var head =
          method + " " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
              + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
      var bytes = head.getBytes(StandardCharsets.US_ASCII);
      var all = Arrays.copyOf(bytes, bytes.length + body.length);
      System.arraycopy(body, 0, all, bytes.length, body.length);
      socket.getOutputStream().write(all);
      var status = line();
      long length = -1;
      boolean chunked = false;
      boolean closing = false;
      for (var header = line(); !header.isEmpty(); header = line()) {
        var lower = header.toLowerCase();
        if (lower.startsWith("content-length:")) {
          length = Long.parseLong(lower.substring(15).strip());
        }
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        closing |= lower.startsWith("connection:") && lower.contains("close");
      }
      var text = new String(chunked ? chunks() : in.readNBytes((int) Math.max(length, 0)), StandardCharsets.UTF_8);
      if (closing) {
        socket.close();
        connect();
      }
      if (!status.contains(" 200 ")) {
        throw new IOException(method + " " + path + ": " + status + " " + text);
      }
      return text;
    }

    private byte[] chunks() throws IOException {
      var all = new java.io.ByteArrayOutputStream();
      while (true) {
        int size = Integer.parseInt(line().strip(), 16);
        all.write(in.readNBytes(size));
        line();
        if (size == 0) {
          return all.toByteArray();
        }
      }
    }

    private String line() throws IOException {
      var text = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException();
        }
        if (c != '\r') {
          text.append((char) c);
        }
      }
      return text.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** What a client does again and again. */
  private interface Call {
    void make(Client client, int who, long round) throws IOException;
  }

  private Load() {}

  private static String field(String json, String name) {
    int at = json.indexOf('"' + name + '"');
    int from = json.indexOf('"', json.indexOf(':', at)) + 1;
    return json.substring(from, json.indexOf('"', from));
  }

  private static String newRun(Client client, String experiment) throws IOException {
    return field(
        client.post(
            API + "runs/create",
            "{\"experiment_id\":\"" + experiment + "\",\"start_time\":" + System.currentTimeMillis() + "}"),
        "run_id");
  }

  private static String metrics(String run, long round) {
    var body = new StringBuilder("{\"run_id\":\"" + run + "\",\"metrics\":[");
    long now = System.currentTimeMillis();
    for (int k = 0; k < BATCH; k++) {
      body.append(k == 0 ? "" : ",").append("{\"key\":\"m").append(k % 10).append("\",\"value\":").append(k * 0.1)
          .append(",\"timestamp\":").append(now).append(",\"step\":").append(round * BATCH / 10 + k / 10).append('}');
    }
    return body.append("]}").toString();
  }

  private static Call call(String scenario, String experiment, List<String> runs) {
    var search = "{\"experiment_ids\":[\"" + experiment + "\"],\"max_results\":100";
    return switch (scenario) {
      case "metric" ->
          (client, who, round) ->
              client.post(
                  API + "runs/log-metric",
                  "{\"run_id\":\"" + runs.get(who) + "\",\"key\":\"loss\",\"value\":0.5,\"timestamp\":"
                      + System.currentTimeMillis() + ",\"step\":" + round + "}");
      case "batch" -> (client, who, round) -> client.post(API + "runs/log-batch", metrics(runs.get(who), round));
      case "run" ->
          (client, _, _) ->
              client.post(
                  API + "runs/update",
                  "{\"run_id\":\"" + newRun(client, experiment) + "\",\"status\":\"FINISHED\",\"end_time\":"
                      + System.currentTimeMillis() + "}");
      case "newest" -> (client, _, _) -> client.post(API + "runs/search", search + "}");
      case "by metric" ->
          (client, _, _) ->
              client.post(
                  API + "runs/search",
                  search + ",\"filter\":\"metrics.loss < 0.5\",\"order_by\":[\"metrics.loss ASC\"]}");
      case "by texts" ->
          (client, _, _) ->
              client.post(
                  API + "runs/search",
                  search + ",\"filter\":\"params.model LIKE '%tree%' and tags.team LIKE 'b%'\"}");
      case "history" -> // of the run that is named instead of an experiment
          (client, _, _) -> {
            var token = "";
            do {
              var page =
                  client.get(
                      API + "metrics/get-history?run_id=" + experiment + "&metric_key=loss&max_results=25000"
                          + (token.isEmpty() ? "" : "&page_token=" + token));
              token = page.contains("\"next_page_token\"") ? field(page, "next_page_token") : "";
            } while (!token.isEmpty());
          };
      default -> throw new IllegalArgumentException(scenario);
    };
  }

  public static void main(String[] args) throws Exception {
    var server = URI.create(args[0]);
    int clients = Integer.parseInt(args[2]);
    long nanos = (long) (Double.parseDouble(args[3]) * 1e9);
    var experiment = args[4];
    var open = new ArrayList<Client>();
    var runs = new ArrayList<String>();
    for (int i = 0; i < clients; i++) {
      open.add(new Client(server));
      if (List.of("metric", "batch").contains(args[1])) {
        runs.add(newRun(open.get(i), experiment));
      }
    }
    var call = call(args[1], experiment, runs);
    long end = System.nanoTime() + nanos;
    var rounds = new AtomicLong();
    var failures = new AtomicLong();
    var took = new ArrayList<Long>();
    try (var threads = Executors.newFixedThreadPool(clients)) {
      var all = new ArrayList<Future<List<Long>>>();
      for (int i = 0; i < clients; i++) {
        int who = i;
        Callable<List<Long>> work =
            () -> {
              var mine = new ArrayList<Long>();
              do { // at least once
                long began = System.nanoTime();
                try {
                  call.make(open.get(who), who, rounds.getAndIncrement());
                } catch (IOException e) {
                  if (failures.getAndIncrement() == 0) {
                    System.err.println(e);
                  }
                }
                mine.add(System.nanoTime() - began);
              } while (System.nanoTime() < end);
              return mine;
            };
        all.add(threads.submit(work));
      }
      for (var each : all) {
        took.addAll(each.get());
      }
    }
    took.sort(null);
    double seconds = (nanos + System.nanoTime() - end) / 1e9;
    System.out.printf(
        "{\"calls\": %d, \"failed\": %d, \"seconds\": %.3f, \"p50\": %.3f, \"p99\": %.3f}%n",
        took.size(), failures.get(), seconds, took.get(took.size() / 2) / 1e6, took.get((int) (took.size() * 0.99)) / 1e6);
  }
}
