package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.asset.AssetKind;
import io.headrace.asset.Assets;
import io.headrace.tracking.MetricHistory;
import io.headrace.tracking.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise R3: what was answered with 200 is there after a kill -9, once and whole. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DurabilityTest {
  private static final int KILLS = Integer.getInteger("headrace.kills", 5);
  private static final int WRITERS = 8;
  private static final int BATCH = 20;

  @TempDir Path workspace;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random = new Random(3);

  /** A server in its own process. */
  private record Server(Process process, int port) {
    static Server start(Path workspace, int port, String... options) throws IOException {
      java.util.ArrayList<String> command = new java.util.ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of(options));
      command.addAll(
          List.of(
              "-XX:TieredStopAtLevel=1",
              "-XX:+UseSerialGC",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              ServerMain.class.getName(),
              workspace.toString(),
              "" + port));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      return new Server(process, Integer.parseInt(out.readLine()));
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private HttpResponse<String> post(int port, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + ServerFixture.TOKEN)
            .header("Content-Type", "application/json")
            .method(
                path.contains("mlflow-artifacts") ? "PUT" : "POST",
                HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void given_writers_and_kills_then_all_that_was_acknowledged_is_there_once() throws Exception {
    Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
    String run = "";
    int port = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // The same port each time, with connections of the dead one still about.
      Server server = Server.start(workspace, port);
      port = server.port();
      if (run.isEmpty()) {
        String answer =
            post(port, "/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}").body();
        int at = answer.indexOf("\"run_id\":\"") + 10;
        run = answer.substring(at, at + 32);
      }
      writeUntilKilled(server, run, acknowledged, random.nextInt(10, 60));
    }
    check(run, acknowledged);
  }

  private void writeUntilKilled(
      Server server, String run, Map<Integer, Integer> acknowledged, int after)
      throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(after);
    AtomicBoolean dead = new AtomicBoolean();
    Thread[] writers = new Thread[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers[i] =
          Thread.ofVirtual()
              .start(() -> write(server.port(), run, writer, acknowledged, enough, dead));
    }
    enough.await();
    server.kill();
    dead.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private void write(
      int port,
      String run,
      int writer,
      Map<Integer, Integer> acknowledged,
      CountDownLatch enough,
      AtomicBoolean dead) {
    while (!dead.get()) {
      int batch = acknowledged.getOrDefault(writer, 0);
      try {
        if (post(port, "/api/2.0/mlflow/runs/log-batch", batch(run, writer, batch)).statusCode()
                == 200
            && post(port, artifact(run, writer, batch), "" + batch).statusCode() == 200) {
          acknowledged.put(writer, batch + 1);
          enough.countDown();
        }
      } catch (IOException e) {
        // Not acknowledged: written again after the kill, as the client would.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static String artifact(String run, int writer, int batch) {
    return "/api/2.0/mlflow-artifacts/artifacts/0/%s/artifacts/w%d/b%d.txt"
        .formatted(run, writer, batch);
  }

  private static String batch(String run, int writer, int batch) {
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < BATCH; i++) {
      metrics
          .append(i == 0 ? "" : ",")
          .append(
              "{\"key\":\"w%d\",\"value\":%d,\"timestamp\":1,\"step\":%d}"
                  .formatted(writer, i, batch * BATCH + i));
    }
    return "{\"run_id\":\"%s\",\"metrics\":[%s],\"params\":[{\"key\":\"w%d/b%d\",\"value\":\"v\"}],\"tags\":[{\"key\":\"w%d\",\"value\":\"%d\"}]}"
        .formatted(run, metrics, writer, batch, writer, batch);
  }

  private void check(String run, Map<Integer, Integer> acknowledged) {
    try (ServerFixture server = ServerFixture.open(workspace)) {
      Run whole = server.tracking.runs().get(run);
      MetricHistory history = server.tracking.history();
      assertThat(acknowledged).hasSize(WRITERS);
      acknowledged.forEach((writer, batches) -> {
        List<Long> steps =
            history.of(run, "w" + writer, OptionalInt.empty(), Optional.empty()).items().stream()
                .map(metric -> metric.step())
                .toList();
        // The batch under way at the last kill may be there whole, or not at all.
        assertThat(steps).doesNotHaveDuplicates();
        assertThat(steps.size()).isIn(batches * BATCH, (batches + 1) * BATCH);
        for (int batch = 0; batch < batches; batch++) {
          assertThat(whole.params()).containsKey("w" + writer + "/b" + batch);
          assertThat(get(server, artifact(run, writer, batch))).isEqualTo("" + batch);
        }
        assertThat(Integer.parseInt(whole.tags().getOrDefault("w" + writer, "-1")))
            .isIn(batches - 1, batches);
      });
    }
  }

  @Test
  void given_a_registry_and_kills_then_versions_aliases_and_assets_are_there_once()
      throws Exception {
    int acknowledged = 0;
    int pointed = 0;
    int port = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Server server = Server.start(workspace, port);
      port = server.port();
      if (kill == 0) {
        post(port, "/api/2.0/mlflow/registered-models/create", "{\"name\":\"m\"}");
      }
      int left = random.nextInt(5, 40);
      Thread killer = Thread.ofVirtual().unstarted(() -> kill(server));
      try {
        while (true) {
          acknowledged = Math.max(acknowledged, register(port));
          pointed = Math.max(pointed, point(port, acknowledged));
          left--;
          if (left == 0) {
            killer.start(); // and go on writing until it is dead
          }
        }
      } catch (IOException e) {
        killer.join();
      }
    }
    checkRegistry(acknowledged, pointed);
  }

  private static void kill(Server server) {
    try {
      server.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The number of the version that was made. */
  private int register(int port) throws IOException, InterruptedException {
    String body =
        "{\"name\":\"m\",\"source\":\"s3://b/x\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}";
    HttpResponse<String> answer = post(port, "/api/2.0/mlflow/model-versions/create", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Integer.parseInt(answer.body().replaceFirst("(?s).*\"version\":\"(\\d+)\".*", "$1"));
  }

  private int point(int port, int version) throws IOException, InterruptedException {
    String body = "{\"name\":\"m\",\"alias\":\"a\",\"version\":\"" + version + "\"}";
    HttpResponse<String> answer = post(port, "/api/2.0/mlflow/registered-models/alias", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return version;
  }

  private void checkRegistry(int acknowledged, int pointed) {
    try (ServerFixture server = ServerFixture.open(workspace)) {
      var search = server.registry.search();
      var question =
          new io.headrace.registry.RegistrySearch.Question(
              io.headrace.name.Visible.all(), "", List.of(), 100_000, Optional.empty());
      var versions = search.versions(question).items();
      assertThat(acknowledged).isPositive();
      assertThat(versions).extracting(it -> it.version()).doesNotHaveDuplicates();
      // Those that were under way at a kill may be there, too.
      assertThat(versions.size()).isBetween(acknowledged, acknowledged + KILLS);
      assertThat(versions).allSatisfy(it -> assertThat(it.tags()).containsEntry("k", "v"));
      var assets =
          Assets.open(
              server.records(), workspace.resolve("secrets"), java.time.InstantSource.system());
      assertThat(assets.all(AssetKind.MODEL, "m")).hasSize(versions.size());
      var aliased = server.registry.aliases().version("m", "a");
      assertThat(aliased.version()).isGreaterThanOrEqualTo(pointed);
      var moves = server.registry.aliases().moves("m", "a");
      assertThat(moves.getFirst().to()).contains(aliased.version());
      for (int i = 1; i < moves.size(); i++) {
        assertThat(moves.get(i - 1).from()).isEqualTo(moves.get(i).to());
      }
    }
  }

  private static String get(ServerFixture server, String path) {
    return new String(server.send("GET", path, "").response().body(), StandardCharsets.UTF_8);
  }

  @Test
  void given_nobody_connects_then_no_code_of_the_http_server_is_loaded() throws Exception {
    Path loaded = workspace.resolve("loaded.txt");
    Server server =
        Server.start(workspace, 0, "-Xlog:class+load:file=" + loaded + ":none:filecount=0");
    assertThat(Files.readString(loaded)).contains("WebServer").doesNotContain("org.eclipse.jetty");
    post(server.port(), "/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}");
    assertThat(Files.readString(loaded)).contains("org.eclipse.jetty");
    server.kill();
  }
}
