package io.headrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Entrance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets, since a polite HTTP client would not send what is tested here. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GuardTest {
  private static final String TOKEN = "s3cret";

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final WebServer server =
      WebServer.onLoopback(
          0,
          new Guard(
              true,
              new RouteTable(
                  List.of(
                      Route.of("GET", "/health", Needs.nothing()),
                      Route.of("GET", "/a", Needs.entry()))),
              Entrance.ofToken(TOKEN),
              Visits.none(),
              call -> Answer.text(200, "in: " + call.path())),
          (doing, cause) -> failures.add(doing + cause));

  @AfterEach
  void close() {
    server.close();
    assertThat(failures).isEmpty();
  }

  private String ask(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      String lines = head.strip().replace("PORT", "" + server.port()).replace("\n", "\r\n");
      socket
          .getOutputStream()
          .write((lines + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST", "[::1]:PORT"})
  void given_the_token_and_a_loopback_host_then_one_is_let_in(String host) throws IOException {
    assertThat(ask("GET /a/%2e%2e/b HTTP/1.1\nHost: " + host + "\nAuthorization: Bearer s3cret"))
        .startsWith("HTTP/1.1 200")
        .endsWith("in: /a/%2e%2e/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Authorization: Bearer",
        "Authorization: Bearer s3cre",
        "Authorization: Bearer s3cret2",
        "Authorization: Bearer S3CRET",
        "Authorization: Basic s3cret",
        "Authorization: s3cret"
      })
  void given_no_token_or_another_then_only_health_is_answered(String header) throws IOException {
    String rest = " HTTP/1.1\nHost: localhost\n" + header;
    assertThat(ask("GET /a" + rest)).startsWith("HTTP/1.1 401").contains("WWW-Authenticate");
    assertThat(ask("GET /health" + rest)).startsWith("HTTP/1.1 200");
    assertThat(ask("GET /health/" + rest)).startsWith("HTTP/1.1 401");
    assertThat(ask("GET //health" + rest)).startsWith("HTTP/1.1 401");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "127.0.0.1.evil.example",
        "localhost.",
        "localhost:x",
        "localhost@evil"
      })
  void given_a_page_that_points_its_own_name_here_then_it_is_refused(String host)
      throws IOException {
    assertThat(ask("GET /health HTTP/1.1\nHost: " + host + "\nAuthorization: Bearer s3cret"))
        .matches("(?s)HTTP/1.1 40[03].*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Origin: https://localhost:PORT",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void given_a_request_from_another_site_then_it_may_change_nothing(String header)
      throws IOException {
    String rest = "HTTP/1.1\nHost: localhost:PORT\nAuthorization: Bearer s3cret\n" + header;
    for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
      assertThat(ask(method + " /a " + rest)).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void given_a_request_from_our_own_page_then_it_is_let_in() throws IOException {
    assertThat(
            ask(
                "POST /a HTTP/1.1\nHost: localhost:PORT\nAuthorization: Bearer s3cret\n"
                    + "Content-Length: 0\nOrigin: http://localhost:PORT\nSec-Fetch-Site: same-origin"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void given_what_is_no_http_then_the_answer_tells_nothing_of_us() throws IOException {
    assertThat(ask("nonsense\nHost: localhost"))
        .startsWith("HTTP/1.1 400")
        .doesNotContainIgnoringCase("jetty");
    assertThat(ask("GET /a HTTP/1.1\nHost: localhost\nX: " + "x".repeat(40_000)))
        .startsWith("HTTP/1.1 431")
        .doesNotContainIgnoringCase("jetty");
  }
}
