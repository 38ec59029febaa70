package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.e2e.Headrace.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code headrace server}, as those who run it and those who use it see it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerTest {
  private static final Pattern URI_LINE = Pattern.compile("(?m)^  at +(http://\\S+)$");

  @TempDir Path folder;

  static Running serve(Headrace user, String... options) {
    var arguments = new String[options.length + 3];
    arguments[0] = "server";
    arguments[1] = "--port";
    arguments[2] = "0";
    System.arraycopy(options, 0, arguments, 3, options.length);
    var server = user.start(arguments);
    Await.until(() -> server.out() + server.err(), () -> URI_LINE.matcher(server.out()).find());
    return server;
  }

  static String uri(Running server) {
    var found = URI_LINE.matcher(server.out());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest.Builder to(Running server, String path) {
    return HttpRequest.newBuilder(URI.create(uri(server) + path));
  }

  @Test
  void given_a_server_then_runs_of_its_workspace_are_its_and_look_as_without_one()
      throws IOException {
    try (var user = new Headrace(folder)) {
      user.write(
          "p.yml",
          """
          type: command
          command: echo ${{inputs.n}} > ${{outputs.x}}
          inputs: {n: 5}
          environment: azureml:local
          outputs: {x: {type: uri_file}}
          """);
      var server = serve(user);
      var out = user.run("run", "p.yml").exits(0).out();
      assertThat(out)
          .contains("is worked on by the server at " + uri(server), "Completed", "1 step run");
      assertThat(user.run("run", "p.yml").exits(0).out()).contains("0 steps run, 1 reused");
      user.write("bad.yml", Files.readString(user.file("p.yml")).replace("echo", "exit 7; echo"));
      assertThat(user.run("run", "bad.yml").exits(1).out()).contains("FAILED");
      // MLflow's API shows the same.
      var found =
          send(to(server, "/api/2.0/mlflow/experiments/search?max_results=10").GET().build());
      assertThat(found.statusCode()).isEqualTo(200);
      assertThat(found.body()).contains("project");
      assertThat(user.run("server", "--port", "0").exits(2).err())
          .contains("has a server already at " + uri(server));
      server.interrupt().result();
      assertThat(user.run("run", "p.yml").exits(0).out()).doesNotContain("by the server");
    }
  }

  @Test
  void given_a_server_that_is_killed_then_the_next_one_goes_on_with_its_runs() throws IOException {
    try (var user = new Headrace(folder)) {
      user.write(
          "wait.yml",
          """
          type: command
          command: >-
            echo begun >> ${{inputs.notes}}/begun;
            while [ ! -e ${{inputs.notes}}/go ]; do sleep 0.05; done; echo end > ${{outputs.x}}
          inputs: {notes: NOTES}
          environment: azureml:local
          outputs: {x: {type: uri_file}}
          """
              .replace("NOTES", folder.toString()));
      var server = serve(user);
      user.run("job", "create", "-f", "wait.yml", "--name", "waiting").exits(0);
      Await.until(server::err, () -> Files.exists(folder.resolve("begun")));
      server.kill();
      Files.createFile(folder.resolve("go"));
      serve(user);
      Await.until(
          server::err,
          () ->
              user.json("job", "show", "-n", "waiting")
                  .path("status")
                  .asString("")
                  .equals("Completed"));
      assertThat(Files.readAllLines(folder.resolve("begun"))).hasSize(1);
    }
  }

  @Test
  void given_no_token_then_a_stranger_begins_nothing_and_the_network_is_let_in_nowhere()
      throws IOException {
    try (var user = new Headrace(folder)) {
      var server = serve(user);
      var body = HttpRequest.BodyPublishers.ofString("{}");
      var begin =
          to(server, "/api/headrace/1.0/runs")
              .header("Content-Type", "application/json")
              .POST(body);
      assertThat(send(begin.build()).statusCode()).isEqualTo(401);
      var token = Files.readString(user.state().resolve("token")).strip();
      var known = begin.header("Authorization", "Bearer " + token);
      assertThat(send(known.build()).statusCode()).isEqualTo(400);
      assertThat(send(known.POST(HttpRequest.BodyPublishers.ofString("[[[")).build()).statusCode())
          .isEqualTo(400);
      server.interrupt().result();

      var open = serve(user, "--host", "0.0.0.0");
      assertThat(send(to(open, "/health").build()).statusCode()).isEqualTo(200);
      var search = to(open, "/api/2.0/mlflow/experiments/search?max_results=1");
      assertThat(send(search.build()).statusCode()).isEqualTo(401);
      assertThat(send(search.header("Authorization", "Bearer " + token).build()).statusCode())
          .isEqualTo(200);
      assertThat(user.run("server", "--port", "70000").exits(2).err()).contains("out of range");
    }
  }
}
