package io.headrace.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.mlflow.ServerFixture.Reply;
import io.headrace.name.Digest;
import io.headrace.testing.OnBothDatabases;
import io.headrace.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@OnBothDatabases
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ArtifactCallsTest {
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";

  @Parameter TestDatabase database;
  @TempDir Path workspace;
  private ServerFixture server;

  @BeforeEach
  void open() {
    server = ServerFixture.open(database, workspace);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.logged).isEmpty();
  }

  private Reply put(String path, String content) {
    return server.send("PUT", PROXY + path, content);
  }

  private String content(String path) {
    Reply reply = server.send("GET", PROXY + path, "");
    assertThat(reply.status()).isEqualTo(200);
    return new String(reply.response().body(), StandardCharsets.UTF_8);
  }

  @Test
  void given_a_file_then_it_is_listed_read_replaced_and_deleted() {
    assertThat(put("/0/a/b.txt", "one").status()).isEqualTo(200);
    assertThat(put("/0/a/b.txt", "two2").status()).isEqualTo(200);
    assertThat(content("/0/a/b.txt")).isEqualTo("two2");
    assertThat(server.send("GET", PROXY + "?path=0/a", "").body())
        .hasToString("{\"files\":[{\"path\":\"b.txt\",\"is_dir\":false,\"file_size\":4}]}");
    assertThat(server.send("GET", PROXY, "").body().at("/files/0/is_dir").asBoolean()).isTrue();
    assertThat(server.send("DELETE", PROXY + "/0", "").status()).isEqualTo(200);
    assertThat(server.send("GET", PROXY + "/0/a/b.txt", "").status()).isEqualTo(404);
    assertThat(server.send("GET", PROXY + "?path=0/a", "").body()).hasToString("{\"files\":[]}");
    assertThat(server.send("DELETE", PROXY + "/0", "").status()).isEqualTo(404);
    assertThat(put("/0", "now a file").status()).isEqualTo(200);
  }

  @Test
  void given_a_download_then_a_browser_would_save_and_not_show_it() {
    put("/x.html", "<script>");
    var headers = server.send("GET", PROXY + "/x.html", "").response().headers();
    assertThat(headers.firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Content-Disposition").orElseThrow()).startsWith("attachment");
  }

  @Test
  void given_a_folder_then_it_is_no_file_and_a_file_no_folder() {
    put("/a/b", "x");
    assertThat(server.send("GET", PROXY + "/a", "").status()).isEqualTo(400);
    assertThat(put("/a", "x").status()).isEqualTo(400);
    assertThat(put("/a/b/c", "x").status()).isEqualTo(400);
    assertThat(content("/a/b")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../x",
        "/a/../../x",
        "/%2e%2e/x",
        "/%252e%252e/x",
        "/a%2f..%2fx",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/a%5cb",
        "/a%00b",
        "/a%23b",
        "/a%3fb",
        "/a;/../b",
        "/C:/x"
      })
  void given_a_path_that_leads_out_then_it_is_refused(String path) throws IOException {
    for (String method : new String[] {"GET", "PUT", "DELETE"}) {
      // A socket, since a client would tidy the path up.
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
        String head =
            "%s %s%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(method, PROXY, path, ServerFixture.TOKEN);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Some of these Jetty refuses before we see them.
        assertThat(answer)
            .startsWith("HTTP/1.1 400")
            .containsAnyOf("Invalid path", "HTTP error 400");
      }
    }
    assertThat(
            server
                .send("GET", PROXY + "?path=" + path.substring(1).replace("%", "%25"), "")
                .status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 206, 0123, bytes 0-3/10",
    "bytes=8-, 206, 89, bytes 8-9/10",
    "bytes=-2, 206, 89, bytes 8-9/10",
    "bytes=5-99, 206, 56789, bytes 5-9/10",
    "bytes=10-, 416, '*', bytes */10",
    "bytes=0-1;2-3, 200, 0123456789, ''",
    "lines=0-1, 200, 0123456789, ''",
    "bytes=3-1, 200, 0123456789, ''"
  })
  void given_a_range_then_that_part_is_sent(String range, int status, String text, String header) {
    put("/r.bin", "0123456789");
    Reply reply = server.send("GET", PROXY + "/r.bin", "", "Range", range.replace(';', ','));
    assertThat(reply.status()).isEqualTo(status);
    if (!text.equals("*")) {
      assertThat(new String(reply.response().body(), StandardCharsets.UTF_8)).isEqualTo(text);
    }
    assertThat(reply.response().headers().firstValue("Content-Range").orElse("")).isEqualTo(header);
  }

  @Test
  void given_an_upload_that_breaks_off_then_nothing_is_seen() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
      String head =
          "PUT %s/part HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: 9999\r\n\r\nbegun"
              .formatted(PROXY, ServerFixture.TOKEN);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    }
    assertThat(server.send("GET", PROXY + "/part", "").status()).isEqualTo(404);
  }

  @Test
  void given_a_large_file_then_it_goes_in_and_out_whole() throws IOException {
    byte[] bytes = new byte[20_000_000];
    new Random(1).nextBytes(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(put("/large", text).status()).isEqualTo(200);
    byte[] back = server.send("GET", PROXY + "/large", "").response().body();
    assertThat(Digest.of(Digest.sha256().digest(back)))
        .isEqualTo(
            server.objects.put(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void given_a_run_then_its_files_have_paths_from_its_root() {
    String run = server.run();
    put("/0/" + run + "/artifacts/m/x", "1");
    assertThat(server.get("/artifacts/list?path=m&run_id=" + run).body())
        .hasToString(
            "{\"root_uri\":\"mlflow-artifacts:/0/%s/artifacts\",\"files\":[{\"path\":\"m/x\",\"is_dir\":false,\"file_size\":1}]}"
                .formatted(run));
    assertThat(
            new String(
                server.send("GET", "/get-artifact?path=m/x&run_id=" + run, "").response().body(),
                StandardCharsets.UTF_8))
        .isEqualTo("1");
    assertThat(server.get("/artifacts/list?path=../..&run_id=" + run).status()).isEqualTo(400);
    assertThat(
            server
                .send(
                    "POST", "/ajax-api/2.0/mlflow/upload-artifact?path=up/y&run_uuid=" + run, "why")
                .status())
        .isEqualTo(200);
    assertThat(
            server
                .get("/artifacts/list?path=up&run_id=" + run)
                .body()
                .at("/files/0/file_size")
                .asLong())
        .isEqualTo(3);
  }

  @Test
  void given_an_experiment_kept_elsewhere_then_we_do_not_read_there() {
    String experiment =
        server
            .post("/experiments/create", "{'name':'e','artifact_location':'file:///etc'}")
            .body()
            .path("experiment_id")
            .asString();
    String run =
        server
            .post("/runs/create", "{'experiment_id':'" + experiment + "'}")
            .body()
            .at("/run/info/run_id")
            .asString();
    assertThat(server.get("/artifacts/list?run_id=" + run).status()).isEqualTo(400);
    assertThat(
            server
                .post("/experiments/create", "{'name':'f','artifact_location':'s3://b/../x#y'}")
                .status())
        .isEqualTo(400);
  }

  private Reply mpu(String what, String json) {
    return server.send("POST", "/api/2.0/mlflow-artifacts/mpu/" + what, json.replace('\'', '"'));
  }

  private String part(JsonNode created, int number, String content) {
    JsonNode credential = created.at("/credentials/" + (number - 1));
    assertThat(credential.path("part_number").asInt()).isEqualTo(number);
    assertThat(credential.at("/headers/Authorization").asString()).contains(ServerFixture.TOKEN);
    String path = java.net.URI.create(credential.path("url").asString()).getPath();
    Reply taken = server.send("PUT", path, content);
    assertThat(taken.status()).isEqualTo(200);
    return taken.response().headers().firstValue("ETag").orElseThrow().replace("\"", "\\\"");
  }

  private String parts(String id, String... tags) {
    StringBuilder json =
        new StringBuilder("{\"path\":\"/tmp/f.bin\",\"upload_id\":\"" + id + "\",\"parts\":[");
    for (int i = 0; i < tags.length; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"part_number\":" + (i + 1) + ",\"etag\":\"" + tags[i] + "\"}");
    }
    return json.append("]}").toString();
  }

  @Test
  void given_a_file_in_parts_then_it_is_seen_when_all_are_there() {
    JsonNode created = mpu("create/0/deep/er", "{'path':'/tmp/f.bin','num_parts':3}").body();
    String id = created.path("upload_id").asString();
    assertThat(created.path("credentials")).hasSize(3);
    String third = part(created, 3, "cc");
    part(created, 1, "wrong");
    String first = part(created, 1, "aa");
    assertThat(mpu("complete/0/deep/er", parts(id, first, third)).status()).isEqualTo(400);
    String second = part(created, 2, "bb");
    assertThat(mpu("complete/0/other", parts(id, first, second, third)).status()).isEqualTo(404);
    assertThat(mpu("complete/0/deep/er", parts(id, first, third, second)).status()).isEqualTo(400);
    assertThat(server.send("GET", PROXY + "/0/deep/er/f.bin", "").status()).isEqualTo(404);
    assertThat(mpu("complete/0/deep/er", parts(id, first, second, third)).status()).isEqualTo(200);
    assertThat(content("/0/deep/er/f.bin")).isEqualTo("aabbcc");
    // The client asks again when it did not hear the answer.
    assertThat(mpu("complete/0/deep/er", parts(id, first, second, third)).status()).isEqualTo(200);
    Reply presigned = server.send("GET", "/api/2.0/mlflow-artifacts/presigned/0/deep/er/f.bin", "");
    assertThat(presigned.body().path("file_size").asLong()).isEqualTo(6);
    assertThat(presigned.body().path("url").asString()).endsWith(PROXY + "/0/deep/er/f.bin");
  }

  @Test
  void given_an_upload_that_is_given_up_or_unheard_of_then_nothing_is_seen() {
    JsonNode created = mpu("create/0", "{'path':'f.bin','num_parts':1}").body();
    String id = created.path("upload_id").asString();
    String tag = part(created, 1, "a");
    assertThat(mpu("abort/0", "{'path':'f.bin','upload_id':'" + id + "'}").status()).isEqualTo(200);
    assertThat(mpu("complete/0", parts(id, tag)).status()).isEqualTo(404);
    String place = "/api/2.0/mlflow-artifacts/mpu/part/" + id;
    assertThat(server.send("PUT", place + "/1", "a").status()).isEqualTo(404);
    assertThat(server.send("PUT", place + "/x", "a").status()).isEqualTo(404);
    assertThat(mpu("create/%2e%2e/x", "{'path':'f','num_parts':1}").status()).isEqualTo(400);
    assertThat(mpu("create/x", "{'path':'a/..','num_parts':1}").status()).isEqualTo(400);
    assertThat(mpu("create/x", "{'path':'f','num_parts':0}").status()).isEqualTo(400);
    assertThat(mpu("create/x", "{'path':'f','num_parts':10001}").status()).isEqualTo(400);
  }

  @Test
  void given_a_presigned_address_is_asked_for_then_the_client_is_told_that_there_is_none() {
    String run = server.run();
    for (String what : new String[] {"upload", "download"}) {
      String call = "/artifacts/presigned-" + what + "-url";
      Reply reply = server.post(call, "{'run_id':'" + run + "','path':'a'}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.message()).contains("not supported for proxied artifact storage");
      assertThat(server.post(call, "{'path':'a'}").message()).contains("Exactly one of");
      assertThat(server.post(call, "{'run_id':'" + run + "','path':'../a'}").message())
          .startsWith("Invalid path");
    }
  }
}
