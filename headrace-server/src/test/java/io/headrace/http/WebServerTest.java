package io.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WebServerTest {
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final ServerLog log = (doing, cause) -> failures.add(doing + ": " + cause);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static HttpRequest.Builder to(WebServer server, String path) {
    return HttpRequest.newBuilder(URI.create(server.uri() + path));
  }

  @Test
  void given_nobody_connects_then_closing_is_all_that_happens() {
    WebServer server = WebServer.onLoopback(0, _ -> Answer.text(200, ""), log);
    int port = server.port();
    server.close();
    server.close();
    WebServer.onLoopback(port, _ -> Answer.text(200, ""), log).close();
    assertThat(failures).isEmpty();
  }

  @Test
  void given_a_port_in_use_then_it_says_which() {
    try (WebServer server = WebServer.onLoopback(0, _ -> Answer.text(200, ""), log)) {
      assertThatThrownBy(() -> WebServer.onLoopback(server.port(), _ -> Answer.text(200, ""), log))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("127.0.0.1:" + server.port());
    }
  }

  @Test
  void given_many_first_clients_at_once_then_all_are_answered() {
    try (WebServer server = WebServer.onLoopback(0, call -> Answer.text(200, call.query()), log)) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(
            client.sendAsync(to(server, "/?" + i).build(), HttpResponse.BodyHandlers.ofString()));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).join().body()).isEqualTo("" + i);
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void given_a_request_under_way_then_closing_waits_for_its_answer() throws Exception {
    CountDownLatch came = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    WebServer server =
        WebServer.onLoopback(
            0,
            _ -> {
              came.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return Answer.text(200, "done");
            },
            log);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(to(server, "/").build(), HttpResponse.BodyHandlers.ofString());
    came.await();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
    while (canConnect(server.port())) {
      Thread.onSpinWait();
    }
    assertThat(closed).isNotDone();
    go.countDown();
    assertThat(answer.join().body()).isEqualTo("done");
    closed.join();
    assertThat(failures).isEmpty();
  }

  private static boolean canConnect(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void given_a_handler_that_fails_then_the_client_learns_nothing_and_the_log_all()
      throws Exception {
    try (WebServer server =
        WebServer.onLoopback(
            0,
            _ -> {
              throw new IllegalStateException("a secret");
            },
            log)) {
      HttpResponse<String> answer =
          client.send(to(server, "/x").build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).doesNotContain("secret", "Exception");
      assertThat(failures).singleElement().asString().contains("GET /x", "a secret");
    }
  }

  @Test
  void given_a_client_that_breaks_off_its_upload_then_the_handler_sees_no_end() throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    try (WebServer server =
        WebServer.onLoopback(
            0,
            call -> {
              try (InputStream body = call.body()) {
                body.readAllBytes();
                ended.complete(true);
              } catch (IOException e) {
                ended.complete(false);
                throw e;
              }
              return Answer.text(200, "");
            },
            log)) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        String head = "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly this";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
      }
      assertThat(ended.join()).isFalse();
    }
  }
}
