package io.headrace.mlflow;

import io.headrace.backend.file.FileObjectStore;
import io.headrace.http.ServerLog;
import io.headrace.registry.Registry;
import io.headrace.registry.WebhookSettings;
import io.headrace.spi.MetadataStore;
import io.headrace.testing.TestDatabase;
import io.headrace.tracking.Tracking;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real server over a real workspace, and a client that says what it thinks. */
final class ServerFixture implements AutoCloseable {
  static final String TOKEN = "a-token-of-this-test";
  private static final JsonMapper JSON = new JsonMapper();

  final MetadataStore records;
  final FileObjectStore objects;
  final Tracking tracking;
  final Registry registry;
  final MlflowServer server;
  final List<String> logged = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ServerFixture(TestDatabase database, Path workspace, int port) {
    records = database.open(workspace);
    objects = new FileObjectStore(workspace.resolve("objects"));
    tracking = Tracking.open(records, objects, InstantSource.system());
    registry =
        Registry.open(
            records,
            objects,
            tracking,
            InstantSource.system(),
            new Registry.Hooks(
                WebhookSettings.of(System.getenv()),
                workspace.resolve("webhooks.key"),
                logged::add));
    server = MlflowServer.open(port, TOKEN, () -> tracking, () -> registry, log());
  }

  static ServerFixture open(Path workspace) {
    return open(workspace, 0);
  }

  static ServerFixture open(TestDatabase database, Path workspace) {
    return new ServerFixture(database, workspace, 0);
  }

  static ServerFixture open(Path workspace, int port) {
    return new ServerFixture(TestDatabase.SQLITE, workspace, port);
  }

  private ServerLog log() {
    return (doing, cause) -> logged.add(doing + ": " + cause);
  }

  MetadataStore records() {
    return records;
  }

  /** An answer's status and body. */
  record Reply(int status, JsonNode body, HttpResponse<byte[]> response) {
    String code() {
      return body.path("error_code").asString("");
    }

    String message() {
      return body.path("message").asString("");
    }
  }

  Reply post(String path, String json) {
    return send("POST", "/api/2.0/mlflow" + path, json.replace('\'', '"'));
  }

  Reply get(String path) {
    return send("GET", "/api/2.0/mlflow" + path, "");
  }

  Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .header("Authorization", "Bearer " + TOKEN)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json; charset=utf-8");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Reply send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      boolean isJson =
          response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
      JsonNode body = isJson ? JSON.readTree(response.body()) : JSON.createObjectNode();
      return new Reply(response.statusCode(), body, response);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new run in experiment 0. */
  String run() {
    return post("/runs/create", "{'experiment_id':'0','start_time':1}")
        .body()
        .at("/run/info/run_id")
        .asString();
  }

  /** The run as the API gives it. */
  JsonNode get(String path, String pointer) {
    return get(path).body().at(pointer);
  }

  @Override
  public void close() {
    server.close();
    registry.close();
    records.close();
    objects.close();
  }
}
