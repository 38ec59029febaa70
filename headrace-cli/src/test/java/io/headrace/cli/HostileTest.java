package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.http.Route;
import io.headrace.tracking.ArtifactPath;
import io.headrace.tracking.LoggedModels;
import io.headrace.tracking.Runs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a bad client may send, over real sockets, since a polite HTTP client would not send it. The
 * server is open here: these must fail for whoever asks.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostileTest {
  private static final String API = "/api/2.0/mlflow";
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  private static final List<String> ELSEWHERE =
      List.of(
          "../secret",
          "..%2fsecret",
          "%2e%2e/secret",
          "%2e%2e%2fsecret",
          "a/../../secret",
          "a/%2e%2e/%2e%2e/secret",
          "..%5csecret",
          "a%5c..%5c..%5csecret",
          "/etc/passwd",
          "%2fetc%2fpasswd",
          "a%00b",
          "a%0d%0aSet-Cookie:%20x=1",
          "C:%5csecret");

  @TempDir Path folder;
  private ServedWorkspace served;
  private String experiment = "";
  private String run = "";

  @BeforeEach
  void open() throws IOException {
    served = new ServedWorkspace(folder);
    Files.writeString(folder.resolve("secret"), "the secret");
    var tracking = served.wiring().tracking();
    experiment = tracking.experiments().create("e", "", Map.of());
    run = tracking.runs().create(new Runs.NewRun(experiment, "", "", 1, Map.of())).info().runId();
  }

  @AfterEach
  void close() {
    served.close();
  }

  private record Reply(int status, String text) {}

  private Reply send(String method, String target, String headers, byte[] body) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(served.uri()).getPort())) {
      socket.setSoTimeout(30_000);
      var head =
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
              + body.length
              + "\r\n"
              + headers
              + "\r\n";
      var out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.UTF_8));
      try {
        out.write(body);
        out.flush();
      } catch (IOException e) {
        // It answered and closed before it had heard all.
      }
      var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Reply(text.length() < 12 ? 0 : Integer.parseInt(text.substring(9, 12)), text);
    }
  }

  private Reply get(String target) throws IOException {
    return send("GET", target, "", new byte[0]);
  }

  private Reply post(String target, String json) throws IOException {
    return send(
        "POST",
        target,
        "Content-Type: application/json\r\n",
        json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void given_a_path_that_leads_elsewhere_then_no_call_follows_it() throws IOException {
    var logged =
        served
            .wiring()
            .tracking()
            .models()
            .create(new LoggedModels.NewModel(experiment, "m", "", "", Map.of(), Map.of()))
            .id();
    for (String path : ELSEWHERE) {
      var replies = new LinkedHashMap<String, Reply>();
      for (String method : List.of("GET", "PUT", "DELETE")) {
        replies.put(method, send(method, FILES + path, "", new byte[] {1}));
      }
      replies.put("presigned", get("/api/2.0/mlflow-artifacts/presigned/" + path));
      replies.put("listed", get("/api/2.0/mlflow-artifacts/artifacts?path=" + path));
      replies.put("list", get(API + "/artifacts/list?run_id=" + run + "&path=" + path));
      replies.put("get", get("/get-artifact?run_id=" + run + "&path=" + path));
      replies.put(
          "directories",
          get(
              API
                  + "/logged-models/"
                  + logged
                  + "/artifacts/directories?artifact_directory_path="
                  + path));
      replies.put(
          "upload",
          send("POST", API + "/upload-artifact?run_id=" + run + "&path=" + path, "", new byte[1]));
      replies.put(
          "parts", post("/api/2.0/mlflow-artifacts/mpu/create/" + path, "{\"path\": \"x\"}"));
      replies.forEach((call, reply) ->
          assertThat(reply.status()).as(call + " " + path + ": " + reply.text()).isIn(400, 404));
      assertThat(replies.toString()).doesNotContain("root:", "the secret\"", "Set-Cookie:");
    }
    assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("the secret");
  }

  @Test
  void given_a_model_whose_files_are_said_to_be_elsewhere_then_it_is_refused() throws IOException {
    post(API + "/registered-models/create", "{\"name\": \"m\"}");
    for (String source :
        List.of(
            "/etc/passwd",
            "file:///etc/passwd",
            "file://localhost/etc/passwd",
            "../secret",
            folder.resolve("secret").toString(),
            "http://169.254.169.254/latest",
            "https://localhost/x",
            "ftp://localhost/x",
            "mlflow-artifacts://evil.example/x",
            "mlflow-artifacts:/" + experiment + "/other/artifacts",
            "mlflow-artifacts:/" + experiment + "/" + run + "/artifacts/../../x",
            "mlflow-artifacts:/.stored/folder/" + "0".repeat(64),
            "runs:/other/m",
            "runs:/" + run + "/../../m")) {
      var reply =
          post(
              API + "/model-versions/create",
              "{\"name\": \"m\", \"run_id\": \"" + run + "\", \"source\": \"" + source + "\"}");
      assertThat(reply.status()).as(source + ": " + reply.text()).isEqualTo(400);
    }
  }

  @Test
  void given_a_webhook_into_our_own_network_then_it_is_refused() throws IOException {
    for (String url :
        List.of(
            "http://example.com/x",
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://[::1]/x",
            "https://0.0.0.0/x",
            "https://10.0.0.1/x",
            "https://192.168.1.1/x",
            "https://169.254.169.254/latest/meta-data",
            "https://[::ffff:127.0.0.1]/x",
            "https://[fd00::1]/x",
            "https://2130706433/x",
            "https://127.1/x",
            "file:///etc/passwd",
            "gopher://127.0.0.1/x")) {
      var reply =
          post(
              API + "/webhooks",
              "{\"name\": \"w\", \"url\": \""
                  + url
                  + "\", \"events\": [{\"entity\": \"MODEL_VERSION\", \"action\": \"CREATED\"}]}");
      assertThat(reply.status()).as(url + ": " + reply.text()).isEqualTo(400);
    }
  }

  @Test
  void given_json_too_deep_too_large_or_none_at_all_then_every_call_says_so() throws IOException {
    var bodies = new LinkedHashMap<String, String>();
    bodies.put("deep", "[".repeat(100_000));
    bodies.put("deep objects", "{\"a\":".repeat(50_000));
    bodies.put("deep field", "{\"tags\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}");
    bodies.put("none", "\u0000\u0001");
    bodies.put("half", "{\"experiment_id\": \"");
    bodies.put("digits", "{\"timestamp\": " + "9".repeat(50_000) + "}");
    for (String call :
        List.of(
            API + "/runs/create",
            API + "/runs/search",
            API + "/runs/log-batch",
            API + "/experiments/create",
            API + "/registered-models/create",
            API + "/traces/search",
            "/api/2.0/mlflow/datasets/create",
            "/v1/traces",
            "/api/headrace/1.0/runs")) {
      for (var body : bodies.entrySet()) {
        var reply =
            send(
                "POST",
                call,
                "Content-Type: application/json\r\nx-mlflow-experiment-id: 0\r\n"
                    + "Authorization: Bearer "
                    + ServedWorkspace.TOKEN
                    + "\r\n",
                body.getValue().getBytes(StandardCharsets.UTF_8));
        assertThat(reply.status()).as(call + " " + body.getKey() + reply.text()).isEqualTo(400);
      }
    }
    var large = "{\"experiment_id\": \"" + "x".repeat(11 * 1024 * 1024) + "\"}";
    assertThat(post(API + "/runs/create", large).status()).isIn(0, 400);
  }

  @Test
  void given_a_file_with_a_name_full_of_tricks_then_it_comes_as_one_attachment()
      throws IOException {
    var name = "a\"; filename=x.html; é<script>.html";
    served
        .wiring()
        .tracking()
        .artifacts()
        .put(
            ArtifactPath.of(experiment + "/" + run + "/artifacts/" + name),
            new ByteArrayInputStream("<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8)));
    var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    var reply = get("/get-artifact?run_id=" + run + "&path=" + encoded);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .contains("Content-Disposition: attachment; filename=\"artifact\"; filename*=UTF-8''")
        .contains("X-Content-Type-Options: nosniff")
        .doesNotContain("text/html");
  }

  /** Values of any kind, in fields of any name. */
  private String garbage(Random random) {
    var values =
        List.of(
            "null",
            "true",
            "-1",
            "1.5",
            "9223372036854775808",
            "\"\"",
            "\"\\u0000\"",
            "[]",
            "[null]",
            "[1]",
            "{}",
            "\"'; drop table runs; --\"",
            "\"../..\"",
            "[{}]",
            "[[]]",
            "\"RUN\"",
            "\"0\"",
            "{\"key\": null}",
            "[{\"key\": 1}]",
            "\"\\ud800\"",
            "\"%\"",
            "\"`\"",
            "1e400");
    var fields = new ArrayList<String>();
    for (String field :
        List.of(
            "experiment_id",
            "experiment_ids",
            "experiment_name",
            "run_id",
            "run_ids",
            "name",
            "new_name",
            "key",
            "value",
            "version",
            "alias",
            "filter",
            "filter_string",
            "order_by",
            "max_results",
            "page_token",
            "tags",
            "params",
            "metrics",
            "models",
            "datasets",
            "trace",
            "trace_id",
            "trace_ids",
            "request_ids",
            "locations",
            "path",
            "status",
            "timestamp",
            "step",
            "metric_key",
            "source",
            "url",
            "events",
            "parts",
            "num_parts",
            "upload_id",
            "records",
            "assessment",
            "update_mask",
            "plan",
            "model_id",
            "stage",
            "view_type")) {
      if (random.nextInt(3) > 0) {
        fields.add("\"" + field + "\": " + values.get(random.nextInt(values.size())));
      }
    }
    return "{" + String.join(", ", fields).replace("RUN", run) + "}";
  }

  @Test
  void given_garbage_in_any_field_of_any_call_then_the_answer_is_never_a_fault_of_ours()
      throws IOException {
    var random = new Random(2026);
    var faults = new ArrayList<String>();
    var once = new LinkedHashMap<String, Route>();
    ServerRooms.routes().forEach(it -> once.putIfAbsent(it.text(), it));
    for (Route route : once.values()) {
      for (int i = 0; i < 6; i++) {
        var body = garbage(random);
        var target =
            route
                .path()
                .replaceAll("\\{[a-z]+}", List.of(run, "0", "%00", "x%2fy", "'", "-1").get(i))
                .replaceAll("\\{[a-z]+\\.\\.\\.}", "a/b");
        if (route.method().equals("GET")) {
          target += "?" + query(body);
        }
        var reply =
            send(
                route.method(),
                target,
                "Content-Type: application/json\r\nAuthorization: Bearer "
                    + ServedWorkspace.TOKEN
                    + "\r\n",
                route.method().equals("GET") ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
        if (reply.status() >= 500 || reply.status() == 0) {
          faults.add(route.method() + " " + target + " " + body + "\n   " + reply.text());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static String query(String json) {
    var fields = new ArrayList<String>();
    for (String pair : json.substring(1, json.length() - 1).split(", \"", -1)) {
      var parts = pair.replaceFirst("^\"", "").split("\": ", 2);
      if (parts.length == 2) {
        fields.add(
            parts[0]
                + "="
                + URLEncoder.encode(parts[1].replaceAll("^\"|\"$", ""), StandardCharsets.UTF_8));
      }
    }
    return String.join("&", fields);
  }
}
