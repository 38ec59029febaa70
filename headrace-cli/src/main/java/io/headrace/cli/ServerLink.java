package io.headrace.cli;

import io.headrace.control.ControlApi;
import io.headrace.engine.RunOptions;
import io.headrace.name.Digest;
import io.headrace.name.RunId;
import io.headrace.problem.ErrorCode;
import io.headrace.problem.Problem;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The server of this workspace, as a command asks it. */
final class ServerLink {
  private static final int PATIENCE_MS = 120_000;

  private final String uri;
  private final String token;

  private ServerLink(String uri, String token) {
    this.uri = uri;
    this.token = token;
  }

  /** The workspace's server, if one lives. */
  static Optional<ServerLink> of(Workspace workspace) throws IOException {
    return ServerPlace.find(workspace)
        .map(uri -> new ServerLink(uri, WorkspaceToken.of(workspace)));
  }

  String uri() {
    return uri;
  }

  /**
   * Hands a run over; it is in the records when this returns.
   *
   * @param plan in the store
   */
  RunId submit(Digest plan, Optional<String> name, RunOptions options) throws IOException {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("plan", plan.hex());
    name.ifPresent(it -> body.put("name", it));
    body.put("parallel", options.parallel());
    body.put("seed", options.seed());
    body.put("source", options.source());
    body.put("user", options.user());
    var steps = body.putArray("no_reuse");
    options.noReuse().forEach(steps::add);
    return new RunId(post("/runs", body).path("name").asString(""));
  }

  private JsonNode post(String path, JsonNode body) throws IOException {
    var connection =
        (HttpURLConnection) URI.create(uri + ControlApi.BASE + path).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(PATIENCE_MS);
    connection.setReadTimeout(PATIENCE_MS);
    connection.setRequestProperty("Authorization", "Bearer " + token);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try (var out = connection.getOutputStream()) {
      out.write(body.toString().getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var answer = JsonMapper.shared().readTree(in.readAllBytes());
      if (status >= 400) {
        throw refused(answer);
      }
      return answer;
    } catch (JacksonException e) {
      throw Problem.of(
              ErrorCode.INTERNAL, "the server at " + uri + " answered with status " + status)
          .asException(e);
    }
  }

  private RuntimeException refused(JsonNode answer) {
    ErrorCode code;
    try {
      code = ErrorCode.valueOf(answer.path("error_code").asString(""));
    } catch (IllegalArgumentException e) {
      code = ErrorCode.INTERNAL;
    }
    return Problem.of(
            code, "the server at " + uri + " says: " + answer.path("message").asString("?"))
        .asException();
  }
}
